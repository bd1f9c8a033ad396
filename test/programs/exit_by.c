/* SPDX-License-Identifier: BSD-2-Clause */
/* exit_by status N | signal N: ends as it is told. */
#include <signal.h>
#include <stdlib.h>
#include <string.h>

int main(int argc, char** argv) {
    if (argc != 3) return 2;
    int const number = atoi(argv[2]);
    if (strcmp(argv[1], "signal") == 0) raise(number);
    return number;
}
