/* SPDX-License-Identifier: BSD-2-Clause */
/* Finds the vDSO of the running process and its functions, as a C library does, so that a program
 * can call them whichever way its own library goes. */
#ifndef TEST_PROGRAMS_VDSO_H
#define TEST_PROGRAMS_VDSO_H

#include <elf.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/time.h>
#include <time.h>

typedef int (*ClockFunction)(clockid_t, struct timespec*);
typedef int (*DayFunction)(struct timeval*, struct timezone*);

/* NULL without a vDSO. */
static inline char* vdso_base(void) { return (char*)(uintptr_t)getauxval(AT_SYSINFO_EHDR); }

/* The address of an exported function, or NULL. */
static inline char* vdso_function(char const* name) {
    char* const base = vdso_base();
    if (base == NULL) return NULL;
    Elf64_Ehdr const* const header = (Elf64_Ehdr const*)(void*)base;
    Elf64_Phdr const* const segments = (Elf64_Phdr const*)(void*)(base + header->e_phoff);
    Elf64_Dyn const* entry = NULL;
    for (int i = 0; i < header->e_phnum; ++i)
        if (segments[i].p_type == PT_DYNAMIC)
            entry = (Elf64_Dyn const*)(void*)(base + segments[i].p_offset);
    if (entry == NULL) return NULL;
    Elf64_Sym const* symbols = NULL;
    char const* strings = NULL;
    uint32_t const* hash = NULL;
    for (; entry->d_tag != DT_NULL; ++entry) {
        if (entry->d_tag == DT_SYMTAB)
            symbols = (Elf64_Sym const*)(void*)(base + entry->d_un.d_ptr);
        if (entry->d_tag == DT_STRTAB) strings = base + entry->d_un.d_ptr;
        if (entry->d_tag == DT_HASH) hash = (uint32_t const*)(void*)(base + entry->d_un.d_ptr);
    }
    if (symbols == NULL || strings == NULL || hash == NULL) return NULL;
    for (uint32_t i = 0; i < hash[1]; ++i)
        if (symbols[i].st_shndx != SHN_UNDEF && strcmp(strings + symbols[i].st_name, name) == 0)
            return base + symbols[i].st_value;
    return NULL;
}

/* Where [vdso] or [vvar] lies by /proc/self/maps; 0 if it is not there. `access` gets "r-xp". */
static inline uintptr_t mapped_at(char const* name, uintptr_t* end, char access[5]) {
    FILE* const maps = fopen("/proc/self/maps", "r");
    char line[512];
    uintptr_t found = 0;
    while (maps != NULL && fgets(line, sizeof line, maps) != NULL) {
        unsigned long first, last;
        if (strstr(line, name) != NULL && sscanf(line, "%lx-%lx %4s", &first, &last, access) == 3) {
            found = first;
            *end = last;
        }
    }
    if (maps != NULL) fclose(maps);
    return found;
}

static inline int64_t as_nanoseconds(struct timespec time) {
    return (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
}

#endif
