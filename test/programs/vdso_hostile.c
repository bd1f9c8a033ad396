/* SPDX-License-Identifier: BSD-2-Clause */
/* A process that attacks the vDSO's pages dies by SIGSEGV, and another one still reads the right
 * time; what it may not execute is SIGILL. */
#define _GNU_SOURCE
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "check.h"
#include "vdso.h"

static char *code, *time_page;

static void write_code(void) { *(volatile char*)code = 0; }
static void write_time(void) { *(volatile long*)time_page = 0; }
static void execute_time(void) { ((void (*)(void))(uintptr_t)time_page)(); }
static void write_mult(void) { memset(time_page, 0xff, 4096); }

static void read_timer_control(void) { __asm__ volatile("mrs x0, cntv_ctl_el0" : : : "x0"); }
static void write_timer(void) { __asm__ volatile("msr cntv_cval_el0, xzr"); }
static void write_physical_timer(void) { __asm__ volatile("msr cntp_tval_el0, xzr"); }
static void write_counter_access(void) { __asm__ volatile("msr cntkctl_el1, xzr"); }
static void write_translation(void) { __asm__ volatile("msr ttbr0_el1, xzr"); }
static void mask_interrupts(void) { __asm__ volatile("msr daifset, #15"); }
static void wait_in_hypervisor(void) { __asm__ volatile("hvc #0"); }
static void return_from_exception(void) { __asm__ volatile("eret"); }

/* How a child that does this ends: the signal, or -status. */
static int ends_by(void (*attack)(void)) {
    pid_t const child = fork();
    if (child == 0) {
        attack();
        _exit(0);
    }
    int status = 0;
    waitpid(child, &status, 0);
    return WIFSIGNALED(status) ? WTERMSIG(status) : -WEXITSTATUS(status);
}

/* The library still answers from the page, between two system calls. */
static int time_is_right(void) {
    ClockFunction const ask = (ClockFunction)(void*)vdso_function("__kernel_clock_gettime");
    for (int turn = 0; turn < 100; ++turn) {
        struct timespec before, now, after;
        syscall(SYS_clock_gettime, CLOCK_MONOTONIC, &before);
        if (ask(CLOCK_MONOTONIC, &now) != 0) return 0;
        syscall(SYS_clock_gettime, CLOCK_MONOTONIC, &after);
        if (as_nanoseconds(before) > as_nanoseconds(now) ||
            as_nanoseconds(now) > as_nanoseconds(after))
            return 0;
    }
    return 1;
}

/* Linux's own answers: a time page never becomes writable or executable. */
static void change_access(void) {
    check(mprotect(time_page, 4096, PROT_READ | PROT_WRITE) == -1 && errno == EACCES,
          "the time page cannot be made writable");
    check(mprotect(time_page, 4096, PROT_READ | PROT_EXEC) == -1 && errno == EACCES,
          "nor executable");
    check(mprotect(code, 4096, PROT_READ | PROT_WRITE | PROT_EXEC) == -1,
          "the code cannot be made writable and executable");
    check(ends_by(write_code) == SIGSEGV && time_is_right(), "after that it is as before");
}

int main(void) {
    uintptr_t end = 0;
    char access[5] = "";
    code = (char*)mapped_at("[vdso]", &end, access);
    check(code != NULL && code == vdso_base() && end - (uintptr_t)code == 4096,
          "[vdso] is one page, where AT_SYSINFO_EHDR says");
    check(strcmp(access, "r-xp") == 0, "it is mapped read-execute");
    time_page = (char*)mapped_at("[vvar]", &end, access);
    check(time_page != NULL && end - (uintptr_t)time_page == 4096, "[vvar] is one page");
    check(strcmp(access, "r--p") == 0, "it is mapped read-only");
    check(time_is_right(), "the time is right");

    struct {
        void (*attack)(void);
        int signal;
        char const* sentence;
    } const attacks[] = {
        {write_code, SIGSEGV, "a write to the code page is SIGSEGV"},
        {write_time, SIGSEGV, "a write to the time page is SIGSEGV"},
        {write_mult, SIGSEGV, "so is one that would fill it"},
        {execute_time, SIGSEGV, "execution of the time page is SIGSEGV"},
        {read_timer_control, SIGILL, "reading a timer's control is SIGILL"},
        {write_timer, SIGILL, "writing the virtual timer is SIGILL"},
        {write_physical_timer, SIGILL, "writing the physical timer is SIGILL"},
        {write_counter_access, SIGILL, "writing CNTKCTL_EL1 is SIGILL"},
        {write_translation, SIGILL, "writing TTBR0_EL1 is SIGILL"},
        {mask_interrupts, SIGILL, "masking interrupts is SIGILL"},
        {wait_in_hypervisor, SIGILL, "hvc is SIGILL"},
        {return_from_exception, SIGILL, "eret is SIGILL"},
    };
    for (unsigned i = 0; i < sizeof(attacks) / sizeof(attacks[0]); ++i)
        check(ends_by(attacks[i].attack) == attacks[i].signal, attacks[i].sentence);
    check(time_is_right(), "after all that the time is still right");
    change_access();
    return result_of_checks();
}
