/* The bytes of files: positions, holes, mappings, vectors, bad pointers, sendfile. */
/* SPDX-License-Identifier: BSD-2-Clause */
#define _GNU_SOURCE
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include "check.h"

static int fails(long result, int error) { return result == -1 && errno == error; }

static char buffer[70000];
static char* const bad = (char*)16;

static off_t size_of(int file) {
    struct stat status;
    return fstat(file, &status) == 0 ? status.st_size : -1;
}

static int is_zero(char const* bytes, size_t size) {
    for (size_t at = 0; at < size; ++at)
        if (bytes[at] != 0) return 0;
    return 1;
}

static void positions(int file) {
    check(write(file, "hello world", 11) == 11 && lseek(file, 0, SEEK_CUR) == 11, "write moves on");
    check(pread(file, buffer, 5, 6) == 5 && memcmp(buffer, "world", 5) == 0, "pread");
    check(lseek(file, 0, SEEK_CUR) == 11, "does not move");
    check(pwrite(file, "W", 1, 6) == 1 && lseek(file, -5, SEEK_END) == 6 &&
              read(file, buffer, 100) == 5 && memcmp(buffer, "World", 5) == 0,
          "pwrite, SEEK_END, a read to the end");
    check(read(file, buffer, 100) == 0, "at the end: 0");
    check(fails(lseek(file, -1, SEEK_SET), EINVAL), "before the start: EINVAL");
    check(fails(lseek(file, 0, 9), EINVAL), "an unknown whence: EINVAL");
    check(fails(pread(file, buffer, 1, -1), EINVAL), "pread before the start: EINVAL");
    check(lseek(file, 1000000, SEEK_SET) == 1000000 && read(file, buffer, 1) == 0,
          "a position past the end reads nothing");
    int const again = dup(file);
    check(lseek(again, 3, SEEK_SET) == 3 && lseek(file, 0, SEEK_CUR) == 3,
          "dup shares the position");
    close(again);
}

static void holes(void) {
    int const file = open("holes", O_CREAT | O_RDWR | O_TRUNC, 0644);
    check(pwrite(file, "end", 3, 1 << 20) == 3 && size_of(file) == (1 << 20) + 3,
          "a write far out");
    struct stat status;
    fstat(file, &status);
    check(status.st_blocks <= 16, "leaves a hole");
    check(pread(file, buffer, 65536, 4096) == 65536 && is_zero(buffer, 65536), "of zeros");
    check(lseek(file, 0, SEEK_DATA) == 1 << 20, "SEEK_DATA");
    check(lseek(file, 0, SEEK_HOLE) == 0, "SEEK_HOLE");
    check(lseek(file, 1 << 20, SEEK_HOLE) == (1 << 20) + 3, "the end is a hole");
    check(fails(lseek(file, (1 << 20) + 3, SEEK_DATA), ENXIO), "no data past it: ENXIO");
    check(ftruncate(file, (1 << 20) + 1) == 0 && ftruncate(file, (1 << 20) + 3) == 0 &&
              pread(file, buffer, 3, 1 << 20) == 3 && memcmp(buffer, "e\0\0", 3) == 0,
          "what was cut off is zero when the file grows again");
    check(fallocate(file, 0, 0, 32768) == 0 && fstat(file, &status) == 0 &&
              status.st_blocks >= 64 && size_of(file) == (1 << 20) + 3,
          "fallocate fills");
    pwrite(file, "abcdef", 6, 4094);
    check(fallocate(file, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 4095, 3) == 0 &&
              pread(file, buffer, 6, 4094) == 6 && memcmp(buffer, "a\0\0\0ef", 6) == 0,
          "a punched hole may begin and end inside pages");
    check(fails(fallocate(file, 0, 0, 0), EINVAL), "fallocate of nothing: EINVAL");
    check(fails(ftruncate(file, -1), EINVAL), "a negative size: EINVAL");
    check(truncate("holes", 10) == 0 && size_of(file) == 10, "truncate by name");
    close(file);
    int const reader = open("holes", O_RDONLY);
    check(fails(ftruncate(reader, 0), EINVAL), "ftruncate of a reader: EINVAL");
    check(fails(write(reader, "x", 1), EBADF), "write to a reader: EBADF");
    close(reader);
    int const cut = open("holes", O_WRONLY | O_TRUNC);
    check(size_of(cut) == 0, "O_TRUNC");
    check(fails(read(cut, buffer, 1), EBADF), "read of a writer: EBADF");
    close(cut);
}

static void appending(void) {
    int const one = open("log", O_CREAT | O_WRONLY | O_APPEND, 0644);
    int const two = open("log", O_WRONLY | O_APPEND);
    check(write(one, "a", 1) == 1 && write(two, "b", 1) == 1 && write(one, "c", 1) == 1 &&
              size_of(one) == 3,
          "O_APPEND never overwrites");
    check(fcntl(one, F_SETFL, 0) == 0 && (fcntl(one, F_GETFL) & O_APPEND) == 0,
          "F_SETFL takes it off");
    check(lseek(one, 0, SEEK_SET) == 0 && write(one, "x", 1) == 1 && size_of(two) == 3,
          "then it does");
    close(one);
    close(two);
}

static void mappings(void) {
    int const file = open("mapped", O_CREAT | O_RDWR | O_TRUNC, 0644);
    ftruncate(file, 8192);
    char* const shared = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    char* const private = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE, file, 0);
    check(shared != MAP_FAILED && private != MAP_FAILED, "both kinds of mapping");
    strcpy(shared + 5000, "from memory");
    check(pread(file, buffer, 12, 5000) == 12 && strcmp(buffer, "from memory") == 0,
          "a shared mapping is the file");
    pwrite(file, "by write", 9, 100);
    check(strcmp(shared + 100, "by write") == 0, "both ways");
    private[100] = 'B';
    check(pread(file, buffer, 1, 100) == 1 && buffer[0] == 'b', "a private one is not");
    int const reader = open("mapped", O_RDONLY);
    check(mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, reader, 0) == MAP_FAILED &&
              errno == EACCES,
          "shared and writable needs a writer: EACCES");
    close(reader);
    munmap(private, 8192);
    /* The source of a write may be the very file that grows by it. */
    check(pwrite(file, shared, 8192, 8192) == 8192 && pread(file, buffer, 9, 8192 + 100) == 9 &&
              strcmp(buffer, "by write") == 0,
          "a file written from its own mapping");
    munmap(shared, 8192);
    close(file);
    int const memory = memfd_create("scratch", MFD_CLOEXEC);
    check(memory >= 0 && ftruncate(memory, 4096) == 0 && size_of(memory) == 4096, "memfd_create");
    close(memory);
}

static void vectors(int file) {
    struct iovec three[3] = {{"one ", 4}, {"", 0}, {"two", 3}};
    ftruncate(file, 0);
    lseek(file, 0, SEEK_SET);
    check(writev(file, three, 3) == 7, "writev");
    char first[2] = "", rest[10] = "";
    struct iovec into[2] = {{first, 2}, {rest, 10}};
    check(preadv(file, into, 2, 0) == 7 && memcmp(first, "on", 2) == 0 &&
              memcmp(rest, "e two", 5) == 0,
          "preadv");
    check(fails(readv(file, into, -1), EINVAL), "a negative count: EINVAL");
    check(fails(readv(file, into, IOV_MAX + 1), EINVAL), "too many: EINVAL");
    struct iovec const wrong[2] = {{rest, 1}, {rest, (size_t)-1}};
    check(fails(writev(file, wrong, 2), EINVAL), "a negative size: EINVAL");
    check(fails(readv(file, (struct iovec*)bad, 1), EFAULT), "vectors nowhere: EFAULT");
    check(readv(file, NULL, 0) == 0, "no vectors: 0");
    lseek(file, 0, SEEK_SET);
    struct iovec const half[2] = {{rest, 3}, {bad, 3}};
    check(readv(file, half, 2) == 3, "a bad second buffer leaves what the first got");
}

static void bad_pointers(int file) {
    pwrite(file, "0123456789", 10, 0);
    check(fails(pread(file, bad, 10, 0), EFAULT), "read to nowhere: EFAULT");
    check(fails(pwrite(file, bad, 10, 0), EFAULT), "write from nowhere: EFAULT");
    check(pread(file, buffer, 10, 0) == 10 && memcmp(buffer, "0123456789", 10) == 0,
          "which changes nothing");
    check(fails(open(bad, O_RDONLY), EFAULT), "a path nowhere: EFAULT");
    check(fails(syscall(SYS_newfstatat, AT_FDCWD, "/", bad, 0), EFAULT),
          "a status nowhere: EFAULT");
    check(fails(syscall(SYS_pipe2, bad, 0), EFAULT), "descriptors nowhere: EFAULT");
    char* const pages =
        mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    munmap(pages + 4096, 4096);
    memset(pages, 'x', 4096);
    ftruncate(file, 0);
    check(pwrite(file, pages, 8192, 0) == 4096 || size_of(file) == 0,
          "a write that runs off its page");
    strcpy(pages + 4092, "/tm");
    pages[4095] = 'p';
    check(fails(open(pages + 4092, O_RDONLY), EFAULT), "a path that runs off it: EFAULT");
    strcpy(pages + 4091, "/tmp");
    check(access(pages + 4091, F_OK) == 0, "one that just does not");
    check(fails(pread(file, (char*)0xffff000000000000, 1, 0), EFAULT) || size_of(file) == 0,
          "the kernel's half: EFAULT");
    munmap(pages, 4096);
}

static void sending(void) {
    int const from = open("from", O_CREAT | O_RDWR | O_TRUNC, 0644);
    int const to = open("to", O_CREAT | O_RDWR | O_TRUNC, 0644);
    for (size_t at = 0; at < sizeof(buffer); ++at) buffer[at] = (char)(at * 7);
    write(from, buffer, sizeof(buffer));
    lseek(from, 1, SEEK_SET);
    check(sendfile(to, from, NULL, 1 << 20) == sizeof(buffer) - 1, "sendfile to the end");
    check(lseek(from, 0, SEEK_CUR) == sizeof(buffer), "moves the source");
    off_t offset = 10;
    check(sendfile(to, from, &offset, 5) == 5 && offset == 15 &&
              lseek(from, 0, SEEK_CUR) == sizeof(buffer),
          "or only its own offset");
    static char copy[sizeof(buffer)];
    check(pread(to, copy, sizeof(copy), 0) == sizeof(copy) &&
              memcmp(copy, buffer + 1, sizeof(buffer) - 1) == 0,
          "the same bytes");
    int ends[2];
    pipe(ends);
    check(sendfile(ends[1], from, &offset, 3000) == 3000 && read(ends[0], copy, 4000) == 3000 &&
              memcmp(copy, buffer + 15, 3000) == 0,
          "into a pipe");
    check(fails(sendfile(to, ends[0], NULL, 1), EINVAL), "not from a pipe: EINVAL");
    close(ends[0]);
    close(ends[1]);
    close(from);
    close(to);
}

static void read_only(void) {
    struct statfs system;
    check(statfs("/tmp", &system) == 0 && system.f_namelen == 255 && system.f_bsize == 4096,
          "statfs");
    struct stat status;
    struct timespec const times[2] = {{100, 5}, {200, 6}};
    int const file = open("times", O_CREAT | O_RDWR, 0644);
    check(futimens(file, times) == 0 && fstat(file, &status) == 0 && status.st_atim.tv_sec == 100 &&
              status.st_mtim.tv_sec == 200 && status.st_mtim.tv_nsec == 6,
          "futimens");
    struct timespec const omit[2] = {{0, UTIME_OMIT}, {0, UTIME_NOW}};
    check(futimens(file, omit) == 0 && fstat(file, &status) == 0 && status.st_atim.tv_sec == 100 &&
              status.st_mtim.tv_sec > 1000000000,
          "UTIME_OMIT and UTIME_NOW");
    struct timespec const wrong[2] = {{0, 1000000000}, {0, 0}};
    check(fails(futimens(file, wrong), EINVAL), "too many nanoseconds: EINVAL");
    check(
        fchmod(file, 04751) == 0 && fstat(file, &status) == 0 && (status.st_mode & 07777) == 04751,
        "fchmod");
    check(chown("times", 7, -1) == 0 && stat("times", &status) == 0 && status.st_uid == 7 &&
              status.st_gid == 0,
          "chown of one of the two");
    check(faccessat(AT_FDCWD, "times", X_OK, 0) == 0 && chmod("times", 0644) == 0 &&
              fails(faccessat(AT_FDCWD, "times", X_OK, 0), EACCES),
          "X_OK needs an execute bit: EACCES");
    check(fails(syscall(SYS_fgetxattr, file, "user.x", buffer, 10), EOPNOTSUPP) || errno == ENODATA,
          "no extended attributes");
    close(file);
}

int main(void) {
    char base[64];
    snprintf(base, sizeof(base), "/tmp/contents-%d", getpid());
    check(mkdir(base, 0755) == 0 && chdir(base) == 0, "a place to work in");
    int const file = open("file", O_CREAT | O_RDWR, 0644);
    positions(file);
    holes();
    appending();
    mappings();
    vectors(file);
    bad_pointers(file);
    sending();
    read_only();
    return result_of_checks();
}
