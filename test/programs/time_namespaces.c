/* SPDX-License-Identifier: BSD-2-Clause */
/* Two groups of processes whose monotonic and boot clocks are ahead of the system's, side by side:
 * each reads its own through the vDSO and by the system call, and everything that names an instant
 * of such a clock means the group's. `time_namespaces read NAME`: a program that a group starts. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <linux/futex.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <sys/sysinfo.h>
#include <sys/timerfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "check.h"
#include "vdso.h"

enum { new_time_namespace = 0x80 };
#define billion INT64_C(1000000000)

struct Group {
    char const* name;
    char const* offsets; /* as /proc/self/timens_offsets takes them */
    int64_t monotonic;   /* ns */
    int64_t boottime;
};

static struct Group const groups[] = {
    {"first", "monotonic 1000 0\nboottime 5000 0\n", 1000 * billion, 5000 * billion},
    {"second", "1 2000000 250000000\n7 31536000 1\n", 2000000 * billion + 250000000,
     31536000 * billion + 1},
};

static int64_t by_call(clockid_t clock) {
    struct timespec time = {0, 0};
    syscall(SYS_clock_gettime, clock, &time);
    return as_nanoseconds(time);
}

static ClockFunction vdso_clock;
static int64_t by_vdso(clockid_t clock) {
    struct timespec time = {0, 0};
    return vdso_clock(clock, &time) == 0 ? as_nanoseconds(time) : -1;
}

static int write_offsets(char const* text) {
    int const file = open("/proc/self/timens_offsets", O_WRONLY);
    if (file < 0) return errno;
    ssize_t const written = write(file, text, strlen(text));
    int const error = written == (ssize_t)strlen(text) ? 0 : written < 0 ? errno : EIO;
    close(file);
    return error;
}

static int read_offsets(char* to, size_t size) {
    int const file = open("/proc/self/timens_offsets", O_RDONLY);
    ssize_t const got = file < 0 ? -1 : read(file, to, size - 1);
    if (file >= 0) close(file);
    to[got < 0 ? 0 : got] = 0;
    return got > 0;
}

/* What a group's process found; and what its clocks said by the vDSO. */
struct Report {
    int agrees, sleeps, timer, timerfd, futex, uptime;
    int64_t monotonic, raw, coarse, boottime, realtime;
};

static int agree(clockid_t clock) {
    for (int i = 0; i < 2000; ++i) {
        int64_t const before = by_call(clock), here = by_vdso(clock), after = by_call(clock);
        if (here < before || here > after) return 0;
    }
    return 1;
}

static struct timespec instant(int64_t nanoseconds) {
    struct timespec const time = {nanoseconds / billion, nanoseconds % billion};
    return time;
}

/* Each waits for an instant 20 ms ahead: reached when it returns, and not before. */
static int sleeps_until(clockid_t clock) {
    int64_t const target = by_vdso(clock) + 20000000;
    struct timespec const at = instant(target);
    return clock_nanosleep(clock, TIMER_ABSTIME, &at, NULL) == 0 && by_vdso(clock) >= target;
}

static int timer_rings(clockid_t clock) {
    sigset_t alarm;
    timer_t timer;
    sigemptyset(&alarm);
    sigaddset(&alarm, SIGALRM);
    sigprocmask(SIG_BLOCK, &alarm, NULL);
    int64_t const target = by_vdso(clock) + 20000000;
    struct itimerspec const at = {{0, 0}, instant(target)};
    if (timer_create(clock, NULL, &timer) != 0 ||
        timer_settime(timer, TIMER_ABSTIME, &at, NULL) != 0)
        return 0;
    int const got = sigwaitinfo(&alarm, NULL);
    return got == SIGALRM && by_vdso(clock) >= target;
}

static int timerfd_rings(clockid_t clock) {
    int const file = timerfd_create(clock, 0);
    int64_t const target = by_vdso(clock) + 20000000;
    struct itimerspec const at = {{0, 0}, instant(target)};
    uint64_t count = 0;
    int const set = timerfd_settime(file, TFD_TIMER_ABSTIME, &at, NULL);
    int const got = set == 0 && read(file, &count, sizeof count) == sizeof count;
    close(file);
    return got && count == 1 && by_vdso(clock) >= target;
}

static int futex_times_out(void) {
    uint32_t word = 1;
    int64_t const target = by_vdso(CLOCK_MONOTONIC) + 20000000;
    struct timespec const at = instant(target);
    long const result = syscall(SYS_futex, &word, FUTEX_WAIT_BITSET | FUTEX_PRIVATE_FLAG, 1, &at,
                                NULL, FUTEX_BITSET_MATCH_ANY);
    return result == -1 && errno == ETIMEDOUT && by_vdso(CLOCK_MONOTONIC) >= target;
}

static int uptime_is_boottime(void) {
    char line[64] = "";
    struct sysinfo info;
    int64_t const before = by_vdso(CLOCK_BOOTTIME) / billion;
    int const file = open("/proc/uptime", O_RDONLY);
    if (file < 0 || read(file, line, sizeof line - 1) <= 0 || sysinfo(&info) != 0) return 0;
    close(file);
    int64_t const after = by_vdso(CLOCK_BOOTTIME) / billion;
    int64_t const up = atoll(line);
    int64_t const told = (int64_t)info.uptime;
    return up >= before && up <= after && told >= before && told <= after + 1;
}

static void report(int to) {
    struct Report said = {
        .agrees = agree(CLOCK_MONOTONIC) && agree(CLOCK_MONOTONIC_RAW) &&
                  agree(CLOCK_MONOTONIC_COARSE) && agree(CLOCK_BOOTTIME) && agree(CLOCK_REALTIME),
        .sleeps = sleeps_until(CLOCK_MONOTONIC) && sleeps_until(CLOCK_BOOTTIME),
        .timer = timer_rings(CLOCK_MONOTONIC) && timer_rings(CLOCK_BOOTTIME),
        .timerfd = timerfd_rings(CLOCK_MONOTONIC) && timerfd_rings(CLOCK_BOOTTIME),
        .futex = futex_times_out(),
        .uptime = uptime_is_boottime(),
        .monotonic = by_vdso(CLOCK_MONOTONIC),
        .raw = by_vdso(CLOCK_MONOTONIC_RAW),
        .coarse = by_vdso(CLOCK_MONOTONIC_COARSE),
        .boottime = by_vdso(CLOCK_BOOTTIME),
        .realtime = by_vdso(CLOCK_REALTIME),
    };
    if (write(to, &said, sizeof said) != sizeof said) _exit(1);
}

/* The founder of a group stays outside; its child is the first inside. */
static int start_group(struct Group const* group, int to, int hold) {
    pid_t const founder = fork();
    if (founder != 0) return founder > 0;
    int good = unshare(new_time_namespace) == 0 && write_offsets(group->offsets) == 0;
    if (!good) _exit(1);
    pid_t const child = fork();
    if (child == 0) {
        char byte;
        report(to);
        close(to);
        /* Here until the other group is there too. */
        good = read(hold, &byte, 1) == 0;
        char* const arguments[] = {(char*)"time_namespaces", (char*)"read", (char*)group->name,
                                   NULL};
        execv("/proc/self/exe", arguments);
        _exit(1);
    }
    int status = 1;
    int const frozen = write_offsets("monotonic 1 0\n") == EACCES;
    close(to);
    close(hold);
    waitpid(child, &status, 0);
    _exit(status == 0 && frozen ? 0 : 2);
}

static int within(int64_t value, int64_t low, int64_t high) {
    return value >= low && value <= high;
}

/* From one reading to the next many times, and each time what is between: no system call. */
static int read_clocks(char const* name) {
    struct timespec time;
    int64_t last = 0;
    for (int i = 0; i < 1000; ++i) {
        clock_gettime(CLOCK_MONOTONIC, &time);
        if (as_nanoseconds(time) < last) return 1;
        last = as_nanoseconds(time);
        clock_gettime(CLOCK_BOOTTIME, &time);
    }
    printf("%s: monotonic %lld s\n", name, (long long)(last / billion));
    return 0;
}

int main(int argc, char** argv) {
    vdso_clock = (ClockFunction)(void*)vdso_function("__kernel_clock_gettime");
    if (vdso_clock == NULL)
        vdso_clock = (ClockFunction)(void*)vdso_function("__vdso_clock_gettime");
    if (argc == 3) return read_clocks(argv[2]);
    if (!check(vdso_clock != NULL, "the vDSO has clock_gettime")) return result_of_checks();

    char shown[128];
    check(read_offsets(shown, sizeof shown) &&
              strcmp(shown, "monotonic           0         0\nboottime            0         0\n") ==
                  0,
          "the system's own group has no offsets");
    check(write_offsets("monotonic 1 0\n") == EACCES, "and gets none");

    int results[2][2], hold[2];
    int const piped = pipe(results[0]) == 0 && pipe(results[1]) == 0 && pipe(hold) == 0;
    int64_t const before[] = {by_call(CLOCK_MONOTONIC), by_call(CLOCK_BOOTTIME),
                              by_call(CLOCK_REALTIME), by_call(CLOCK_MONOTONIC_RAW),
                              by_call(CLOCK_MONOTONIC_COARSE)};
    /* A child keeps no end of `hold` open but the one that it reads. */
    fcntl(hold[1], F_SETFD, FD_CLOEXEC);
    struct Report said[2];
    memset(said, 0, sizeof said);
    int started = piped;
    for (int i = 0; i < 2; ++i) {
        pid_t const helper = fork();
        if (helper == 0) {
            close(hold[1]);
            int const ok = start_group(&groups[i], results[i][1], hold[0]);
            close(results[i][1]);
            close(hold[0]);
            int status = 1;
            wait(&status);
            _exit(ok && status == 0 ? 0 : 1);
        }
        close(results[i][1]);
        started &= helper > 0;
    }
    close(hold[0]);
    for (int i = 0; i < 2; ++i)
        started &= read(results[i][0], &said[i], sizeof said[i]) == sizeof said[i];
    check(started, "two groups of processes run side by side");
    int64_t const after[] = {by_call(CLOCK_MONOTONIC), by_call(CLOCK_BOOTTIME),
                             by_call(CLOCK_REALTIME), by_call(CLOCK_MONOTONIC_RAW),
                             by_call(CLOCK_MONOTONIC_COARSE)};
    for (int i = 0; i < 2; ++i) {
        struct Group const* const group = &groups[i];
        struct Report const* const of = &said[i];
        printf("group %s\n", group->name);
        check(of->agrees, "system call <= vDSO <= system call for each clock");
        check(within(of->monotonic - group->monotonic, before[0], after[0]),
              "CLOCK_MONOTONIC is ahead by the group's offset");
        check(within(of->raw - group->monotonic, before[3], after[3]), "so is its raw twin");
        check(within(of->coarse - group->monotonic, before[4], after[4]), "and the coarse one");
        check(within(of->boottime - group->boottime, before[1], after[1]),
              "CLOCK_BOOTTIME is ahead by its own");
        check(within(of->realtime, before[2], after[2]), "CLOCK_REALTIME is the system's");
        check(of->sleeps, "clock_nanosleep waits for an instant of the group's clock");
        check(of->timer, "a timer rings at one");
        check(of->timerfd, "a timerfd too");
        check(of->futex, "a futex times out at one");
        check(of->uptime, "/proc/uptime and sysinfo are the group's boot time");
    }
    close(hold[1]);
    int good = 1;
    for (int i = 0; i < 2; ++i) {
        int status = 1;
        wait(&status);
        good &= status == 0;
    }
    check(good, "a program started in a group has its clocks, and its offsets are frozen");

    pid_t const child = fork();
    if (child == 0) {
        check(unshare(new_time_namespace) == 0, "a group is made");
        check(write_offsets("monotonic -100000000 0\n") == ERANGE,
              "a clock that would be negative is refused");
        check(write_offsets("monotonic 1 1000000000\n") == EINVAL, "so are too many nanoseconds");
        check(write_offsets("realtime 1 0\n") == EINVAL, "and a clock that has no offset");
        check(write_offsets("monotonic 77 5\n") == 0, "an offset is taken");
        check(read_offsets(shown, sizeof shown) &&
                  strcmp(shown,
                         "monotonic          77         5\nboottime            0         0\n") == 0,
              "and shown");
        check(within(by_vdso(CLOCK_MONOTONIC), before[0], before[0] + 70 * billion),
              "whoever made the group stays outside");
        _exit(result_of_checks());
    }
    int status = 1;
    waitpid(child, &status, 0);
    check(status == 0, "what is written to timens_offsets is checked");
    return result_of_checks();
}
