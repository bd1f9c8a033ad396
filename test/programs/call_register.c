/* SPDX-License-Identifier: BSD-2-Clause */
/* Linux takes a system call's number from x8, seL4 its own from x7: whatever stands in x7, with
 * whatever small number in x0, each call is Linux's. And so is one in code that came to be in any
 * way: written, mapped from a file, forked, changed and run again. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "check.h"

enum { page = 4096 };

/* getpid with x7 and x0 as given; both come back as a call leaves them. */
static long call_with(long x7, long x0, long* x7_after) {
    register long in7 __asm__("x7") = x7;
    register long in0 __asm__("x0") = x0;
    register long number __asm__("x8") = SYS_getpid;
    __asm__ volatile("svc #0" : "+r"(in0), "+r"(in7) : "r"(number) : "memory");
    *x7_after = in7;
    return in0;
}

static int every_number_is_only_a_number(void) {
    static long const far[] = {0x7fffffffffffffff, (long)0x8000000000000000,
                               0x123456789abcdef0, 1l << 22,
                               1l << 32,           -(1l << 32)};
    long const self = getpid();
    long after;
    for (long x7 = -64; x7 <= 64; ++x7) {
        for (long x0 = 0; x0 < 64; ++x0)
            if (call_with(x7, x0, &after) != self || after != x7) return 0;
    }
    for (unsigned i = 0; i < sizeof far / sizeof far[0]; ++i) {
        for (long x7 = -16; x7 < 1; ++x7)
            if (call_with(x7, far[i], &after) != self || call_with(far[i], x7, &after) != self)
                return 0;
    }
    return 1;
}

/* `mov x8, #172; svc #0; ret`, with another immediate of svc if asked for. */
static uint32_t const get_pid[] = {0xd2801588, 0xd4000001, 0xd65f03c0};
static uint32_t const get_pid_other_svc[] = {0xd2801588, 0xd4024681, 0xd65f03c0};
/* `mov x0, #42; ret` */
static uint32_t const get_42[] = {0xd2800540, 0xd65f03c0};

static long run(void* code) {
    __builtin___clear_cache((char*)code, (char*)code + 64);
    return ((long (*)(void))code)();
}

static void* fresh_page(void) {
    return mmap(NULL, page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
}

static int written_code_calls(uint32_t const* words, size_t size) {
    char* const code = fresh_page();
    memcpy(code, words, size);
    if (mprotect(code, page, PROT_READ | PROT_EXEC) != 0 || run(code) != getpid()) return 0;
    /* Changed, and run again. */
    if (mprotect(code, page, PROT_READ | PROT_WRITE) != 0) return 0;
    memcpy(code, get_42, sizeof get_42);
    if (mprotect(code, page, PROT_READ | PROT_EXEC) != 0 || run(code) != 42) return 0;
    if (mprotect(code, page, PROT_READ | PROT_WRITE) != 0) return 0;
    memcpy(code, words, size);
    return mprotect(code, page, PROT_READ | PROT_EXEC) == 0 && run(code) == getpid();
}

static int code_of_a_file_calls_and_the_file_stays(void) {
    char name[] = "/tmp/code-XXXXXX";
    int const file = mkstemp(name);
    if (file < 0 || write(file, get_pid, sizeof get_pid) != sizeof get_pid) return 0;
    if (ftruncate(file, page) != 0) return 0;
    uint32_t* const data = mmap(NULL, page, PROT_READ, MAP_PRIVATE, file, 0);
    void* const code = mmap(NULL, page, PROT_READ | PROT_EXEC, MAP_PRIVATE, file, 0);
    if (data == MAP_FAILED || code == MAP_FAILED || run(code) != getpid()) return 0;
    uint32_t again[3];
    int const stays = memcmp(data, get_pid, sizeof get_pid) == 0 &&
                      pread(file, again, sizeof again, 0) == sizeof again &&
                      memcmp(again, get_pid, sizeof again) == 0;
    close(file);
    unlink(name);
    return stays;
}

static int a_forks_code_calls_in_both(void) {
    char* const code = fresh_page();
    memcpy(code, get_pid, sizeof get_pid);
    pid_t const child = fork();
    if (child == 0) {
        int const works = mprotect(code, page, PROT_READ | PROT_EXEC) == 0 && run(code) == getpid();
        _exit(works ? 7 : 1);
    }
    int status = 0;
    waitpid(child, &status, 0);
    /* Here it is data, as it was written. */
    return WIFEXITED(status) && WEXITSTATUS(status) == 7 &&
           memcmp(code, get_pid, sizeof get_pid) == 0 &&
           mprotect(code, page, PROT_READ | PROT_EXEC) == 0 && run(code) == getpid();
}

static int data_is_not_executed(void) {
    char* const code = fresh_page();
    memcpy(code, get_pid, sizeof get_pid);
    pid_t const child = fork();
    if (child == 0) {
        run(code);
        _exit(0);
    }
    int status = 0;
    waitpid(child, &status, 0);
    return WIFSIGNALED(status) && WTERMSIG(status) == SIGSEGV;
}

int main(void) {
    check(every_number_is_only_a_number(), "whatever x7 and x0 hold, a system call is Linux's");
    check(written_code_calls(get_pid, sizeof get_pid),
          "code that a program writes makes system calls, again and again");
    check(written_code_calls(get_pid_other_svc, sizeof get_pid_other_svc),
          "svc with another immediate is the same call");
    check(code_of_a_file_calls_and_the_file_stays(),
          "code mapped from a file makes system calls, and the file is as it was");
    check(a_forks_code_calls_in_both(), "code that a fork shares makes system calls in both");
    check(data_is_not_executed(), "a jump into data ends the process alone");
    return result_of_checks();
}
