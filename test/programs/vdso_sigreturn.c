/* SPDX-License-Identifier: BSD-2-Clause */
/* A handler that was set without a restorer, as glibc sets it on aarch64, returns through the
 * vDSO's __kernel_rt_sigreturn. */
#define _GNU_SOURCE
#include <signal.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "check.h"
#include "vdso.h"

/* As the kernel takes it, not as libc does. */
struct KernelAction {
    void (*handler)(int, siginfo_t*, void*);
    unsigned long flags;
    void (*restorer)(void);
    unsigned long mask;
};

static void* volatile returns_to;
static volatile int handled, value;

static void handler(int signal, siginfo_t* info, void* context) {
    (void)context;
    handled = signal;
    value = info->si_value.sival_int;
    returns_to = __builtin_return_address(0);
}

/* What stands in memory where the file has `svc #0`: another instruction on a host whose kernel
 * takes its own calls by that. */
__asm__(".text\n.balign 4\nown_call: svc #0");
extern unsigned const own_call;

int main(void) {
    char* const trampoline = vdso_function("__kernel_rt_sigreturn");
    if (!check(trampoline != NULL, "the vDSO has __kernel_rt_sigreturn")) return result_of_checks();
    unsigned const wanted[2] = {0xd2801168, own_call};
    check(memcmp(trampoline, wanted, sizeof wanted) == 0,
          "it is mov x8, #139 and this host's system call, for unwinders");

    struct KernelAction const action = {handler, SA_SIGINFO, NULL, 0};
    check(syscall(SYS_rt_sigaction, SIGUSR1, &action, NULL, 8) == 0, "no restorer is given");
    for (int turn = 1; turn <= 3; ++turn) {
        union sigval const sent = {.sival_int = turn};
        handled = 0;
        sigqueue(getpid(), SIGUSR1, sent);
        if (!check(handled == SIGUSR1 && value == turn, "the handler ran, and the program went on"))
            break;
    }
    check(returns_to == trampoline, "the handler's return address is the vDSO's");
    return result_of_checks();
}
