/* SPDX-License-Identifier: BSD-2-Clause */
/* Ways to exec that a shell has no word for. exec_kinds WAY PROGRAM [ARGUMENT...] */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <linux/filter.h>
#include <linux/seccomp.h>

extern char** environ;

static void become(char** argv) {
    execv(argv[0], argv);
    printf("errno %d\n", errno);
    exit(1);
}

static void* run_in_thread(void* argv) {
    become(argv);
    return 0;
}

static int status_of(pid_t child) {
    int status = -1;
    waitpid(child, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

/* A sandbox: from here on `number` fails with EACCES. */
static void deny(unsigned number) {
    struct sock_filter code[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 0),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, number, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EACCES),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
    };
    struct sock_fprog const program = {4, code};
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 ||
        syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &program) != 0)
        exit(2);
}

int main(int argc, char** argv) {
    if (argc < 3) return 2;
    char const* const way = argv[1];
    char** const command = argv + 2;
    if (strcmp(way, "thread") == 0) {
        pthread_t thread;
        pthread_create(&thread, 0, run_in_thread, command);
        for (;;) pause();
    }
    if (strcmp(way, "vfork") == 0) {
        pid_t const child = vfork();
        if (child == 0) {
            execv(command[0], command);
            _exit(126);
        }
        return status_of(child);
    }
    if (strcmp(way, "spawn") == 0) {
        pid_t child;
        if (posix_spawnp(&child, command[0], 0, 0, command, environ) != 0) return 127;
        return status_of(child);
    }
    if (strcmp(way, "descriptor") == 0) {
        fexecve(open(command[0], O_RDONLY | O_CLOEXEC), command, environ);
        return 1;
    }
    if (strcmp(way, "fails") == 0) { /* then a good one, from the same thread */
        char* const none[] = {"/nonexistent/program", 0};
        if (execv(none[0], none) != -1 || errno != ENOENT) return 2;
        char* const file[] = {"/etc/passwd", 0};
        if (execv(file[0], file) != -1 || errno != EACCES) return 3;
        char line[64];
        FILE* const status = fopen("/proc/self/status", "r");
        while (fgets(line, sizeof line, status))
            if (strncmp(line, "TracerPid:", 10) == 0 && atoi(line + 10) != 0) return 4;
        fclose(status);
        become(command);
    }
    if (strcmp(way, "leased") ==
        0) { /* the kernel gives up waiting for a lease's end when asked to stop */
        int const file = open(command[0], O_RDONLY | O_CLOEXEC);
        signal(SIGIO, SIG_IGN);
        if (fcntl(file, F_SETLEASE, F_WRLCK) != 0) return 2;
        pid_t const child = fork();
        if (child == 0) become(command);
        usleep(100000);
        fcntl(file, F_SETLEASE, F_UNLCK);
        return status_of(child);
    }
    if (strcmp(way, "blocked") == 0) { /* every signal blocked, some ignored and pending */
        sigset_t all;
        sigfillset(&all);
        sigprocmask(SIG_SETMASK, &all, 0);
        signal(SIGTRAP, SIG_IGN);
        raise(SIGUSR1);
        raise(SIGTRAP);
        become(command);
    }
    if (strcmp(way, "no-open") == 0) { /* no file can be opened, nor memory be written */
        deny(SYS_process_vm_writev);
        deny(SYS_openat);
        become(command);
    }
    if (strcmp(way, "no-mmap") == 0) {
        deny(SYS_mmap);
        become(command);
    }
    if (strcmp(way, "full") == 0) { /* no number is left for one descriptor more */
        while (open("/dev/null", O_RDONLY | O_CLOEXEC) >= 0) continue;
        become(command);
    }
    return 2;
}
