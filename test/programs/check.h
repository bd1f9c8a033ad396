/* SPDX-License-Identifier: BSD-2-Clause */
/* For programs that check themselves: a line per check, and an exit status that says whether all of
 * them held. The same programs pass on Linux. */
#ifndef TEST_PROGRAMS_CHECK_H
#define TEST_PROGRAMS_CHECK_H

#include <errno.h>
#include <stdio.h>
#include <string.h>

static int failed_checks;

static inline int check(int holds, char const* sentence) {
    int const error = errno;
    if (holds)
        printf("ok: %s\n", sentence);
    else
        printf("FAILED: %s (errno %d, %s)\n", sentence, error, strerror(error));
    if (!holds) failed_checks += 1;
    fflush(stdout);
    errno = error;
    return holds;
}

/* What main returns. */
static inline int result_of_checks(void) {
    printf("%s\n", failed_checks == 0 ? "all checks hold" : "some checks FAILED");
    return failed_checks == 0 ? 0 : 1;
}

#endif
