/* SPDX-License-Identifier: BSD-2-Clause */
/* The arm vDSO on a real counter: every function, by its own address, agrees with the system call
 * of its width; and libc uses it. */
#define _GNU_SOURCE
#include <elf.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/auxv.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#include "../check.h"

struct Time32 {
    int32_t seconds, nanoseconds;
};
struct Time64 {
    int64_t seconds;
    int32_t nanoseconds, padding;
};
typedef int (*Function)(uint32_t, void*);

/* As libc's own lookup does it, without the versions. */
static void* find(char const* name) {
    uintptr_t const base = getauxval(AT_SYSINFO_EHDR);
    if (base == 0) return NULL;
    Elf32_Ehdr const* const header = (void const*)base;
    Elf32_Phdr const* const segments = (void const*)(base + header->e_phoff);
    Elf32_Dyn const* dynamic = NULL;
    for (unsigned i = 0; i < header->e_phnum; ++i)
        if (segments[i].p_type == PT_DYNAMIC) dynamic = (void const*)(base + segments[i].p_offset);
    Elf32_Sym const* symbols = NULL;
    char const* strings = NULL;
    uint32_t const* hash = NULL;
    for (; dynamic != NULL && dynamic->d_tag != DT_NULL; ++dynamic) {
        void const* const at = (void const*)(base + dynamic->d_un.d_ptr);
        if (dynamic->d_tag == DT_SYMTAB) symbols = at;
        if (dynamic->d_tag == DT_STRTAB) strings = at;
        if (dynamic->d_tag == DT_HASH) hash = at;
    }
    for (uint32_t i = 0; hash != NULL && i < hash[1]; ++i)
        if (strcmp(strings + symbols[i].st_name, name) == 0)
            return (void*)(base + symbols[i].st_value);
    return NULL;
}

/* By number, for a libc has only the wider ones. */
enum {
    gettimeofday32 = 78,
    clock_gettime32 = 263,
    clock_getres32 = 264,
    clock_gettime64 = 403,
    clock_getres64 = 406
};

static int64_t in_order32(struct Time32 a) { return a.seconds * 1000000000LL + a.nanoseconds; }
static int64_t in_order64(struct Time64 a) { return a.seconds * 1000000000LL + a.nanoseconds; }

static uint32_t const clocks[] = {CLOCK_REALTIME,
                                  CLOCK_MONOTONIC,
                                  CLOCK_MONOTONIC_RAW,
                                  CLOCK_REALTIME_COARSE,
                                  CLOCK_MONOTONIC_COARSE,
                                  CLOCK_BOOTTIME,
                                  CLOCK_TAI};

/* syscall <= vDSO <= syscall, again and again. */
static void same_time(Function narrow, Function wide) {
    int wrong = 0, failed = 0;
    for (unsigned clock = 0; clock < sizeof(clocks) / sizeof(clocks[0]); ++clock) {
        for (int turn = 0; turn < 2000; ++turn) {
            struct Time32 a, b, c;
            failed |= (int)syscall(clock_gettime32, clocks[clock], &a);
            failed |= narrow(clocks[clock], &b);
            failed |= (int)syscall(clock_gettime32, clocks[clock], &c);
            wrong += in_order32(a) > in_order32(b) || in_order32(b) > in_order32(c);
            struct Time64 d, e, f;
            e.padding = 0;
            failed |= (int)syscall(clock_gettime64, clocks[clock], &d);
            failed |= wide(clocks[clock], &e);
            failed |= (int)syscall(clock_gettime64, clocks[clock], &f);
            wrong += in_order64(d) > in_order64(e) || in_order64(e) > in_order64(f);
        }
    }
    check(failed == 0, "no call fails");
    check(wrong == 0, "each clock is between two system calls, in both widths");
}

static void other_clocks(Function narrow, Function wide) {
    struct Time64 wide_time;
    struct Time32 narrow_time;
    check(wide(CLOCK_PROCESS_CPUTIME_ID, &wide_time) == 0 &&
              narrow(CLOCK_THREAD_CPUTIME_ID, &narrow_time) == 0,
          "CPU time is answered, by the system call");
    check(wide(99, &wide_time) == -EINVAL && narrow(99, &narrow_time) == -EINVAL,
          "a clock that is none is EINVAL");
}

static void resolutions(Function narrow, Function wide) {
    int same = 1;
    for (unsigned clock = 0; clock < sizeof(clocks) / sizeof(clocks[0]); ++clock) {
        struct Time32 a, b;
        struct Time64 c, d;
        same &= syscall(clock_getres32, clocks[clock], &a) == 0 && narrow(clocks[clock], &b) == 0 &&
                in_order32(a) == in_order32(b);
        same &= syscall(clock_getres64, clocks[clock], &c) == 0 && wide(clocks[clock], &d) == 0 &&
                in_order64(c) == in_order64(d) && in_order32(b) == in_order64(d);
    }
    check(same, "resolutions are the system call's, in both widths");
    check(narrow(CLOCK_MONOTONIC, NULL) == 0 && wide(CLOCK_MONOTONIC, NULL) == 0, "also to nobody");
}

int main(void) {
    check(getauxval(AT_SYSINFO_EHDR) != 0, "there is one");
    Function const narrow = (Function)find("__vdso_clock_gettime");
    Function const wide = (Function)find("__vdso_clock_gettime64");
    Function const narrow_resolution = (Function)find("__vdso_clock_getres");
    Function const wide_resolution = (Function)find("__vdso_clock_getres_time64");
    int (*const time_of_day)(struct Time32*, void*) =
        (int (*)(struct Time32*, void*))find("__vdso_gettimeofday");
    if (!check(narrow && wide && narrow_resolution && wide_resolution && time_of_day,
               "it has all five functions"))
        return result_of_checks();
    same_time(narrow, wide);
    other_clocks(narrow, wide);
    resolutions(narrow_resolution, wide_resolution);
    struct Time32 a, b, c;
    int ordered = syscall(gettimeofday32, &a, NULL) == 0 && time_of_day(&b, NULL) == 0 &&
                  syscall(gettimeofday32, &c, NULL) == 0;
    ordered &= a.seconds * 1000000LL + a.nanoseconds <= b.seconds * 1000000LL + b.nanoseconds &&
               b.seconds * 1000000LL + b.nanoseconds <= c.seconds * 1000000LL + c.nanoseconds;
    check(ordered, "gettimeofday too");
    /* The clock is set while the page is mapped: both widths follow at once. */
    struct timespec const set = {2000000000, 5};
    struct Time32 narrow_time;
    struct Time64 wide_time;
    check(clock_settime(CLOCK_REALTIME, &set) == 0 && narrow(CLOCK_REALTIME, &narrow_time) == 0 &&
              wide(CLOCK_REALTIME, &wide_time) == 0 && narrow_time.seconds == 2000000000 &&
              wide_time.seconds == 2000000000,
          "a clock that is set is told at once");
    struct timespec const beyond = {5000000000, 0};
    check(clock_settime(CLOCK_REALTIME, &beyond) == 0 && wide(CLOCK_REALTIME, &wide_time) == 0 &&
              wide_time.seconds == 5000000000,
          "also beyond 2038, in 64 bits");
    return result_of_checks();
}
