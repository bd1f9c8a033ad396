/* SPDX-License-Identifier: BSD-2-Clause */
/* A hostile program on our vDSO: every way that it knows to write what others read, and to find what
   is not its own. It names what worked. */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

static int broken = 0;
static void refused(int worked, char const* what) {
    if (worked) printf("%s\n", what), broken = 1;
}

/* The shared map of ours: its range, as /proc/self/maps writes it. */
static char range[64];
static unsigned char* find_page(void) {
    FILE* const maps = fopen("/proc/self/maps", "r");
    char line[512];
    while (maps && fgets(line, sizeof line, maps))
        if (strstr(line, "memfd:vdsokit-vdso") && strstr(line, "r--s")) {
            sscanf(line, "%63s", range);
            fclose(maps);
            return (unsigned char*)strtoul(range, 0, 16);
        }
    return 0;
}

/* Descriptors of the file of ours, got in any way. */
static void attack_descriptor(int file, char const* how) {
    if (file < 0) return;
    char byte = 'x';
    char text[128];
    snprintf(text, sizeof text, "written by %s", how);
    refused(write(file, &byte, 1) == 1 || pwrite(file, &byte, 1, 0) == 1, text);
    refused(ftruncate(file, 0) == 0 || fallocate(file, 3, 0, 4096) == 0, text);
    refused(mmap(0, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0) != MAP_FAILED, text);
    refused(fcntl(file, F_ADD_SEALS, F_SEAL_WRITE) == 0, "sealed by a program");
    void* const shared = mmap(0, 4096, PROT_READ, MAP_SHARED, file, 0);
    refused(shared != MAP_FAILED && mprotect(shared, 4096, PROT_READ | PROT_WRITE) == 0, text);
    close(file);
}

int main(void) {
    unsigned char* const page = find_page();
    if (!page) return puts("there is no page of ours"), 2;
    unsigned char before[4096];
    memcpy(before, page, sizeof before);
    unsigned char bytes[64];
    memset(bytes, 0xee, sizeof bytes);

    refused(mprotect(page, 4096, PROT_READ | PROT_WRITE) == 0, "mprotect");
    refused(mprotect(page, 4096, PROT_READ | PROT_EXEC) == 0 &&
                mprotect(page, 4096, PROT_READ | PROT_WRITE | PROT_EXEC) == 0,
            "mprotect, executable");
    struct iovec here = {bytes, sizeof bytes};
    struct iovec there = {page, sizeof bytes};
    refused(process_vm_writev(getpid(), &here, 1, &there, 1, 0) > 0, "process_vm_writev");
    int const memory = open("/proc/self/mem", O_RDWR);
    refused(memory >= 0 && pwrite(memory, bytes, 64, (off_t)page) > 0, "/proc/self/mem");
    int const zero = open("/dev/zero", O_RDONLY);
    refused(read(zero, page, 64) > 0, "read() into it");
    refused(syscall(SYS_madvise, page, 4096, 9 /* MADV_REMOVE */) == 0, "MADV_REMOVE");

    char path[128];
    snprintf(path, sizeof path, "/proc/self/map_files/%s", range);
    attack_descriptor(open(path, O_RDWR), "map_files, O_RDWR");
    attack_descriptor(open(path, O_RDONLY), "map_files, O_RDONLY");

    /* Nothing of the supervisor's is open here. */
    DIR* const open_files = opendir("/proc/self/fd");
    for (struct dirent* entry; open_files && (entry = readdir(open_files));) {
        char target[256];
        ssize_t const length =
            readlinkat(dirfd(open_files), entry->d_name, target, sizeof target - 1);
        if (length <= 0) continue;
        target[length] = 0;
        refused(strstr(target, "memfd") || strstr(target, "seccomp") || strstr(target, "socket"),
                target);
    }
    /* A forged mark of a batch, with a cookie that was guessed. */
    refused(syscall(SYS_execve, 0, 0x1234, 0) != -1, "a guessed cookie");

    struct timespec now;
    refused(clock_gettime(CLOCK_REALTIME, &now) != 0, "the clock does not work");
    /* A copy of the code's page is this process's own. */
    unsigned char* const code = (unsigned char*)getauxval(AT_SYSINFO_EHDR);
    if (memory >= 0) {
        unsigned char const was = code[4095];
        unsigned char const other = (unsigned char)(was ^ 0xff);
        (void)!pwrite(memory, &other, 1, (off_t)(code + 4095));
    }
    refused(memcmp(before, page, 16) != 0, "the page has changed");
    if (!broken) puts("all refused");
    return broken;
}
