/* SPDX-License-Identifier: BSD-2-Clause */
/* What cannot be executed gives its errno to the caller, who goes on as before. Each case changes a
 * few bytes of this very program. */
#define _GNU_SOURCE
#include <elf.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "check.h"

static char original[1 << 20], changed[1 << 20];
static size_t original_size, changed_size;

static Elf64_Ehdr* header(void) { return (Elf64_Ehdr*)(void*)changed; }
static Elf64_Phdr* segment(int at) {
    return (Elf64_Phdr*)(void*)(changed + header()->e_phoff) + at;
}
/* The nth segment of a type. */
static Elf64_Phdr* find(unsigned type, int nth) {
    for (int at = 0; at < header()->e_phnum; ++at)
        if (segment(at)->p_type == type && nth-- == 0) return segment(at);
    abort();
}

static void nothing(void) {}
static void not_elf(void) { changed[0] = 'X'; }
static void empty(void) { changed_size = 0; }
static void only_magic(void) { changed_size = 4; }
static void cut_in_header(void) { changed_size = 40; }
static void cut_in_segments(void) { changed_size = 64 + 20; }
static void cut_in_code(void) { changed_size = 4096; }
static void other_machine(void) { header()->e_machine = EM_X86_64; }
static void big_endian(void) { header()->e_ident[EI_DATA] = ELFDATA2MSB; }
static void object_file(void) { header()->e_type = ET_REL; }
static void no_segments(void) { header()->e_phnum = 0; }
static void many_segments(void) { header()->e_phnum = 0xffff; }
static void segments_elsewhere(void) { header()->e_phoff = ~0ull - 10; }
static void wraps_in_memory(void) { find(PT_LOAD, 0)->p_memsz = ~0ull - 4096; }
static void wraps_in_file(void) { find(PT_LOAD, 0)->p_offset = ~0ull - 4095; }
static void wraps_around(void) { find(PT_LOAD, 1)->p_vaddr = ~0ull - 8191; }
static void past_the_file(void) {
    find(PT_LOAD, 0)->p_filesz += 1 << 24;
    find(PT_LOAD, 0)->p_memsz += 1 << 24;
}
static void more_file_than_memory(void) { find(PT_LOAD, 1)->p_memsz = 1; }
static void in_kernel_half(void) { find(PT_LOAD, 1)->p_vaddr |= 0xffff000000000000ull; }
static void overlap(void) {
    find(PT_LOAD, 1)->p_offset = find(PT_LOAD, 0)->p_offset;
    find(PT_LOAD, 1)->p_vaddr = find(PT_LOAD, 0)->p_vaddr;
}
static void over_the_stack(void) {
    Elf64_Phdr* const load = find(PT_LOAD, 1);
    load->p_memsz = 0x0000ffffffffffffull - load->p_vaddr - 4096;
}
static void writable_code(void) { find(PT_LOAD, 0)->p_flags = PF_R | PF_W | PF_X; }

/* Turns a segment that a static program does not need into the name of an interpreter. */
static void name_interpreter(char const* name, size_t size) {
    Elf64_Phdr* const at = find(PT_GNU_STACK, 0);
    memcpy(changed + changed_size, name, size);
    *at = (Elf64_Phdr){.p_type = PT_INTERP,
                       .p_flags = PF_R,
                       .p_offset = changed_size,
                       .p_filesz = size,
                       .p_memsz = size,
                       .p_align = 1};
    changed_size += size;
}
static void missing_interpreter(void) { name_interpreter("/lib/ld-none.so.1", 18); }
static void unterminated_interpreter(void) { name_interpreter("/lib/ld-none.so.1", 17); }
static void empty_interpreter(void) { name_interpreter("", 1); }
static void interpreter_is_a_folder(void) { name_interpreter("/tmp", 5); }
static void interpreter_is_no_program(void) { name_interpreter("/.boot/envp", 12); }

static void read_original(void) {
    int const file = open("/proc/self/exe", O_RDONLY);
    ssize_t const size = read(file, original, sizeof original);
    original_size = size < 0 ? 0 : (size_t)size;
    close(file);
}

/* What execve of the changed program gives; it returns only if it fails. */
static int refusal(void (*change)(void)) {
    memcpy(changed, original, original_size);
    changed_size = original_size;
    change();
    unlink("/tmp/changed");
    int const file = open("/tmp/changed", O_WRONLY | O_CREAT | O_TRUNC, 0755);
    if (file < 0 || write(file, changed, changed_size) != (ssize_t)changed_size) return -1;
    close(file);
    char* const arguments[] = {"/tmp/changed", "ran", NULL};
    execve("/tmp/changed", arguments, arguments + 2);
    return errno;
}

static int refusal_of(char const* path) {
    char* const arguments[] = {"program", NULL};
    execve(path, arguments, arguments + 1);
    return errno;
}

/* Strings of a total size, `count` of them. */
static int refusal_of_size(size_t total, size_t count) {
    char** const arguments = calloc(count + 2, sizeof *arguments);
    char* const text = malloc(total / count + 1);
    memset(text, 'x', total / count);
    text[total / count] = 0;
    arguments[0] = "program";
    for (size_t at = 0; at < count; ++at) arguments[1 + at] = text;
    execve("/proc/self/exe", arguments, arguments + count + 1);
    int const error = errno;
    free(text);
    free(arguments);
    return error;
}

static void check_changes(void) {
    struct {
        void (*change)(void);
        int error;
        char const* sentence;
    } const cases[] = {
        {not_elf, ENOEXEC, "no ELF magic"},
        {empty, ENOEXEC, "an empty file"},
        {only_magic, ENOEXEC, "the magic alone"},
        {cut_in_header, ENOEXEC, "cut inside the ELF header"},
        {cut_in_segments, ENOEXEC, "cut inside the program headers"},
        {cut_in_code, ENOEXEC, "cut inside the code"},
        {other_machine, ENOEXEC, "another machine"},
        {big_endian, ENOEXEC, "the other byte order"},
        {object_file, ENOEXEC, "an object file"},
        {no_segments, ENOEXEC, "no segments"},
        {many_segments, ENOEXEC, "more segments than the file holds"},
        {segments_elsewhere, ENOEXEC, "program headers past the end, whose offset wraps"},
        {wraps_in_memory, ENOEXEC, "a segment whose end in memory wraps"},
        {wraps_in_file, ENOEXEC, "a segment whose end in the file wraps"},
        {wraps_around, ENOEXEC, "a segment at the top of all addresses"},
        {past_the_file, ENOEXEC, "a segment that ends past the file"},
        {more_file_than_memory, ENOEXEC, "a segment larger in the file than in memory"},
        {in_kernel_half, ENOEXEC, "a segment at the kernel's addresses"},
        {overlap, ENOEXEC, "two segments at one address"},
        {over_the_stack, ENOEXEC, "a segment that reaches over the stack"},
        {writable_code, ENOEXEC, "a segment that is writable and executable"},
        {missing_interpreter, ENOENT, "an interpreter that is not there"},
        {unterminated_interpreter, ENOEXEC, "an interpreter's name without an end"},
        {empty_interpreter, ENOEXEC, "an interpreter without a name"},
        {interpreter_is_a_folder, EACCES, "an interpreter that is a folder"},
        {interpreter_is_no_program, EACCES, "an interpreter that is not executable"},
    };
    for (unsigned at = 0; at < sizeof(cases) / sizeof(cases[0]); ++at) {
        int const error = refusal(cases[at].change);
        if (error != cases[at].error) printf("errno %d, not %d: ", error, cases[at].error);
        check(error == cases[at].error, cases[at].sentence);
    }
}

static void check_calls(void) {
    check(refusal_of("/no/such/program") == ENOENT, "no such path is ENOENT");
    check(refusal_of("/tmp") == EACCES, "a folder is EACCES");
    check(refusal_of("/.boot/envp") == EACCES, "a file without the right to execute is EACCES");
    check(refusal_of("/bin/sh/program") == ENOTDIR, "a file as a folder is ENOTDIR");
    check(refusal_of((char*)16) == EFAULT, "a bad path pointer is EFAULT");
    char* const bad[] = {(char*)16, NULL};
    check(execve("/proc/self/exe", bad, bad + 1) == -1 && errno == EFAULT,
          "a bad argument is EFAULT");
    char** volatile nowhere = (char**)16; /* volatile: the compiler may not know */
    check(execve("/proc/self/exe", nowhere, bad + 1) == -1 && errno == EFAULT,
          "a bad array of arguments is EFAULT");
    check(refusal_of_size(8 << 20, 100) == E2BIG, "8 MiB of arguments are E2BIG");
    check(refusal_of_size(256 << 10, 1) == E2BIG, "one argument of 256 KiB is E2BIG");
    check(refusal_of_size(4 << 20, 2 << 20) == E2BIG, "two million short arguments are E2BIG");
}

int main(int argc, char** argv) {
    if (argc > 1) {
        /* The unchanged program, or one that should have been refused. */
        printf("%s ran\n", argv[0]);
        return 0;
    }
    read_original();
    check_calls();
    check_changes();
    int const status = result_of_checks();
    fflush(stdout);
    /* And what is whole is executed, as the proof that the changes alone were refused. */
    return status != 0 ? status : refusal(nothing);
}
