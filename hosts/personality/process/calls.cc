// SPDX-License-Identifier: BSD-2-Clause
#include "hosts/personality/process/calls.h"

#include "hosts/personality/process/adjust.h"
#include "hosts/personality/process/alternate_stack.h"
#include "hosts/personality/process/clock.h"
#include "hosts/personality/process/clone.h"
#include "hosts/personality/process/control.h"
#include "hosts/personality/process/futex.h"
#include "hosts/personality/process/identity.h"
#include "hosts/personality/process/scheduling.h"
#include "hosts/personality/process/signal_calls.h"
#include "hosts/personality/process/sleep.h"
#include "hosts/personality/process/time_offsets.h"
#include "hosts/personality/process/timers.h"
#include "hosts/personality/process/usage.h"
#include "hosts/personality/process/wait.h"

namespace vdsokit::personality {

constinit SystemCallRow const process_calls[] = {
    {90, "capget", capget_call},
    {92, "personality", personality_call},
    {93, "exit", exit_call},
    {94, "exit_group", exit_group_call},
    {95, "waitid", waitid_call},
    {96, "set_tid_address", set_tid_address_call},
    {97, "unshare", unshare_call},
    {98, "futex", futex_call},
    {99, "set_robust_list", set_robust_list_call},
    {100, "get_robust_list", get_robust_list_call},
    {101, "nanosleep", nanosleep_call, OnSignal::fail},
    {102, "getitimer", getitimer_call},
    {103, "setitimer", setitimer_call},
    {107, "timer_create", timer_create_call},
    {108, "timer_gettime", timer_gettime_call},
    {109, "timer_getoverrun", timer_getoverrun_call},
    {110, "timer_settime", timer_settime_call},
    {111, "timer_delete", timer_delete_call},
    {112, "clock_settime", clock_settime_call},
    {113, "clock_gettime", clock_gettime_call},
    {114, "clock_getres", clock_getres_call},
    {115, "clock_nanosleep", clock_nanosleep_call, OnSignal::fail},
    {118, "sched_setparam", sched_setparam_call},
    {119, "sched_setscheduler", sched_setscheduler_call},
    {120, "sched_getscheduler", sched_getscheduler_call},
    {121, "sched_getparam", sched_getparam_call},
    {122, "sched_setaffinity", sched_setaffinity_call},
    {123, "sched_getaffinity", sched_getaffinity_call},
    {124, "sched_yield", sched_yield_call},
    {125, "sched_get_priority_max", sched_get_priority_max_call},
    {126, "sched_get_priority_min", sched_get_priority_min_call},
    {127, "sched_rr_get_interval", sched_rr_get_interval_call},
    {129, "kill", kill_call},
    {130, "tkill", tkill_call},
    {131, "tgkill", tgkill_call},
    {132, "sigaltstack", alternate_stack_call},
    {133, "rt_sigsuspend", sigsuspend_call, OnSignal::fail},
    {134, "rt_sigaction", sigaction_call},
    {135, "rt_sigprocmask", sigprocmask_call},
    {136, "rt_sigpending", sigpending_call},
    {137, "rt_sigtimedwait", sigtimedwait_call, OnSignal::fail},
    {138, "rt_sigqueueinfo", sigqueueinfo_call},
    {139, "rt_sigreturn", sigreturn_call},
    {140, "setpriority", setpriority_call},
    {141, "getpriority", getpriority_call},
    {143, "setregid", set_id_call},
    {144, "setgid", set_id_call},
    {145, "setreuid", set_id_call},
    {146, "setuid", set_id_call},
    {147, "setresuid", set_id_call},
    {148, "getresuid", three_zero_ids_call},
    {149, "setresgid", set_id_call},
    {150, "getresgid", three_zero_ids_call},
    {151, "setfsuid", zero_id_call},
    {152, "setfsgid", zero_id_call},
    {153, "times", times_call},
    {154, "setpgid", setpgid_call},
    {155, "getpgid", getpgid_call},
    {156, "getsid", getsid_call},
    {157, "setsid", setsid_call},
    {158, "getgroups", getgroups_call},
    {159, "setgroups", setgroups_call},
    {160, "uname", uname_call},
    {163, "getrlimit", getrlimit_call},
    {164, "setrlimit", setrlimit_call},
    {165, "getrusage", getrusage_call},
    {167, "prctl", prctl_call},
    {168, "getcpu", getcpu_call},
    {169, "gettimeofday", gettimeofday_call},
    {170, "settimeofday", settimeofday_call},
    {171, "adjtimex", adjtimex_call},
    {172, "getpid", getpid_call},
    {173, "getppid", getppid_call},
    {174, "getuid", zero_id_call},
    {175, "geteuid", zero_id_call},
    {176, "getgid", zero_id_call},
    {177, "getegid", zero_id_call},
    {178, "gettid", gettid_call},
    {179, "sysinfo", sysinfo_call},
    {220, "clone", clone_call, OnSignal::wait_on},
    {240, "rt_tgsigqueueinfo", tgsigqueueinfo_call},
    {260, "wait4", wait4_call},
    {261, "prlimit64", prlimit_call},
    {266, "clock_adjtime", clock_adjtime_call},
    {278, "getrandom", getrandom_call},
    {283, "membarrier", membarrier_call},
    {435, "clone3", clone3_call, OnSignal::wait_on},
};
constinit u64 const process_call_count = sizeof(process_calls) / sizeof(process_calls[0]);

}  // namespace vdsokit::personality
