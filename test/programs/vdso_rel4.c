/* SPDX-License-Identifier: BSD-2-Clause */
/* In the rel4 mode: the image is at rel4-linux-kit's fixed address, no page is published, and a
 * static musl program still gets its monotonic time without a system call. */
#include <sys/auxv.h>
#include <unistd.h>

#include "check.h"
#include "vdso.h"

static uint64_t physical_count(void) {
    uint64_t count;
    __asm__ volatile("isb\n\tmrs %0, cntpct_el0" : "=r"(count) : : "memory");
    return count;
}

static int64_t counted_nanoseconds(void) {
    uint64_t frequency;
    __asm__ volatile("mrs %0, cntfrq_el0" : "=r"(frequency));
    return (int64_t)((unsigned __int128)physical_count() * 1000000000 / frequency);
}

int main(void) {
    check(vdso_base() == (char*)0x400000000, "AT_SYSINFO_EHDR is 0x4_0000_0000");
    check(getauxval(AT_PHDR) == 0 && getauxval(AT_RANDOM) == 0,
          "that kit gives no AT_PHDR, no AT_RANDOM");
    int right = 1;
    int64_t last = 0;
    for (int turn = 0; turn < 10000; ++turn) {
        struct timespec now = {0, 0};
        int64_t const before = counted_nanoseconds();
        if (clock_gettime(CLOCK_MONOTONIC, &now) != 0) right = 0;
        int64_t const after = counted_nanoseconds();
        /* One more or less: both sides round down. */
        if (as_nanoseconds(now) < before - 1 || as_nanoseconds(now) > after + 1) right = 0;
        if (as_nanoseconds(now) < last) right = 0;
        last = as_nanoseconds(now);
    }
    check(right, "CLOCK_MONOTONIC is CNTPCT_EL0 by CNTFRQ_EL0, and never goes back");
    return result_of_checks();
}
