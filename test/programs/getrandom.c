/* SPDX-License-Identifier: BSD-2-Clause */
/* getrandom in the vDSO, used as a C library uses it: the probe, a mapping of the kind that it asks
 * for, a state for each thread. Then what only the kernel can keep of that promise: such a mapping is
 * empty in a child, goes first when memory is short, and a new seed reaches every state. */
#define _GNU_SOURCE
#include <pthread.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <unistd.h>

#include "check.h"
#include "vdso.h"

typedef ssize_t (*RandomFunction)(void*, size_t, unsigned, void*, size_t);

/* [Linux include/uapi/linux/random.h, mman.h] */
struct Parameters {
    uint32_t size, protection, flags, reserved[13];
};
enum { map_droppable = 8, wipe_on_fork = 18, keep_on_fork = 19, do_dump = 17 };

static RandomFunction draw;
static struct Parameters asked;
static size_t page_size;

static RandomFunction find(void) {
    char* at = vdso_function("__kernel_getrandom");
    if (at == NULL) at = vdso_function("__vdso_getrandom");
    return (RandomFunction)(void*)at;
}

/* Taking all memory there is would be no kindness to any other kernel. */
static int is_ours(void) {
    struct utsname names;
    return uname(&names) == 0 && strcmp(names.nodename, "vdsokit") == 0 &&
           strcmp(names.version, "#1") == 0;
}

static char* new_page(void) {
    char* const page = mmap(NULL, page_size, (int)asked.protection, (int)asked.flags, -1, 0);
    return page == MAP_FAILED ? NULL : page;
}

static int is_zero(char const* bytes, size_t size) {
    for (size_t at = 0; at < size; ++at)
        if (bytes[at] != 0) return 0;
    return 1;
}

/* As many states as a page holds, none across its end, each on cache lines of its own. */
static int every_place(char* page) {
    size_t const step = (asked.size + 63) & ~(size_t)63;
    for (size_t at = 0; at + asked.size <= page_size; at += step) {
        char bytes[64] = {0};
        if (draw(bytes, sizeof bytes, 0, page + at, asked.size) != sizeof bytes) return 0;
        if (is_zero(bytes, sizeof bytes)) return 0;
    }
    return 1;
}

static int compare(void const* a, void const* b) { return memcmp(a, b, 16); }

/* Whether all of them differ. Sorts. */
static int all_differ(char (*chunks)[16], size_t count) {
    qsort(chunks, count, sizeof *chunks, compare);
    for (size_t i = 1; i < count; ++i)
        if (memcmp(chunks[i - 1], chunks[i], 16) == 0) return 0;
    return 1;
}

enum { thread_count = 4, per_thread = 5000 };
static char drawn[thread_count * per_thread][16];

static void* draw_many(void* place) {
    char(*const to)[16] = place;
    char* const state = new_page();
    for (int i = 0; i < per_thread; ++i)
        if (state == NULL || draw(to[i], 16, 0, state, asked.size) != 16) return place;
    return NULL;
}

static int threads_differ(void) {
    pthread_t threads[thread_count];
    int failed = 0;
    for (int i = 0; i < thread_count; ++i)
        if (pthread_create(&threads[i], NULL, draw_many, drawn[i * per_thread]) != 0) return 0;
    for (int i = 0; i < thread_count; ++i) {
        void* result = NULL;
        pthread_join(threads[i], &result);
        failed |= result != NULL;
    }
    return !failed && all_differ(drawn, thread_count * per_thread);
}

/* A child finds its state empty and draws bytes of its own. */
static int fork_parts(char* state) {
    char here[32], there[32];
    int ends[2], status = 1;
    if (draw(here, 8, 0, state, asked.size) != 8 || is_zero(state, asked.size) || pipe(ends) != 0)
        return 0;
    pid_t const child = fork();
    if (child == 0) {
        int const was_empty = is_zero(state, page_size);
        int const got = draw(there, 32, 0, state, asked.size) == 32;
        _exit(was_empty && got && write(ends[1], there, 32) == 32 ? 0 : 1);
    }
    waitpid(child, &status, 0);
    if (status != 0 || read(ends[0], there, 32) != 32) return 0;
    return draw(here, 32, 0, state, asked.size) == 32 && memcmp(here, there, 32) != 0;
}

/* A child takes all memory there is and is ended for it. */
static void eat_memory(void) {
    pid_t const child = fork();
    if (child == 0) {
        size_t const size = (size_t)64 << 20;
        for (;;) {
            char* const more = mmap(NULL, size, PROT_READ | PROT_WRITE,
                                    MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
            for (size_t at = 0; more != MAP_FAILED && at < size; at += page_size) more[at] = 1;
        }
    }
    waitpid(child, NULL, 0);
}

/* Our state's generation. [abi/random_line.h] */
static uint64_t generation_of(char const* state) {
    uint64_t generation;
    memcpy(&generation, state + 128, sizeof generation);
    return generation;
}

/* The kernel seeds itself anew from time to time; nothing else changes the number. */
static int reseed_is_seen(char* state) {
    char bytes[8];
    if (draw(bytes, 8, 0, state, asked.size) != 8) return 0;
    uint64_t const first = generation_of(state);
    for (int tenth = 0; tenth < 1200; ++tenth) {
        usleep(100 * 1000);
        if (draw(bytes, 8, 0, state, asked.size) != 8) return 0;
        if (generation_of(state) != first) return first != 0;
    }
    return 0;
}

int main(void) {
    page_size = (size_t)sysconf(_SC_PAGESIZE);
    draw = find();
    if (!check(draw != NULL, "the vDSO has getrandom")) return result_of_checks();
    memset(&asked, 0xff, sizeof asked);
    check(draw(NULL, 0, 0, &asked, ~(size_t)0) == 0, "the probe is answered");
    check(asked.size != 0 && asked.size <= page_size && is_zero((char*)asked.reserved, 52),
          "a state fits a page, and the rest of the answer is zero");
    char* const page = new_page();
    if (!check(page != NULL, "memory of the kind asked for can be mapped"))
        return result_of_checks();
    check(every_place(page), "every place of a page serves as a state");
    check(draw(drawn, 16, 0, page + page_size - asked.size + 1, asked.size) == -EFAULT,
          "a state across the end of a page is refused");
    int whole = 1;
    static char bytes[1263];
    for (int i = 0; i < 1000; ++i)
        whole &= draw(bytes, sizeof bytes, 0, page, asked.size) == sizeof bytes;
    check(whole, "a thousand long calls are answered whole");
    check(draw(bytes, 16, 0xff00, page, asked.size) == -EINVAL, "unknown flags are refused");
    check(threads_differ(), "no two threads draw the same bytes");
    check(fork_parts(page), "a child finds no key and goes its own way");

    int const droppable = asked.flags & 15;
    if (droppable == map_droppable) {
        errno = 0;
        check(mmap(NULL, page_size, 3, map_droppable | MAP_ANONYMOUS | MAP_LOCKED, -1, 0) ==
                      MAP_FAILED &&
                  errno == EINVAL,
              "what may be dropped cannot be locked");
        check(mmap(NULL, page_size, 3, map_droppable, 0, 0) == MAP_FAILED,
              "a file cannot be mapped so");
        check(madvise(page, page_size, keep_on_fork) == -1 && errno == EINVAL,
              "nor be kept in a child");
        check(madvise(page, page_size, do_dump) == -1 && errno == EINVAL, "nor be dumped");
        check(madvise(page, page_size, wipe_on_fork) == 0, "that it is wiped may be said again");
    }
    if (is_ours()) {
        check(reseed_is_seen(page), "a new seed of the kernel reaches the state");
        eat_memory();
        check(is_zero(page, asked.size), "memory that is short takes the state");
        check(draw(bytes, 100, 0, page, asked.size) == 100 && generation_of(page) != 0 &&
                  !is_zero(bytes, 100),
              "and the next call makes a new one");
    }
    return result_of_checks();
}
