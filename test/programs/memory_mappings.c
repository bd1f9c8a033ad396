/* SPDX-License-Identifier: BSD-2-Clause */
/* Mappings: demand-zero, private, shared and forked pages, and every way to be refused. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "check.h"

enum { page = 4096 };
static int const data = PROT_READ | PROT_WRITE;
static int const fresh = MAP_PRIVATE | MAP_ANONYMOUS;

static sigjmp_buf back;
static volatile int seen_code;
static volatile int touching;
static void note(int signal, siginfo_t* info, void* context) {
    (void)context;
    if (!touching) _exit(128 + signal); /* after a failed check that was needed */
    seen_code = info->si_code;
    siglongjmp(back, signal);
}

/* 0, or the signal that reading or writing the byte brings. */
static int touch(volatile char* at, int writes) {
    int const signal = sigsetjmp(back, 1);
    if (signal == 0) {
        touching = 1;
        if (writes)
            *at = 1;
        else
            (void)*at;
    }
    touching = 0;
    return signal;
}

static char* map(size_t size, int protection, int flags) {
    char* const at = mmap(NULL, size, protection, flags, -1, 0);
    return at == MAP_FAILED ? NULL : at;
}

static int fails_with(int error, int result) { return result == -1 && errno == error; }
static int is_refused(int error, void* at) { return at == MAP_FAILED && errno == error; }

static int all_bytes(char const* at, size_t size, char value) {
    for (size_t i = 0; i < size; ++i)
        if (at[i] != value) return 0;
    return 1;
}

static int child_status(void (*body)(void)) {
    pid_t const child = fork();
    if (child == 0) {
        body();
        _exit(0);
    }
    int status = -1;
    waitpid(child, &status, 0);
    return status;
}

static void check_anonymous(void) {
    char* const at = map(3 * page, data, fresh);
    check(at != NULL && (uintptr_t)at % page == 0, "mmap answers with a page");
    check(all_bytes(at, 3 * page, 0), "which is zero");
    memset(at, 7, 3 * page);
    check(all_bytes(at, 3 * page, 7), "and can be written");

    check(munmap(at + page, page) == 0, "the middle goes");
    check(touch(at + page, 0) == SIGSEGV && seen_code == SEGV_MAPERR, "and is SEGV_MAPERR");
    check(at[page - 1] == 7 && at[2 * page] == 7, "its neighbours stay");
    check(munmap(at, 3 * page) == 0, "munmap over a hole");
    check(munmap(at, 3 * page) == 0, "and over nothing");

    char* const none = map(page, PROT_NONE, fresh);
    check(touch(none, 0) == SIGSEGV && seen_code == SEGV_ACCERR, "PROT_NONE is SEGV_ACCERR");
    check(mprotect(none, page, PROT_READ) == 0 && touch(none, 0) == 0, "until it may be read");
    check(touch(none, 1) == SIGSEGV && seen_code == SEGV_ACCERR, "but not written");
    check(mprotect(none, page, data) == 0 && touch(none, 1) == 0, "then written");
    check(mprotect(none, page, PROT_NONE) == 0 && touch(none, 0) == SIGSEGV, "and neither again");
    check(mprotect(none, page, PROT_READ) == 0 && none[0] == 1, "what was written is there");
    munmap(none, page);

    char* const written = map(page, PROT_WRITE, fresh);
    check(touch(written, 1) == 0 && written[0] == 1, "PROT_WRITE alone can be read too");
    munmap(written, page);
}

static void check_places(void) {
    char* const at = map(4 * page, data, fresh);
    check(mmap(at + page, page, data, fresh | MAP_FIXED, -1, 0) == at + page, "MAP_FIXED");
    at[0] = 1;
    at[page] = 2;
    check(mmap(at, 2 * page, data, fresh | MAP_FIXED, -1, 0) == at && at[0] == 0 && at[page] == 0,
          "MAP_FIXED replaces what was there");
    check(is_refused(EEXIST, mmap(at + page, page, data, fresh | MAP_FIXED_NOREPLACE, -1, 0)),
          "MAP_FIXED_NOREPLACE does not: EEXIST");
    munmap(at, page);
    check(mmap(at, page, data, fresh | MAP_FIXED_NOREPLACE, -1, 0) == at, "but takes a free place");
    munmap(at, 4 * page);
    check(mmap(at, page, data, fresh, -1, 0) == at, "a wish for a free place is granted");
    char* const other = mmap(at, page, data, fresh, -1, 0);
    check(other != MAP_FAILED && other != at, "a wish for a taken one gets another");
    check(mmap(at + 5, page, data, fresh, -1, 0) != MAP_FAILED, "a wish need not be a page");
    check(is_refused(EINVAL, mmap(at + 5, page, data, fresh | MAP_FIXED, -1, 0)), "an order must");
}

static void check_refusals(void) {
    char* const at = map(page, data, fresh);
    /* A 32-bit process has nearly all of its addresses. */
    size_t const huge = sizeof(size_t) == 8 ? SIZE_MAX / 4 + 1 : SIZE_MAX / 256 * 255 + 1;
    check(is_refused(EINVAL, mmap(NULL, 0, data, fresh, -1, 0)), "no length is EINVAL");
    check(is_refused(ENOMEM, mmap(NULL, huge, PROT_NONE, fresh, -1, 0)),
          "more than a process has: ENOMEM");
    check(is_refused(ENOMEM, mmap(NULL, (size_t)-1, PROT_NONE, fresh, -1, 0)), "all but one too");
    check(is_refused(ENOMEM, mmap(NULL, (size_t)-page, PROT_NONE, fresh, -1, 0)), "all but a page");
    check(is_refused(EINVAL, mmap(NULL, page, data, MAP_ANONYMOUS, -1, 0)), "neither kind: EINVAL");
    check(is_refused(EBADF, mmap(NULL, page, data, MAP_PRIVATE, -1, 0)), "no file: EBADF");
    check(is_refused(EBADF, mmap(NULL, page, data, MAP_PRIVATE, 99, 0)), "file 99: EBADF");
    check(is_refused(ENOMEM,
                     mmap((void*)(UINTPTR_MAX - (page - 1)), page, data, fresh | MAP_FIXED, -1, 0)),
          "the last page there is: ENOMEM");
    check(fails_with(EINVAL, munmap(at + 1, page)), "munmap of half pages: EINVAL");
    check(fails_with(EINVAL, munmap(at, 0)), "of nothing: EINVAL");
    check(fails_with(EINVAL, munmap(at, (size_t)-1)), "of everything: EINVAL");
    /* libc's mprotect rounds. */
    check(fails_with(EINVAL, (int)syscall(SYS_mprotect, at + 1, page, data)),
          "mprotect of half pages: EINVAL");
    check(fails_with(ENOMEM, mprotect(at, huge, data)), "mprotect beyond memory: ENOMEM");
    check(fails_with(EINVAL, mprotect(at, page, 0x40)), "an unknown right: EINVAL");
    check(mprotect(at, 0, PROT_NONE) == 0 && touch(at, 1) == 0, "mprotect of nothing does nothing");
    munmap(at, page);
    check(fails_with(ENOMEM, mprotect(at, page, data)), "mprotect of a hole: ENOMEM");
    check(fails_with(ENOMEM, msync(at, page, MS_SYNC)), "msync of a hole: ENOMEM");
    check(fails_with(ENOMEM, madvise(at, page, MADV_DONTNEED)), "madvise of a hole: ENOMEM");
    check(fails_with(EINVAL, madvise(at, page, 12345)), "unknown advice: EINVAL");
    unsigned char residence[1];
    check(fails_with(ENOMEM, mincore(at, page, residence)), "mincore of a hole: ENOMEM");
    check(fails_with(EINVAL, msync(at, page, MS_SYNC | MS_ASYNC)), "both kinds of msync: EINVAL");
}

/* Whoever asks for all of it is told no, and lives. */
static void check_everything(void) {
    /* From a fourth of a 48-bit process, or of a 32-bit one. */
    size_t size = sizeof(size_t) == 8 ? SIZE_MAX / 4 / 65536 + 1 : SIZE_MAX / 4 + 1;
    size_t const smallest = sizeof(size_t) == 8 ? (size_t)1 << 30 : (size_t)1 << 24;
    char* places[256];
    size_t sizes[256];
    int count = 0;
    while (size >= smallest && count < 256) {
        char* const at = map(size, PROT_NONE, fresh);
        if (at == NULL)
            size /= 2;
        else
            places[count] = at, sizes[count++] = size;
    }
    check(count > 0 && errno == ENOMEM, "mapping everything ends with ENOMEM");
    for (int i = 0; i < count; ++i) {
        if (touch(places[i], 0) != SIGSEGV) check(0, "a reservation cannot be read");
    }
    /* The holes that are left are below `smallest`, and so is what this needs. */
    check(child_status(check_anonymous) == 0, "what remains still serves, and can be forked");
    for (int i = 0; i < count; ++i) munmap(places[i], sizes[i]);

    char* list[9000];
    int regions = 0;
    char* const field = map(20000 * page, PROT_NONE, fresh);
    while (regions < 9000 && mprotect(field + 2 * regions * page, page, PROT_READ) == 0)
        list[regions] = field + 2 * regions * page, ++regions;
    check(regions == 9000 || errno == ENOMEM, "too many regions are ENOMEM");
    check(touch(list[regions - 1], 0) == 0, "the last that was made works");
    check(munmap(field, 20000 * page) == 0, "and all of them go at once");
}

static char *shared, *private;
static void write_both(void) {
    shared[0] = 1;
    shared[page] = 2; /* first touched by the child */
    private[0] = 1;
    private[page] = 2;
}
static void exit_unless_zeroed(void) { _exit(private[0] == 0 ? 3 : 4); }
static void exit_unless_gone(void) { _exit(touch(private, 0) == SIGSEGV ? 5 : 6); }

static void check_fork(void) {
    shared = map(2 * page, data, MAP_SHARED | MAP_ANONYMOUS);
    private = map(2 * page, data, fresh);
    private[0] = 42;
    check(child_status(write_both) == 0, "a child writes");
    check(shared[0] == 1 && shared[page] == 2, "shared memory shows it");
    check(private[0] == 42 && private[page] == 0, "private memory does not");
    private[0] = 43;
    check(child_status(write_both) == 0 && private[0] == 43, "nor after another fork");

    check(madvise(private, page, MADV_WIPEONFORK) == 0, "MADV_WIPEONFORK");
    check(child_status(exit_unless_zeroed) == 3 << 8, "gives the child zeros");
    check(private[0] == 43, "and the parent its own");
    check(madvise(private, page, MADV_KEEPONFORK) == 0, "MADV_KEEPONFORK");
    check(child_status(exit_unless_zeroed) == 4 << 8, "gives the child what was there");
    check(madvise(private, page, MADV_DONTFORK) == 0, "MADV_DONTFORK");
    check(child_status(exit_unless_gone) == 5 << 8, "gives the child nothing");
    check(madvise(private, page, MADV_DOFORK) == 0, "MADV_DOFORK");
    check(child_status(exit_unless_gone) == 6 << 8, "gives it back");
    munmap(shared, 2 * page);
    munmap(private, 2 * page);
}

static void check_advice(void) {
    char* const at = map(2 * page, data, fresh);
    unsigned char residence[2] = {9, 9};
    at[0] = at[page] = 1;
    check(madvise(at, page, MADV_DONTNEED) == 0 && at[0] == 0, "MADV_DONTNEED: zeros again");
    check(at[page] == 1, "and the page behind it keeps its contents");
    check(madvise(at, page, MADV_DONTNEED) == 0 && mincore(at, 2 * page, residence) == 0 &&
              (residence[0] & 1) == 0 && (residence[1] & 1) == 1,
          "mincore tells which is there");
    check(fails_with(EFAULT, mincore(at, page, (unsigned char*)8)), "mincore to nowhere: EFAULT");
    check(mlock(at, 2 * page) == 0 && mincore(at, 2 * page, residence) == 0 &&
              (residence[0] & 1) == 1,
          "mlock brings pages");
    check(munlock(at, page) == 0, "munlock");
    check(madvise(at, page, MADV_WILLNEED) == 0 && madvise(at, page, MADV_HUGEPAGE) != 1,
          "other advice harms nobody");
    munmap(at, 2 * page);

    char* const both = map(page, data, MAP_SHARED | MAP_ANONYMOUS);
    both[0] = 5;
    check(madvise(both, page, MADV_DONTNEED) == 0 && both[0] == 5,
          "shared memory is not forgotten");
    munmap(both, page);

    char* const full = map(2 * page, data, fresh | MAP_POPULATE);
    check(mincore(full, 2 * page, residence) == 0 && (residence[0] & residence[1] & 1) == 1,
          "MAP_POPULATE brings them at once");
    munmap(full, 2 * page);
}

static void check_remap(void) {
    char* at = map(2 * page, data, fresh);
    at[0] = 1;
    at[page] = 2;
    char* const moved = mremap(at, 2 * page, 64 * page, MREMAP_MAYMOVE);
    check(moved != MAP_FAILED && moved[0] == 1 && moved[page] == 2 && moved[63 * page] == 0,
          "mremap grows and keeps the contents");
    check(moved == at || touch(at, 0) == SIGSEGV, "the old place is gone");
    check(mremap(moved, 64 * page, page, 0) == moved && touch(moved + page, 0) == SIGSEGV,
          "and shrinks");
    char* const wall = mmap(moved + page, page, data, fresh | MAP_FIXED, -1, 0);
    check(is_refused(ENOMEM, mremap(moved, page, 3 * page, 0)),
          "what cannot grow in place: ENOMEM");
    check(is_refused(EINVAL, mremap(moved, page, 0, 0)), "to nothing: EINVAL");
    check(is_refused(EINVAL, mremap(moved + 1, page, page, 0)), "half pages: EINVAL");
    check(is_refused(EINVAL, mremap(moved, page, page, 64)), "unknown flags: EINVAL");
    check(is_refused(EINVAL, mremap(moved, page, page, MREMAP_FIXED, wall)),
          "MREMAP_FIXED alone: EINVAL");
    check(is_refused(EFAULT, mremap(wall + page, page, 2 * page, MREMAP_MAYMOVE)),
          "nothing there: EFAULT");
    wall[0] = 9;
    check(mremap(moved, page, page, MREMAP_MAYMOVE | MREMAP_FIXED, wall) == wall && wall[0] == 1,
          "MREMAP_FIXED replaces what is in its way");
    munmap(wall, page);

    char* const both = map(page, data, MAP_SHARED | MAP_ANONYMOUS);
    char* const longer = mremap(both, page, 2 * page, MREMAP_MAYMOVE);
    check(longer != MAP_FAILED && touch(longer, 1) == 0, "shared memory can be moved");
    check(touch(longer + page, 0) == SIGBUS, "but has no more pages than it was made with: SIGBUS");
    munmap(longer, 2 * page);
}

static void check_files(void) {
    int const file = open("/tmp/mapped", O_RDWR | O_CREAT | O_TRUNC, 0600);
    char text[page + 100];
    memset(text, 'a', sizeof(text));
    check(write(file, text, sizeof(text)) == (ssize_t)sizeof(text), "a file of a page and a bit");

    char* const own = mmap(NULL, 3 * page, data, MAP_PRIVATE, file, 0);
    char* const both = mmap(NULL, 2 * page, data, MAP_SHARED, file, 0);
    check(own != MAP_FAILED && both != MAP_FAILED, "is mapped privately and shared");
    check(all_bytes(own, sizeof(text), 'a') && all_bytes(both, sizeof(text), 'a'),
          "reads the same");
    check(all_bytes(own + sizeof(text), 2 * page - sizeof(text), 0), "zeros behind its end");
    check(touch(own + 2 * page, 0) == SIGBUS, "SIGBUS in the page behind that");
    own[0] = 'b';
    check(both[0] == 'a', "a private write stays private");
    both[1] = 'c';
    char byte = 0;
    check(pread(file, &byte, 1, 1) == 1 && byte == 'c', "a shared write is the file's");
    check(own[1] != 'c' && own[page] == 'a', "a copied page no longer follows the file");
    both[page] = 'd';
    check(own[page] == 'd', "a page that was not copied does");
    check(pwrite(file, "e", 1, page + 1) == 1 && both[page + 1] == 'e' && own[page + 1] == 'e',
          "and write() shows in both");
    check(msync(both, 2 * page, MS_SYNC) == 0, "msync");
    pid_t const child = fork();
    if (child == 0) {
        both[2] = 'f';
        own[2] = 'g';
        _exit(0);
    }
    waitpid(child, NULL, 0);
    check(both[2] == 'f' && own[2] == 'a', "a child's writes: shared seen, private not");
    check(madvise(own, page, MADV_DONTNEED) == 0 && own[0] == 'a' && own[1] == 'c',
          "a forgotten private page is the file's again");

    int const reader = open("/tmp/mapped", O_RDONLY);
    int const writer = open("/tmp/mapped", O_WRONLY);
    char* const seen = mmap(NULL, page, PROT_READ, MAP_SHARED, reader, 0);
    check(seen != MAP_FAILED && seen[1] == 'c', "a file opened for reading can be shared to read");
    check(fails_with(EACCES, mprotect(seen, page, data)), "but never made writable: EACCES");
    check(is_refused(EACCES, mmap(NULL, page, data, MAP_SHARED, reader, 0)), "nor from the start");
    check(mmap(NULL, page, data, MAP_PRIVATE, reader, 0) != MAP_FAILED, "a private copy may be");
    check(is_refused(EACCES, mmap(NULL, page, PROT_READ, MAP_PRIVATE, writer, 0)),
          "a file not opened for reading: EACCES");
    check(is_refused(EINVAL, mmap(NULL, page, PROT_READ, MAP_PRIVATE, reader, 100)),
          "an offset within a page: EINVAL");
#if __SIZEOF_LONG__ == 8 /* mmap2 counts in pages, and cannot say so much */
    check(is_refused(EOVERFLOW,
                     mmap(NULL, 2 * page, PROT_READ, MAP_PRIVATE, reader, 0x7ffffffffffff000)),
          "an offset beyond files: EOVERFLOW");
#endif
    int pipes[2];
    check(pipe(pipes) == 0 &&
              is_refused(ENODEV, mmap(NULL, page, PROT_READ, MAP_PRIVATE, pipes[0], 0)),
          "a pipe: ENODEV");
    close(file);
    unlink("/tmp/mapped");
    check(own[page] == 'd' && touch(both, 1) == 0, "mappings outlive the file's name and number");
}

static void check_break(void) {
    char* const start = sbrk(0);
    uintptr_t const now = (uintptr_t)syscall(SYS_brk, 0);
    check((uintptr_t)syscall(SYS_brk, now + 3 * page) == now + 3 * page, "brk grows");
    check(touch((char*)now + 3 * page - 1, 1) == 0 && *((char*)now + page) == 0, "and serves");
    check((uintptr_t)syscall(SYS_brk, now) == now, "brk shrinks");
    check(now % page != 0 || touch((char*)now, 0) == SIGSEGV, "and is gone");
    check((uintptr_t)syscall(SYS_brk, now + page) == now + page && *((char*)now + 1) == 0,
          "what comes back is zero");
    check((uintptr_t)syscall(SYS_brk, 1) == now + page, "below the program it stays");
    check((uintptr_t)syscall(SYS_brk, (uintptr_t)-1) == now + page, "beyond memory it stays");
    check((uintptr_t)syscall(SYS_brk, now) == now && start != NULL, "back to the beginning");
}

static void check_stack(void) {
    static char line[512];
    unsigned long from = 0, to = 0;
    FILE* const maps = fopen("/proc/self/maps", "r");
    while (maps != NULL && fgets(line, sizeof(line), maps) != NULL)
        if (strstr(line, "[stack]") != NULL) sscanf(line, "%lx-%lx", &from, &to);
    if (maps != NULL) fclose(maps);
    char here;
    check((uintptr_t)&here > from && (uintptr_t)&here < to, "/proc/self/maps has our [stack]");
    check(touch((char*)from - 1, 0) == SIGSEGV, "nothing is below it");
    char* const near = mmap((char*)from - page, page, data, fresh, -1, 0);
    check(near != (char*)from - page, "nor comes there by wish");
}

int main(void) {
    static char stack[65536];
    stack_t const alternate = {.ss_sp = stack, .ss_size = sizeof(stack)};
    struct sigaction action = {.sa_sigaction = note, .sa_flags = SA_SIGINFO | SA_ONSTACK};
    sigaltstack(&alternate, NULL);
    sigaction(SIGSEGV, &action, NULL);
    sigaction(SIGBUS, &action, NULL);
    check_anonymous();
    check_places();
    check_refusals();
    check_everything();
    check_fork();
    check_advice();
    check_remap();
    check_files();
    check_break();
    check_stack();
    return result_of_checks();
}
