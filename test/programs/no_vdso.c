/* SPDX-License-Identifier: BSD-2-Clause */
/* Says where its vDSO is and whether it gets the time. */
#include <stdio.h>
#include <sys/auxv.h>
#include <time.h>

int main(void) {
    struct timespec now = {0, 0};
    int const right = clock_gettime(CLOCK_REALTIME, &now) == 0 && now.tv_sec > 1600000000;
    printf("AT_SYSINFO_EHDR=%lx time=%d\n", getauxval(AT_SYSINFO_EHDR), right);
    return 0;
}
