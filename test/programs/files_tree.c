/* Names in /tmp: making, linking, renaming and removing them, walking paths, listing. */
/* SPDX-License-Identifier: BSD-2-Clause */
#define _GNU_SOURCE
#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "check.h"

static char base[64];

/* The call failed, with this errno. */
static int fails(long result, int error) { return result == -1 && errno == error; }

static int make(char const* name) {
    int const file = open(name, O_CREAT | O_WRONLY, 0644);
    if (file >= 0) close(file);
    return file;
}

static ino_t inode_of(char const* name) {
    struct stat status;
    return stat(name, &status) == 0 ? status.st_ino : 0;
}

static long links_of(char const* name) {
    struct stat status;
    return stat(name, &status) == 0 ? (long)status.st_nlink : -1;
}

static void names(void) {
    check(make("file") >= 0 && mkdir("directory", 0755) == 0, "a file and a directory are made");
    check(fails(mkdir("file", 0755), EEXIST), "mkdir over a file: EEXIST");
    check(fails(mkdir("nowhere/x", 0755), ENOENT), "mkdir below nothing: ENOENT");
    check(fails(mkdir("file/x", 0755), ENOTDIR), "mkdir below a file: ENOTDIR");
    check(mkdir("slashed//", 0755) == 0 && rmdir("slashed/") == 0,
          "slashes behind a directory's name");
    check(fails(open("new/", O_CREAT | O_WRONLY, 0644), EISDIR), "a new file with a slash: EISDIR");
    check(fails(open("file/", O_RDONLY), ENOTDIR), "a file with a slash: ENOTDIR");
    check(fails(open("directory", O_WRONLY), EISDIR), "a directory for writing: EISDIR");
    check(fails(open("directory", O_CREAT | O_RDONLY, 0644), EISDIR),
          "O_CREAT of a directory: EISDIR");
    check(fails(open("file", O_DIRECTORY), ENOTDIR), "O_DIRECTORY of a file: ENOTDIR");
    check(fails(open("file", O_CREAT | O_EXCL | O_WRONLY, 0644), EEXIST),
          "O_EXCL of a file: EEXIST");
    check(fails(open("", O_RDONLY), ENOENT), "an empty path: ENOENT");
    check(fails(rmdir("file"), ENOTDIR), "rmdir of a file: ENOTDIR");
    check(fails(unlink("directory"), EISDIR), "unlink of a directory: EISDIR");
    check(fails(rmdir("directory/."), EINVAL), "rmdir of \".\": EINVAL");
    check(fails(rmdir("directory/.."), ENOTEMPTY), "rmdir of \"..\": ENOTEMPTY");
    check(fails(rmdir("/"), EBUSY), "rmdir of the root: EBUSY");
    check(make("directory/inner") >= 0 && fails(rmdir("directory"), ENOTEMPTY),
          "rmdir of what is not empty: ENOTEMPTY");
    check(unlink("directory/inner") == 0 && rmdir("directory") == 0, "empty, it goes");
    umask(077);
    struct stat status;
    make("private");
    check(stat("private", &status) == 0 && (status.st_mode & 0777) == 0600,
          "the umask takes bits away");
    umask(022);
    unlink("private");
    unlink("file");
}

static void lengths(void) {
    char name[260];
    memset(name, 'n', sizeof(name));
    name[255] = 0;
    check(make(name) >= 0 && unlink(name) == 0, "a name of 255 bytes");
    name[255] = 'n';
    name[256] = 0;
    check(fails(open(name, O_CREAT | O_WRONLY, 0644), ENAMETOOLONG), "a name of 256: ENAMETOOLONG");
    static char path[5000];
    memset(path, '/', sizeof(path));
    strcpy(path + 4090, "tmp");
    check(access(path, F_OK) == 0, "a path of 4093 bytes");
    memset(path, '/', 4096);
    strcpy(path + 4093, "tmp");
    check(fails(access(path, F_OK), ENAMETOOLONG), "a path of 4096 bytes: ENAMETOOLONG");
}

static void symbolic_links(void) {
    char text[64];
    make("target");
    check(symlink("target", "link") == 0 && inode_of("link") == inode_of("target"),
          "a link leads on");
    check(readlink("link", text, sizeof(text)) == 6 && memcmp(text, "target", 6) == 0, "its text");
    check(readlink("link", text, 3) == 3, "its text cut to the buffer");
    check(fails(readlink("target", text, sizeof(text)), EINVAL), "readlink of a file: EINVAL");
    check(fails(open("link", O_NOFOLLOW), ELOOP), "O_NOFOLLOW: ELOOP");
    int const place = open("link", O_PATH | O_NOFOLLOW);
    check(place >= 0 && readlinkat(place, "", text, sizeof(text)) == 6,
          "O_PATH of the link itself");
    check(fails(read(place, text, 1), EBADF), "which cannot be read: EBADF");
    close(place);
    check(fails(open("link", O_CREAT | O_EXCL | O_WRONLY, 0644), EEXIST),
          "O_EXCL sees the link: EEXIST");
    check(symlink("unmade", "ahead") == 0 && fails(access("ahead", F_OK), ENOENT),
          "a dangling link");
    check(make("ahead") >= 0 && access("unmade", F_OK) == 0, "O_CREAT through it makes its target");
    check(symlink("loop", "loop") == 0 && fails(access("loop", F_OK), ELOOP), "a loop: ELOOP");
    char from[16], to[16] = "target";
    for (int at = 0; at < 41; ++at) {
        snprintf(from, sizeof(from), "chain%d", at);
        symlink(to, from);
        strcpy(to, from);
    }
    check(access("chain39", F_OK) == 0, "forty links in a row");
    check(fails(access("chain40", F_OK), ELOOP), "forty-one: ELOOP");
    mkdir("d", 0755);
    check(symlink("d", "dl") == 0 && make("dl/in") >= 0 && access("d/in", F_OK) == 0,
          "a link inside a path");
    check(fails(unlink("dl/"), ENOTDIR), "unlink of a link with a slash: ENOTDIR");
    check(fails(rmdir("dl/"), ENOTDIR), "rmdir of a link with a slash: ENOTDIR");
    check(fails(mkdir("dl/", 0755), EEXIST), "mkdir of it: EEXIST");
    struct stat status;
    check(lstat("dl", &status) == 0 && S_ISLNK(status.st_mode) && lstat("dl/", &status) == 0 &&
              S_ISDIR(status.st_mode),
          "lstat of a link, and of what it leads to");
    check(fails(symlink("", "empty"), ENOENT), "an empty text: ENOENT");
    check(fails(symlink("x", "link"), EEXIST), "symlink over a name: EEXIST");
}

static void hard_links(void) {
    make("one");
    check(link("one", "two") == 0 && inode_of("one") == inode_of("two"), "two names of a file");
    check(links_of("one") == 2 && unlink("one") == 0 && links_of("two") == 1, "which counts them");
    check(fails(link("d", "d2"), EPERM), "a directory has one name: EPERM");
    check(fails(link("two", "link"), EEXIST), "link over a name: EEXIST");
    check(fails(link("/proc/uptime", "up"), EXDEV), "link across file systems: EXDEV");
    check(link("link", "linked") == 0 && links_of("target") == 1, "a link to a link is one");
    check(linkat(AT_FDCWD, "link", AT_FDCWD, "through", AT_SYMLINK_FOLLOW) == 0 &&
              links_of("target") == 2,
          "AT_SYMLINK_FOLLOW");
    int const file = open("two", O_RDONLY);
    unlink("two");
    struct stat status;
    check(fstat(file, &status) == 0 && status.st_nlink == 0,
          "a removed file lives while it is open");
    char path[64];
    snprintf(path, sizeof(path), "/proc/self/fd/%d", file);
    check(fails(linkat(AT_FDCWD, path, AT_FDCWD, "again", AT_SYMLINK_FOLLOW), ENOENT),
          "and cannot be named again: ENOENT");
    close(file);
    int const unnamed = open(".", O_TMPFILE | O_RDWR, 0600);
    snprintf(path, sizeof(path), "/proc/self/fd/%d", unnamed);
    check(unnamed >= 0 && linkat(AT_FDCWD, path, AT_FDCWD, "named", AT_SYMLINK_FOLLOW) == 0 &&
              links_of("named") == 1,
          "O_TMPFILE can be named");
    close(unnamed);
}

static void renames(void) {
    make("a");
    make("b");
    ino_t const a = inode_of("a");
    check(rename("a", "b") == 0 && inode_of("b") == a && access("a", F_OK) == -1, "over a file");
    check(rename("b", "b") == 0 && link("b", "b2") == 0 && rename("b", "b2") == 0 &&
              access("b", F_OK) == 0,
          "onto another name of itself: nothing happens");
    mkdir("p", 0755);
    mkdir("p/q", 0755);
    check(fails(rename("p", "p/q/r"), EINVAL), "a directory into itself: EINVAL");
    check(fails(rename("p/q", "p"), ENOTEMPTY), "onto what it lies in: ENOTEMPTY");
    check(fails(rename("b", "p"), EISDIR), "a file onto a directory: EISDIR");
    check(fails(rename("p", "b"), ENOTDIR), "a directory onto a file: ENOTDIR");
    check(fails(rename("b", "c/"), ENOTDIR), "a file to a name with a slash: ENOTDIR");
    check(fails(rename("none", "b"), ENOENT), "of nothing: ENOENT");
    check(fails(rename("p/.", "z"), EBUSY), "of \".\": EBUSY");
    check(fails(rename("b", "/proc/b"), EXDEV), "across file systems: EXDEV");
    mkdir("empty", 0755);
    long const links = links_of(".");
    check(rename("p/q", "empty") == 0 && links_of(".") == links && links_of("p") == 2,
          "a directory over an empty one, and the counts");
    check(fails(syscall(SYS_renameat2, AT_FDCWD, "b", AT_FDCWD, "b2", 1), EEXIST),
          "RENAME_NOREPLACE: EEXIST");
    make("x1");
    mkdir("x2", 0755);
    ino_t const x1 = inode_of("x1"), x2 = inode_of("x2");
    check(syscall(SYS_renameat2, AT_FDCWD, "x1", AT_FDCWD, "x2", 2) == 0 && inode_of("x1") == x2 &&
              inode_of("x2") == x1,
          "RENAME_EXCHANGE");
    char here[PATH_MAX], expected[128];
    mkdir("old", 0755);
    chdir("old");
    rename("../old", "../newer");
    snprintf(expected, sizeof(expected), "%s/newer", base);
    check(getcwd(here, sizeof(here)) && strcmp(here, expected) == 0, "getcwd follows a rename");
    check(fails(syscall(SYS_getcwd, here, 3), ERANGE), "getcwd with too little room: ERANGE");
    rmdir("../newer");
    check(fails(syscall(SYS_getcwd, here, sizeof(here)), ENOENT), "getcwd of what is gone: ENOENT");
    check(fails(make("child"), ENOENT), "a file in it: ENOENT");
    check(chdir("..") == 0 && getcwd(here, sizeof(here)) && strcmp(here, base) == 0,
          "\"..\" of it");
}

static void listing(void) {
    mkdir("list", 0755);
    char name[64];
    for (int at = 0; at < 500; ++at) {
        snprintf(name, sizeof(name), "list/name-%d", at);
        make(name);
    }
    int seen = 0, dots = 0;
    DIR* const directory = opendir("list");
    for (struct dirent* entry; (entry = readdir(directory));) {
        if (entry->d_name[0] == '.')
            dots += 1;
        else
            seen += 1;
        /* What is removed on the way hides nothing else. */
        if (entry->d_name[0] != '.') unlinkat(dirfd(directory), entry->d_name, 0);
    }
    check(seen == 500 && dots == 2, "500 names and two dots, removed while they are listed");
    make("list/later");
    rewinddir(directory);
    seen = 0;
    while (readdir(directory)) seen += 1;
    check(seen == 3, "rewinddir sees what is there now");
    char small[16];
    lseek(dirfd(directory), 0, SEEK_SET);
    check(fails(syscall(SYS_getdents64, dirfd(directory), small, sizeof(small)), EINVAL),
          "no room for one name: EINVAL");
    check(fails(syscall(SYS_getdents64, dirfd(directory), (void*)16, 4096), EFAULT), "EFAULT");
    check(fails(read(dirfd(directory), small, 1), EISDIR), "read of a directory: EISDIR");
    closedir(directory);
    int const file = open("list/later", O_RDONLY);
    check(fails(syscall(SYS_getdents64, file, small, sizeof(small)), ENOTDIR),
          "of a file: ENOTDIR");
    check(fails(openat(file, "x", O_RDONLY), ENOTDIR), "openat below a file: ENOTDIR");
    close(file);
    check(fails(openat(file, "x", O_RDONLY), EBADF), "below what is not open: EBADF");
    int const list = open("list", O_PATH | O_DIRECTORY);
    check(faccessat(list, "later", F_OK, 0) == 0 && faccessat(list, "/tmp", F_OK, 0) == 0,
          "openat and its kin begin at the descriptor");
    struct stat status;
    check(fstatat(list, "", &status, AT_EMPTY_PATH) == 0 && S_ISDIR(status.st_mode),
          "AT_EMPTY_PATH");
    check(fails(fstatat(list, "", &status, 0), ENOENT), "an empty path without it: ENOENT");
    close(list);
}

int main(void) {
    snprintf(base, sizeof(base), "/tmp/tree-%d", getpid());
    check(mkdir(base, 0755) == 0 && chdir(base) == 0, "a place to work in");
    names();
    lengths();
    symbolic_links();
    hard_links();
    renames();
    listing();
    return result_of_checks();
}
