/* Descriptors, /dev, /proc and the read-only root. */
/* SPDX-License-Identifier: BSD-2-Clause */
#define _GNU_SOURCE
#include <dirent.h>
#include <elf.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <sys/auxv.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/wait.h>
#include <unistd.h>

#include "check.h"

static int fails(long result, int error) { return result == -1 && errno == error; }

static char text[65536];

/* The whole of a file, as a string. */
static ssize_t load(char const* name) {
    int const file = open(name, O_RDONLY);
    ssize_t total = 0;
    for (ssize_t part;
         file >= 0 && (part = read(file, text + total, sizeof(text) - 1 - (size_t)total)) > 0;)
        total += part;
    close(file);
    text[total] = 0;
    return file < 0 ? -1 : total;
}

static void descriptors(void) {
    int const file = open("/dev/null", O_RDWR | O_CLOEXEC);
    check(fcntl(file, F_GETFD) == FD_CLOEXEC && fcntl(file, F_SETFD, 0) == 0 &&
              fcntl(file, F_GETFD) == 0,
          "F_SETFD");
    check((fcntl(file, F_GETFL) & (O_ACCMODE | O_CLOEXEC)) == O_RDWR, "F_GETFL");
    int const high = fcntl(file, F_DUPFD, 100);
    check(high == 100 && fcntl(file, F_DUPFD_CLOEXEC, 100) == 101 &&
              fcntl(101, F_GETFD) == FD_CLOEXEC,
          "F_DUPFD from a number up");
    check(dup3(file, 101, 0) == 101 && fcntl(101, F_GETFD) == 0, "dup3 replaces");
    check(fails(dup3(file, file, 0), EINVAL) && dup2(file, file) == file,
          "onto itself: EINVAL, but dup2");
    check(fails(dup2(77, 5), EBADF) && fails(dup2(file, -1), EBADF), "of what is not open: EBADF");
    check(fails(fcntl(file, 9999), EINVAL) && fails(fcntl(77, F_GETFD), EBADF), "fcntl's errors");
    check(syscall(SYS_close_range, 100, ~0u, 0) == 0 && fails(fcntl(100, F_GETFD), EBADF),
          "close_range");
    check(fails(syscall(SYS_close_range, 5, 4, 0), EINVAL),
          "of a range that ends before it begins: EINVAL");
    struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
    check(fcntl(file, F_SETLK, &lock) == 0, "a lock is granted");
    close(file);
    check(fails(close(file), EBADF), "close, once: EBADF");
    struct rlimit limit;
    getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = 700;
    check(setrlimit(RLIMIT_NOFILE, &limit) == 0, "RLIMIT_NOFILE is lowered");
    int count = 0, last = -1;
    for (int next; count < 5000 && (next = open("/dev/null", O_RDONLY)) >= 0; ++count) last = next;
    check(errno == EMFILE && (rlim_t)last == limit.rlim_cur - 1,
          "as many as RLIMIT_NOFILE says: EMFILE");
    syscall(SYS_close_range, 3, ~0u, 0);
    int const kept = open("/dev/null", O_RDONLY);
    int const closed = open("/dev/null", O_RDONLY | O_CLOEXEC);
    char script[64];
    snprintf(script, sizeof(script), "%d %d", kept, closed);
    pid_t const child = fork();
    if (child == 0) {
        execl("/proc/self/exe", "files_system", "inherit", script, NULL);
        _exit(99);
    }
    int status = -1;
    waitpid(child, &status, 0);
    check(status == 0, "exec keeps one and closes the other");
    close(kept), close(closed);
}

static void devices(void) {
    struct stat status;
    check(stat("/dev/null", &status) == 0 && S_ISCHR(status.st_mode) &&
              status.st_rdev == makedev(1, 3),
          "/dev/null's number");
    int const null = open("/dev/null", O_RDWR);
    check(read(null, text, 10) == 0 && write(null, text, 10) == 10, "reads nothing, takes all");
    check(fails(ioctl(null, TIOCGWINSZ, text), ENOTTY) && !isatty(null), "is no terminal: ENOTTY");
    int const zero = open("/dev/zero", O_RDONLY);
    memset(text, 'x', 10000);
    check(read(zero, text, 10000) == 10000 && text[0] == 0 && text[9999] == 0, "/dev/zero");
    int const full = open("/dev/full", O_RDWR);
    check(fails(write(full, "x", 1), ENOSPC), "/dev/full: ENOSPC");
    char one[32], two[32];
    int const source = open("/dev/urandom", O_RDONLY);
    check(read(source, one, 32) == 32 && read(source, two, 32) == 32 && memcmp(one, two, 32) != 0,
          "/dev/urandom differs from itself");
    check(lstat("/dev/stdin", &status) == 0 && S_ISLNK(status.st_mode), "/dev/stdin is a link");
    close(null), close(zero), close(full), close(source);
}

static void about_itself(void) {
    char expected[64], path[PATH_MAX] = "";
    snprintf(expected, sizeof(expected), "%d", getpid());
    check(readlink("/proc/self", path, sizeof(path)) == (ssize_t)strlen(expected) &&
              strcmp(path, expected) == 0,
          "/proc/self");
    memset(path, 0, sizeof(path));
    check(readlink("/proc/self/exe", path, sizeof(path)) > 0 && access(path, X_OK) == 0, "exe");
    int const program = open("/proc/self/exe", O_RDONLY);
    check(read(program, text, 4) == 4 && memcmp(text, ELFMAG, 4) == 0, "which can be read");
    close(program);
    ssize_t const size = load("/proc/self/auxv");
    unsigned long const* const words = (unsigned long const*)text;
    int found = 0, ended = 0;
    for (ssize_t at = 0; at + 1 < size / (ssize_t)sizeof(long); at += 2) {
        found += words[at] == AT_SYSINFO_EHDR && words[at + 1] == getauxval(AT_SYSINFO_EHDR);
        found += words[at] == AT_PHDR && words[at + 1] == getauxval(AT_PHDR);
        ended = words[at] == AT_NULL;
    }
    check(found >= 1 && ended, "auxv is the program's own");
    load("/proc/self/maps");
    check(strstr(text, "[stack]") && strstr(text, "r-xp"), "maps has the stack and the code");
    check(strstr(text, "rwx") == NULL, "and nothing writable and executable");
    if (getauxval(AT_SYSINFO_EHDR) != 0) {
        char line[32];
        snprintf(line, sizeof(line), "%lx-", getauxval(AT_SYSINFO_EHDR));
        char const* const vdso = strstr(text, line);
        check(vdso && strstr(vdso, "r-xp") && strstr(vdso, "[vdso]") && strstr(text, "[vvar]"),
              "and the vDSO where the auxiliary vector says, with its page");
    }
    check(load("/proc/self/cmdline") > 0 && strstr(text, "files_system"), "cmdline");
    check(load("/proc/self/comm") > 0 && strncmp(text, "files_system", 12) == 0, "comm");
    int id = 0, parent = 0;
    char state = 0;
    check(load("/proc/self/stat") > 0 &&
              sscanf(text, "%d (%*[^)]) %c %d", &id, &state, &parent) == 3 && id == getpid() &&
              state == 'R' && parent == getppid(),
          "stat");
    check(load("/proc/self/status") > 0 && strstr(text, "Pid:") && strstr(text, "VmSize:"),
          "status");
    chdir("/tmp");
    memset(path, 0, sizeof(path));
    check(readlink("/proc/self/cwd", path, sizeof(path)) == 4 && strcmp(path, "/tmp") == 0, "cwd");
    int const file = open("/tmp/via", O_CREAT | O_RDWR | O_TRUNC, 0600);
    write(file, "seen", 4);
    snprintf(path, sizeof(path), "/proc/self/fd/%d", file);
    check(load(path) == 4 && strcmp(text, "seen") == 0, "fd leads to the open file");
    unlink("/tmp/via");
    check(load(path) == 4, "also when it has been removed");
    memset(path + 64, 0, 64);
    readlink(path, path + 64, 64);
    check(strcmp(path + 64, "/tmp/via (deleted)") == 0, "and says so");
    close(file);
    int listed = 0;
    DIR* const open_files = opendir("/proc/self/fd");
    for (struct dirent* entry; (entry = readdir(open_files));) listed += entry->d_name[0] != '.';
    closedir(open_files);
    check(listed == 4, "fd lists 0, 1, 2 and the listing itself");
    check(fails(open("/proc/self/fd/77", O_RDONLY), ENOENT), "what is not open: ENOENT");
    check(fails(open("/proc/999999", O_RDONLY), ENOENT), "no such process: ENOENT");
}

static void about_all(void) {
    double up = 0;
    check(load("/proc/uptime") > 0 && sscanf(text, "%lf", &up) == 1 && up > 0, "uptime");
    long total = 0;
    check(
        load("/proc/meminfo") > 0 && sscanf(text, "MemTotal: %ld kB", &total) == 1 && total > 1000,
        "meminfo");
    check(load("/proc/mounts") > 0 && strstr(text, " /proc proc "), "mounts");
    check(load("/proc/cpuinfo") > 0 && strstr(text, "processor"), "cpuinfo");
    check(load("/proc/stat") > 0 && strncmp(text, "cpu ", 4) == 0 && strstr(text, "btime"), "stat");
}

/* The guest's root alone; a Linux machine's is not asked. */
static void read_only_root(void) {
    if (access("/.boot", F_OK) != 0) return;
    check(fails(open("/new", O_CREAT | O_WRONLY, 0644), EROFS), "a new file in /: EROFS");
    check(fails(open("/bin/busybox", O_WRONLY), EROFS) || errno == ENOENT,
          "a file for writing: EROFS");
    check(fails(mkdir("/dir", 0755), EROFS) && fails(unlink("/vdso.so"), EROFS),
          "mkdir and unlink: EROFS");
    check(fails(rename("/vdso.so", "/other"), EROFS) && fails(chmod("/bin", 0700), EROFS),
          "rename and chmod: EROFS");
    check(fails(symlink("x", "/link"), EROFS) && fails(access("/bin", W_OK), EROFS),
          "symlink, W_OK: EROFS");
    check(mkdir("/bin", 0755) == -1 && errno == EEXIST, "what is there is there: EEXIST");
    check(fails(rmdir("/tmp"), EROFS) || errno == EBUSY, "a mounted directory stays");
}

int main(int count, char** arguments) {
    if (count == 3) {
        int kept = -1, closed = -1;
        sscanf(arguments[2], "%d %d", &kept, &closed);
        return fcntl(kept, F_GETFD) >= 0 && fcntl(closed, F_GETFD) == -1 ? 0 : 1;
    }
    descriptors();
    devices();
    about_itself();
    about_all();
    read_only_root();
    return result_of_checks();
}
