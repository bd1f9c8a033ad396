/* SPDX-License-Identifier: BSD-2-Clause */
/* The year that the wall clock says, and no more. */
#include <stdio.h>
#include <time.h>
int main(void) {
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    printf("%d\n", gmtime(&now.tv_sec)->tm_year + 1900);
    return 0;
}
