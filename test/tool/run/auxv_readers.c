/* SPDX-License-Identifier: BSD-2-Clause */
/* Everybody who tells where the vDSO is must name the same place, and what else the kernel keeps
   about this process must be as an exec leaves it. Called with the arguments "one two". */
#define _GNU_SOURCE
#include <elf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/prctl.h>
#include <unistd.h>

extern char** environ;

#ifndef PR_GET_AUXV
#define PR_GET_AUXV 0x41555856 /* since Linux 6.4 */
#endif

static unsigned long find(Elf64_auxv_t const* entry, unsigned long type) {
    for (; entry->a_type != AT_NULL; ++entry)
        if (entry->a_type == type) return entry->a_un.a_val;
    return 0;
}

static unsigned char buffer[65536];

static size_t read_file(char const* path) {
    FILE* const file = fopen(path, "rb");
    memset(buffer, 0, sizeof buffer);
    size_t const length = file ? fread(buffer, 1, sizeof buffer - 16, file) : 0;
    if (file) fclose(file);
    return length;
}

int main(int argc, char** argv) {
    unsigned long const base = getauxval(AT_SYSINFO_EHDR);
    if (read_file("/proc/self/auxv") == 0 || find((void*)buffer, AT_SYSINFO_EHDR) != base)
        return puts("/proc/self/auxv differs"), 1;
    for (unsigned long type = 1; type < 64; ++type)
        if (type != AT_HWCAP && type != AT_HWCAP2 && /* a libc has its own */
            find((void*)buffer, type) != getauxval(type))
            return printf("entry %lu\n", type), 1;
    memset(buffer, 0, sizeof buffer);
    if (prctl(PR_GET_AUXV, buffer, sizeof buffer, 0, 0) > 0 &&
        find((void*)buffer, AT_SYSINFO_EHDR) != base)
        return puts("PR_GET_AUXV differs"), 1;
    if (memcmp((void*)base, ELFMAG, SELFMAG) != 0) return puts("no image there"), 1;
    void* const at = sbrk(0);
    if (sbrk(1 << 20) != at || memset(at, 1, 1 << 20) != at) return puts("no brk"), 1;
    size_t const length = read_file("/proc/self/cmdline");
    size_t wanted = 0;
    for (int i = 0; i < argc; ++i) {
        if (strcmp((char*)buffer + wanted, argv[i]) != 0) return puts("cmdline differs"), 1;
        wanted += strlen(argv[i]) + 1;
    }
    if (length != wanted || argc != 3) return puts("cmdline's length differs"), 1;
    read_file("/proc/self/environ");
    if (environ[0] == NULL || strcmp((char*)buffer, environ[0]) != 0)
        return puts("environ differs"), 1;
    puts("all agree; brk works; argv and environ are in place");
    return 0;
}
