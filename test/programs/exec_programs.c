/* SPDX-License-Identifier: BSD-2-Clause */
/* exec: scripts, what the new program finds, and every way to be refused and go on unharmed. */
#define _GNU_SOURCE
#include <elf.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/auxv.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "check.h"

static char const* self;
static char* const no_environment[] = {NULL};
static void* volatile nowhere = (void*)8; /* volatile: the compiler may not know */

static int put_file(char const* path, void const* bytes, size_t size, mode_t mode) {
    unlink(path);
    int const file = open(path, O_WRONLY | O_CREAT | O_TRUNC, mode);
    int const whole = file >= 0 && write(file, bytes, size) == (ssize_t)size;
    if (file >= 0) close(file);
    return whole;
}

/* What this program is asked to print about itself, by the first argument. */
static int serve(int argc, char** argv) {
    if (strcmp(argv[1], "arguments") == 0) {
        for (int i = 0; i < argc; ++i) printf("[%s]", argv[i]);
        printf("\n");
        return 0;
    }
    if (strcmp(argv[1], "auxv") == 0) {
        unsigned char const* const random = (unsigned char const*)getauxval(AT_RANDOM);
        int different = 0;
        for (int i = 1; i < 16; ++i) different += random[i] != random[0];
        Elf64_Phdr const* const headers = (Elf64_Phdr const*)getauxval(AT_PHDR);
        int loads = 0;
        for (unsigned i = 0; i < getauxval(AT_PHNUM); ++i) loads += headers[i].p_type == PT_LOAD;
        int const right = getauxval(AT_PAGESZ) == 4096 && getauxval(AT_CLKTCK) == 100 &&
                          getauxval(AT_PHENT) == sizeof(Elf64_Phdr) && loads >= 2 &&
                          different > 0 && getauxval(AT_ENTRY) != 0 && getauxval(AT_SECURE) == 0 &&
                          getauxval(AT_UID) == getuid() && getauxval(AT_EUID) == geteuid() &&
                          getauxval(AT_GID) == getgid() && getauxval(AT_EGID) == getegid() &&
                          (getauxval(AT_HWCAP) & 3) == 3 &&
                          (getauxval(AT_HWCAP) & (1 << 11)) == 0 &&
                          strcmp((char const*)getauxval(AT_PLATFORM), "aarch64") == 0 &&
                          strcmp((char const*)getauxval(AT_EXECFN), argv[2]) == 0 &&
                          getauxval(51) >= 4688 && getauxval(51) <= 8192;
        return right ? 50 : 51;
    }
    if (strcmp(argv[1], "sum") == 0) {
        unsigned long sum = 0;
        for (int i = 2; i < argc; ++i) sum += strlen(argv[i]);
        for (char** each = environ; *each != NULL; ++each) sum += strlen(*each);
        printf("%lu\n", sum);
        return 0;
    }
    if (strcmp(argv[1], "addresses") == 0) {
        char here;
        printf("%p %p %p\n", (void*)&here, (void*)getauxval(AT_SYSINFO_EHDR),
               mmap(NULL, 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
        return 0;
    }
    if (strcmp(argv[1], "exe") == 0) {
        char link[256] = "";
        ssize_t const size = readlink("/proc/self/exe", link, sizeof(link) - 1);
        printf("%.*s\n", (int)size, link);
        return 0;
    }
    return 52;
}

/* Runs it in a child; its output's first line, and its wait status. */
static char line[65536];
static int run(char const* path, char* const argv[], char* const envp[]) {
    int ends[2];
    if (pipe(ends) != 0) return -1;
    pid_t const child = fork();
    if (child == 0) {
        dup2(ends[1], 1);
        close(ends[0]);
        close(ends[1]);
        execve(path, argv, envp);
        _exit(errno);
    }
    close(ends[1]);
    size_t used = 0;
    for (;;) {
        ssize_t const got = read(ends[0], line + used, sizeof(line) - 1 - used);
        if (got <= 0) break;
        used += (size_t)got;
    }
    line[used] = 0;
    close(ends[0]);
    int status = -1;
    waitpid(child, &status, 0);
    return status;
}

static int prints(char const* expected, char const* path, char* const argv[]) {
    int const status = run(path, argv, no_environment);
    int const right = status == 0 && strcmp(line, expected) == 0;
    if (!right) printf("it printed (status %x): %s", (unsigned)status, line);
    return right;
}

/* execve in this very process: it must fail, and everything must be as before. */
static int refuses(int error, char const* path) {
    char* const argv[] = {(char*)(uintptr_t)path, NULL};
    errno = 0;
    return execve(path, argv, no_environment) == -1 && errno == error;
}

static void check_scripts(void) {
    char text[512], expected[512];
    char* const argv[] = {(char*)(uintptr_t) "name", (char*)(uintptr_t) "one",
                          (char*)(uintptr_t) "two three", NULL};
    snprintf(text, sizeof(text), "#!%s arguments\nignored\n", self);
    put_file("/tmp/script", text, strlen(text), 0755);
    snprintf(expected, sizeof(expected), "[%s][arguments][/tmp/script][one][two three]\n", self);
    check(prints(expected, "/tmp/script", argv), "a script's interpreter gets its path");
    char* const empty[] = {NULL};
    snprintf(expected, sizeof(expected), "[%s][arguments][/tmp/script]\n", self);
    check(prints(expected, "/tmp/script", empty), "even without any argument");

    snprintf(text, sizeof(text), "#! \t %s  arguments  and more \t \n", self);
    put_file("/tmp/blank", text, strlen(text), 0755);
    snprintf(expected, sizeof(expected), "[%s][arguments  and more][/tmp/blank][one][two three]\n",
             self);
    check(run("/tmp/blank", argv, no_environment) == 52 << 8, "an argument with blanks is one");

    snprintf(expected, sizeof(expected), "[%s][arguments]", self);
    char previous[32] = "";
    for (int depth = 1; depth <= 6; ++depth) {
        char path[32];
        snprintf(path, sizeof(path), "/tmp/deep%d", depth);
        if (depth == 1)
            snprintf(text, sizeof(text), "#!%s arguments\n", self);
        else
            snprintf(text, sizeof(text), "#!%s\n", previous);
        put_file(path, text, strlen(text), 0755);
        snprintf(expected + strlen(expected), sizeof(expected) - strlen(expected), "[%s]", path);
        char whole[600];
        snprintf(whole, sizeof(whole), "%s[one][two three]\n", expected);
        if (depth <= 5)
            check(prints(whole, path, argv), "a script of scripts");
        else
            check(refuses(ELOOP, path), "six deep: ELOOP");
        strcpy(previous, path);
    }

    struct {
        char const* text;
        int error;
        char const* why;
    } const rows[] = {
        {"#!", ENOEXEC, "no interpreter: ENOEXEC"},
        {"#!\n", ENOEXEC, "an empty line: ENOEXEC"},
        {"#!   \t\n", ENOEXEC, "a blank line: ENOEXEC"},
        {"#!/no/such/file\n", ENOENT, "an interpreter that is not there: ENOENT"},
        {"#!/tmp\n", EACCES, "a directory as interpreter: EACCES"},
        {"#!/tmp/plain\n", EACCES, "one that is not executable: EACCES"},
        {"#!/tmp/garbage\n", ENOEXEC, "one that is no program: ENOEXEC"},
        {"echo no magic\n", ENOEXEC, "a script without #!: ENOEXEC"},
        {"", ENOEXEC, "an empty file: ENOEXEC"},
        {"#!/tmp/loop\n", ELOOP, "its own interpreter: ELOOP"},
    };
    put_file("/tmp/plain", "x", 1, 0644);
    put_file("/tmp/garbage", "\177ELFgarbage", 11, 0755);
    for (unsigned i = 0; i < sizeof(rows) / sizeof(rows[0]); ++i) {
        char const* const path = i + 1 == sizeof(rows) / sizeof(rows[0]) ? "/tmp/loop" : "/tmp/bad";
        put_file(path, rows[i].text, strlen(rows[i].text), 0755);
        check(refuses(rows[i].error, path), rows[i].why);
    }
    char longest[400];
    memset(longest, 'x', sizeof(longest));
    memcpy(longest, "#!/", 3);
    longest[399] = '\n';
    put_file("/tmp/bad", longest, sizeof(longest), 0755);
    check(refuses(ENOEXEC, "/tmp/bad"), "an interpreter's name that is cut off: ENOEXEC");
    int const size = snprintf(longest, sizeof(longest), "#!%s arguments", self);
    memset(longest + size, ' ', sizeof(longest) - (size_t)size);
    put_file("/tmp/bad", longest, sizeof(longest), 0755);
    snprintf(expected, sizeof(expected), "[%s][arguments][/tmp/bad][one][two three]\n", self);
    check(prints(expected, "/tmp/bad", argv), "a long line whose name is whole is cut off quietly");
}

static unsigned char* program;
static size_t program_size;

static void load_self(void) {
    int const file = open(self, O_RDONLY);
    struct stat about;
    fstat(file, &about);
    program_size = (size_t)about.st_size;
    program = malloc(program_size);
    if (read(file, program, program_size) != about.st_size) abort();
    close(file);
}

static Elf64_Ehdr* header(void) { return (Elf64_Ehdr*)(void*)program; }
static Elf64_Phdr* segment(unsigned type, unsigned number) {
    Elf64_Phdr* const first = (Elf64_Phdr*)(void*)(program + header()->e_phoff);
    for (unsigned i = 0; i < header()->e_phnum; ++i)
        if (first[i].p_type == type && number-- == 0) return &first[i];
    abort();
}

static void no_magic(void) { program[0] = 0; }
static void other_class(void) { program[EI_CLASS] = ELFCLASS32; }
static void big_endian(void) { program[EI_DATA] = ELFDATA2MSB; }
static void other_machine(void) { header()->e_machine = EM_X86_64; }
static void object_file(void) { header()->e_type = ET_REL; }
static void odd_headers(void) { header()->e_phentsize = 57; }
static void no_headers(void) { header()->e_phnum = 0; }
static void headers_outside(void) { header()->e_phoff = ~UINT64_C(0) - 100; }
static void nothing_to_load(void) {
    segment(PT_LOAD, 1)->p_type = PT_NULL;
    segment(PT_LOAD, 0)->p_type = PT_NULL;
}
static void wraps(void) { segment(PT_LOAD, 1)->p_memsz = ~UINT64_C(0); }
static void too_high(void) { segment(PT_LOAD, 1)->p_memsz = UINT64_C(1) << 50; }
static void past_the_file(void) {
    segment(PT_LOAD, 1)->p_filesz = segment(PT_LOAD, 1)->p_memsz = UINT64_C(1) << 30;
}
static void offset_wraps(void) { segment(PT_LOAD, 1)->p_offset = ~UINT64_C(0) - 0xfff; }
static void both_rights(void) { segment(PT_LOAD, 0)->p_flags = PF_R | PF_W | PF_X; }
static void on_the_stack(void) {
    /* The stack ends within 16 GiB below 2^47. */
    segment(PT_LOAD, 1)->p_memsz = (UINT64_C(1) << 47) - segment(PT_LOAD, 1)->p_vaddr - 4096;
}
static void everything_but_the_stack(void) { segment(PT_LOAD, 1)->p_memsz = UINT64_C(1) << 46; }
static void too_low(void) { segment(PT_LOAD, 0)->p_vaddr = segment(PT_LOAD, 0)->p_offset & 4095; }
static void no_entry(void) { header()->e_entry = 16; }
static void interpreter_missing(void) {
    Elf64_Phdr* const note = segment(PT_GNU_STACK, 0);
    note->p_type = PT_INTERP;
    note->p_offset = program_size - 16;
    note->p_filesz = 16;
    memcpy(program + program_size - 16, "/no/such/ld.so\0", 16);
}
static void interpreter_endless(void) {
    interpreter_missing();
    memcpy(program + program_size - 16, "/no/such/ld.so.1", 16);
}
static void interpreter_bad(void) {
    interpreter_missing();
    memcpy(program + program_size - 16, "/tmp/garbage\0\0\0", 16);
}
static void interpreter_not_executable(void) {
    interpreter_missing();
    memcpy(program + program_size - 16, "/tmp/plain\0\0\0\0\0", 16);
}

static void check_programs(void) {
    struct {
        void (*spoil)(void);
        int error;
        char const* why;
    } const rows[] = {
        {no_magic, ENOEXEC, "not ELF: ENOEXEC"},
        {other_class, ENOEXEC, "of 32 bits: ENOEXEC"},
        {big_endian, ENOEXEC, "big-endian: ENOEXEC"},
        {other_machine, ENOEXEC, "for another machine: ENOEXEC"},
        {object_file, ENOEXEC, "an object file: ENOEXEC"},
        {odd_headers, ENOEXEC, "program headers of odd size: ENOEXEC"},
        {no_headers, ENOEXEC, "no program headers: ENOEXEC"},
        {headers_outside, ENOEXEC, "program headers outside the file: ENOEXEC"},
        {nothing_to_load, ENOEXEC, "nothing to load: ENOEXEC"},
        {wraps, ENOEXEC, "a segment that wraps: ENOEXEC"},
        {too_high, ENOEXEC, "a segment beyond all addresses: ENOEXEC"},
        {past_the_file, ENOEXEC, "a segment past the end of the file: ENOEXEC"},
        {offset_wraps, ENOEXEC, "an offset that wraps: ENOEXEC"},
        {both_rights, ENOEXEC, "a writable and executable segment: ENOEXEC"},
        {on_the_stack, ENOEXEC, "a segment over the stack: ENOEXEC"},
        {everything_but_the_stack, ENOMEM, "a segment of 2^46 bytes: ENOMEM"},
        {too_low, ENOEXEC, "a segment at address 0: ENOEXEC"},
        {no_entry, ENOEXEC, "an entry point outside: ENOEXEC"},
        {interpreter_missing, ENOENT, "an interpreter that is not there: ENOENT"},
        {interpreter_endless, ENOEXEC, "an interpreter's name without end: ENOEXEC"},
        {interpreter_bad, ENOEXEC, "an interpreter that is no program: ENOEXEC"},
        {interpreter_not_executable, EACCES, "an interpreter without the right: EACCES"},
    };
    for (unsigned i = 0; i < sizeof(rows) / sizeof(rows[0]); ++i) {
        load_self();
        rows[i].spoil();
        put_file("/tmp/spoiled", program, program_size, 0755);
        check(refuses(rows[i].error, "/tmp/spoiled"), rows[i].why);
        free(program);
    }
    load_self();
    int refused = 1;
    for (size_t size = 1; size < 4096 && size < program_size; size += 61) {
        put_file("/tmp/spoiled", program, size, 0755);
        refused = refused && refuses(ENOEXEC, "/tmp/spoiled");
    }
    check(refused, "cut off anywhere in its first page: ENOEXEC");
    char* const argv[] = {(char*)(uintptr_t) "x", (char*)(uintptr_t) "exe", NULL};
    put_file("/tmp/spoiled", program, program_size, 0755);
    check(prints("/tmp/spoiled\n", "/tmp/spoiled", argv), "and whole it runs");
    free(program);
}

static void check_paths(void) {
    char* const argv[] = {(char*)(uintptr_t) "x", NULL};
    check(refuses(ENOENT, "/no/such/program"), "no such program: ENOENT");
    check(refuses(ENOENT, ""), "an empty path: ENOENT");
    check(refuses(EACCES, "/tmp"), "a directory: EACCES");
    check(refuses(EACCES, "/tmp/plain"), "a file without the right: EACCES");
    check(refuses(ENOTDIR, "/tmp/plain/x"), "below a file: ENOTDIR");
    static char path[5000];
    memset(path, '/', sizeof(path) - 1);
    check(refuses(ENAMETOOLONG, path), "a path of 4999 bytes: ENAMETOOLONG");
    check(execve(nowhere, argv, no_environment) == -1 && errno == EFAULT,
          "a path from nowhere: EFAULT");
    check(execve(self, nowhere, no_environment) == -1 && errno == EFAULT,
          "arguments from nowhere: EFAULT");
    check(execve(self, argv, nowhere) == -1 && errno == EFAULT,
          "an environment from nowhere: EFAULT");
    char* const bad[] = {(char*)(uintptr_t) "x", (char*)16, NULL};
    check(execve(self, bad, no_environment) == -1 && errno == EFAULT,
          "an argument from nowhere: EFAULT");
    char** const endless =
        mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    munmap((char*)endless + 4096, 4096);
    for (int i = 0; i < 512; ++i) endless[i] = argv[0];
    check(execve(self, endless, no_environment) == -1 && errno == EFAULT,
          "arguments without end: EFAULT");
}

static void check_sizes(void) {
    char* const text = malloc(200000);
    memset(text, 'y', 200000);
    char* argv[] = {(char*)(uintptr_t) "x", (char*)(uintptr_t) "sum", text, NULL};
    text[131071] = 0;
    check(prints("131071\n", self, argv), "a string of 131072 bytes with its NUL");
    text[131071] = 'y';
    text[131072] = 0;
    check(execve(self, argv, no_environment) == -1 && errno == E2BIG, "one byte more: E2BIG");
    text[131072] = 'y';
    text[199999] = 0;

    enum { many = 20 };
    char* list[many + 3] = {(char*)(uintptr_t) "x", (char*)(uintptr_t) "sum"};
    text[100000] = 0;
    for (int i = 2; i < many + 2; ++i) list[i] = text;
    check(prints("2000000\n", self, list), "arguments of 2,000,000 bytes");
    char* environment[] = {text, NULL};
    check(execve(self, list, environment) == -1 && errno == E2BIG,
          "with 100,000 bytes of environment: E2BIG");
    static char* pointers[300000];
    for (int i = 0; i < 299999; ++i) pointers[i] = (char*)(uintptr_t) "";
    check(execve(self, pointers, no_environment) == -1 && errno == E2BIG,
          "299,999 empty arguments: E2BIG");
    free(text);
}

static void check_what_it_finds(void) {
    char* const argv[] = {(char*)(uintptr_t) "x", (char*)(uintptr_t) "auxv", (char*)(uintptr_t)self,
                          NULL};
    check(run(self, argv, no_environment) == 50 << 8, "its auxiliary vector is right");
    char* const where[] = {(char*)(uintptr_t) "x", (char*)(uintptr_t) "addresses", NULL};
    char before[256] = "";
    int changes = 0, runs = 8;
    for (int i = 0; i < runs; ++i) {
        run(self, where, no_environment);
        char now[256];
        snprintf(now, sizeof(now), "%.255s", line);
        uintptr_t a[3] = {0}, b[3] = {0};
        sscanf(before, "%lx %lx %lx", &a[0], &a[1], &a[2]);
        sscanf(now, "%lx %lx %lx", &b[0], &b[1], &b[2]);
        changes += a[0] != b[0] && a[1] != b[1] && a[2] != b[2];
        strcpy(before, now);
    }
    check(changes == runs, "stack, vDSO and mappings are elsewhere each time");

    char* const arguments[] = {(char*)(uintptr_t) "x", (char*)(uintptr_t) "exe", NULL};
    char expected[300];
    snprintf(expected, sizeof(expected), "%s\n", self);
    check(prints(expected, self, arguments), "/proc/self/exe is the program");
    char text[300];
    snprintf(text, sizeof(text), "#!%s exe\n", self);
    put_file("/tmp/script", text, strlen(text), 0755);
    check(prints(expected, "/tmp/script", arguments), "of a script, its interpreter");
}

static void check_execveat(void) {
    char* const argv[] = {(char*)(uintptr_t) "x", (char*)(uintptr_t) "exe", NULL};
    int const file = open(self, O_RDONLY | O_CLOEXEC);
    int const folder = open("/tmp", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    pid_t child = fork();
    if (child == 0) {
        syscall(SYS_execveat, file, "", argv, no_environment, AT_EMPTY_PATH);
        _exit(99);
    }
    int status = -1;
    waitpid(child, &status, 0);
    check(status == 0, "execveat of an open file");
    child = fork();
    if (child == 0) {
        syscall(SYS_execveat, folder, "spoiled", argv, no_environment, 0);
        _exit(errno);
    }
    waitpid(child, &status, 0);
    check(status == 0, "execveat of a name in an open folder");
    check(
        syscall(SYS_execveat, folder, "no-such", argv, no_environment, 0) == -1 && errno == ENOENT,
        "that is not there: ENOENT");
    check(syscall(SYS_execveat, file, "x", argv, no_environment, 0) == -1 && errno == ENOTDIR,
          "of a name in a file: ENOTDIR");
    check(syscall(SYS_execveat, 77, "x", argv, no_environment, 0) == -1 && errno == EBADF,
          "of a name in nothing: EBADF");
    check(syscall(SYS_execveat, file, "", argv, no_environment, 0) == -1 && errno == ENOENT,
          "an empty path without the flag: ENOENT");
    check(syscall(SYS_execveat, file, "", argv, no_environment, 0x40000) == -1 && errno == EINVAL,
          "an unknown flag: EINVAL");
}

int main(int argc, char** argv) {
    self = argv[0];
    if (argc > 1) return serve(argc, argv);
    static char own[256];
    if (readlink("/proc/self/exe", own, sizeof(own) - 1) <= 0) return 2;
    self = own;
    check_scripts();
    check_programs();
    check_paths();
    check_sizes();
    check_what_it_finds();
    check_execveat();
    return result_of_checks();
}
