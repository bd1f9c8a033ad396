// SPDX-License-Identifier: BSD-2-Clause
// A process whose child is always on its way into a program: exec_window runs|fails. The child says
// "go" and executes `sleep`, or, again and again, a program that is not there. Signals have their
// default actions in both.
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

int main(int argc, char** argv) {
    int const runs = argc > 1 && strcmp(argv[1], "runs") == 0;
    signal(SIGINT, SIG_DFL);
    signal(SIGTSTP, SIG_DFL);
    pid_t const child = fork();
    if (child == 0) {
        if (write(1, "go\n", 3) != 3) return 1;
        do execl(runs ? "/bin/sleep" : "/no/such/program", "sleep", "100", (char*)0);
        while (!runs);
        return 1;
    }
    while (waitpid(child, 0, 0) != child) continue;
    return 0;
}
