/* SPDX-License-Identifier: BSD-2-Clause */
/* The vDSO's pages: nobody can write them, or execute the time page, by whatever call; who tries
 * harms himself alone. And no page anywhere is writable and executable (Linux would allow that). */
#define _GNU_SOURCE
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/auxv.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "check.h"

enum { page = 4096 };
static int const data = PROT_READ | PROT_WRITE;
static int const code = PROT_READ | PROT_EXEC;
static int const fresh = MAP_PRIVATE | MAP_ANONYMOUS;

static char *vdso, *vvar;

static int fails_with(int error, int result) { return result == -1 && errno == error; }
static int is_refused(int error, void* at) { return at == MAP_FAILED && errno == error; }

/* The wait status of a child that does this. */
static int child_status(void (*body)(void)) {
    pid_t const child = fork();
    if (child == 0) {
        body();
        _exit(0);
    }
    int status = -1;
    waitpid(child, &status, 0);
    return status;
}

static int64_t to_ns(struct timespec time) {
    return (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
}
static int64_t by_library(void) {
    struct timespec now;
    return clock_gettime(CLOCK_MONOTONIC, &now) == 0 ? to_ns(now) : -1;
}
static int64_t by_system_call(void) {
    struct timespec now;
    return syscall(SYS_clock_gettime, CLOCK_MONOTONIC, &now) == 0 ? to_ns(now) : -1;
}
static int time_is_right(void) {
    int64_t const before = by_system_call();
    int64_t const now = by_library();
    return before <= now && now <= by_system_call();
}

/* True if /proc/self/maps has a line with this name at this address and with these rights. */
static int is_listed(char const* name, char const* start, char const* rights) {
    static char line[512];
    int found = 0;
    FILE* const maps = fopen("/proc/self/maps", "r");
    while (maps != NULL && fgets(line, sizeof(line), maps) != NULL) {
        unsigned long from = 0;
        char what[8] = "";
        if (strstr(line, name) == NULL) continue;
        if (sscanf(line, "%lx-%*x %7s", &from, what) != 2) continue;
        found += from == (uintptr_t)start && strcmp(what, rights) == 0;
    }
    if (maps != NULL) fclose(maps);
    return found == 1;
}

static void write_code(void) { *(volatile char*)vdso = 0; }
static void write_time(void) { *(volatile char*)vvar = 0; }
static void run_time(void) { ((void (*)(void))(uintptr_t)vvar)(); }
static void system_call_writes_time(void) {
    long const result = syscall(SYS_clock_gettime, CLOCK_MONOTONIC, vvar);
    _exit(result == -1 && errno == EFAULT ? 21 : 22);
}
static void file_writes_code(void) {
    int const zero = open("/dev/zero", 0);
    ssize_t const result = read(zero, vdso, 16);
    _exit(result == -1 && errno == EFAULT ? 23 : 24);
}

static void lose_time_page(void) {
    if (munmap(vvar, page) != 0) _exit(31);
    by_library();
}
static void put_own_page_in_its_place(void) {
    if (mmap(vvar, page, data, fresh | MAP_FIXED, -1, 0) != vvar) _exit(32);
    /* A page that is no time page sends the reader to the system call. */
    _exit(time_is_right() ? 33 : 34);
}
static void put_forged_page_in_its_place(void) {
    char* const forged = mmap(NULL, page, data, fresh, -1, 0);
    memcpy(forged, vvar, page);
    for (int i = 64; i < page; ++i) forged[i] = (char)0xff;
    if (mremap(forged, page, page, MREMAP_MAYMOVE | MREMAP_FIXED, vvar) != vvar) _exit(35);
    by_library();
    _exit(36);
}
static void move_both(void) {
    char* const place = mmap(NULL, 2 * page, PROT_NONE, fresh, -1, 0);
    char const before = *vdso;
    if (mremap(vdso, page, page, MREMAP_MAYMOVE | MREMAP_FIXED, place) != place) _exit(37);
    if (mremap(vvar, page, page, MREMAP_MAYMOVE | MREMAP_FIXED, place + page) != place + page)
        _exit(38);
    if (mprotect(place, page, data) != -1 || mprotect(place + page, page, data) != -1) _exit(39);
    _exit(*place == before ? 40 : 41);
}
static void change_and_fork(void) { _exit(child_status(write_time) == SIGSEGV ? 42 : 43); }

static void check_pages(void) {
    check(is_listed("[vdso]", vdso, "r-xp"), "/proc/self/maps lists [vdso], read and execute");
    check(is_listed("[vvar]", vvar, "r--p"), "and [vvar] behind it, read");
    check(child_status(write_code) == SIGSEGV, "who writes the code dies");
    check(child_status(write_time) == SIGSEGV, "who writes the time dies");
    check(child_status(run_time) == SIGSEGV, "who executes the time dies");
    check(child_status(change_and_fork) == 42 << 8, "a child's child too");
    check(child_status(system_call_writes_time) == 21 << 8, "no system call writes there: EFAULT");
    check(child_status(file_writes_code) == 23 << 8, "no file is read there: EFAULT");
    check(time_is_right(), "and the time is right for others");
}

static void check_calls(void) {
    check(fails_with(EACCES, mprotect(vdso, page, data)), "the code cannot be made writable");
    check(fails_with(EACCES, mprotect(vvar, page, data)), "nor the time page");
    check(fails_with(EACCES, mprotect(vvar, page, code)), "which cannot be made executable");
    check(fails_with(EACCES, mprotect(vvar, page, data | PROT_EXEC)), "or both");
    check(fails_with(EACCES, mprotect(vdso, 2 * page, data)), "nor both pages at once");
    check(mprotect(vvar, page, PROT_NONE) == 0 && mprotect(vvar, page, PROT_READ) == 0,
          "hidden and shown again it is as before");
    check(is_refused(EFAULT, mremap(vdso, page, 2 * page, MREMAP_MAYMOVE)), "they do not grow");
    check(is_refused(EFAULT, mremap(vdso, 2 * page, 2 * page, MREMAP_MAYMOVE)), "nor move as one");
    check(fails_with(EINVAL, madvise(vvar, page, MADV_DONTNEED)), "nor are they forgotten");
    check(child_status(lose_time_page) == SIGSEGV, "who unmaps the time page has none");
    check(child_status(put_own_page_in_its_place) == 33 << 8, "a page of zeros is no time page");
    check(child_status(put_forged_page_in_its_place) == 36 << 8,
          "a forged one misleads its forger alone");
    check(child_status(move_both) == 40 << 8, "moved they are what they were, rights included");
    check(is_listed("[vdso]", vdso, "r-xp") && is_listed("[vvar]", vvar, "r--p") && time_is_right(),
          "and none of this is seen here");
}

typedef int (*function)(void);
/* movz w0, #value; ret */
static void write_function(uint32_t* at, uint32_t value) {
    at[0] = 0x52800000u | value << 5;
    at[1] = 0xd65f03c0u;
}

static void check_write_or_execute(void) {
    int const both = data | PROT_EXEC;
    check(is_refused(EACCES, mmap(NULL, page, both, fresh, -1, 0)), "mmap of both: EACCES");
    check(is_refused(EACCES, mmap(NULL, page, PROT_WRITE | PROT_EXEC, fresh, -1, 0)),
          "without the read bit too");
    char* const at = mmap(NULL, page, data, fresh, -1, 0);
    check(fails_with(EACCES, mprotect(at, page, both)), "mprotect to both: EACCES");
    int right = 1;
    for (uint32_t round = 0; round < 100; ++round) {
        right = right && mprotect(at, page, data) == 0;
        write_function((uint32_t*)(void*)at, round);
        right = right && mprotect(at, page, code) == 0;
        right = right && ((function)(uintptr_t)at)() == (int)round;
    }
    check(right, "code written, made executable and run, a hundred times over");
    pid_t const child = fork();
    if (child == 0) {
        if (mprotect(at, page, data) != 0) _exit(1);
        write_function((uint32_t*)(void*)at, 7);
        if (mprotect(at, page, code) != 0) _exit(2);
        _exit(((function)(uintptr_t)at)() == 7 ? 44 : 3);
    }
    int status = 0;
    waitpid(child, &status, 0);
    check(status == 44 << 8 && ((function)(uintptr_t)at)() == 99, "a child's code is its own");
    munmap(at, page);
}

int main(void) {
    vdso = (char*)getauxval(AT_SYSINFO_EHDR);
    if (!check(vdso != NULL && memcmp(vdso, "\177ELF", 4) == 0, "AT_SYSINFO_EHDR is an image"))
        return result_of_checks();
    vvar = vdso + page;
    check_pages();
    check_calls();
    check_write_or_execute();
    return result_of_checks();
}
