// SPDX-License-Identifier: BSD-2-Clause
// The demonstration's program, built once for each libc and linkage. It makes clock calls, counts
// them, times them, and says so in one line:
//   probe: pid=3 how=library libc=musl linkage=static threads=1 calls=209000 calls_timed=200000 nanoseconds=...
// probe library COUNT: by the C library, which asks the vDSO. probe system COUNT: by the system call.
// PROBE_LIBC, PROBE_LINKAGE and PROBE_THREADS come from the build. Fails if a clock goes back.
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

typedef long long Nanoseconds;
typedef int (*ClockGettime)(clockid_t, struct timespec*);

struct Work {
    ClockGettime clock_gettime;
    long count;
    long calls;         // made, of all kinds
    const char* fault;  // what went wrong, or NULL
};

/* Where time_t is wider than a long, the call is another one. */
#ifdef SYS_clock_gettime
enum { clock_gettime_number = SYS_clock_gettime };
#else
enum { clock_gettime_number = SYS_clock_gettime64 };
#endif

static int by_system_call(clockid_t id, struct timespec* time) {
    return (int)syscall(clock_gettime_number, id, time);
}

static Nanoseconds nanoseconds(struct timespec time) {
    return time.tv_sec * 1000000000LL + time.tv_nsec;
}

// Every clock that the vDSO answers from its page, one after the other.
static void visit_clocks(struct Work* work) {
    static const clockid_t clocks[] = {
        CLOCK_REALTIME,         CLOCK_MONOTONIC, CLOCK_MONOTONIC_RAW, CLOCK_REALTIME_COARSE,
        CLOCK_MONOTONIC_COARSE, CLOCK_BOOTTIME,  CLOCK_TAI,
    };
    for (size_t at = 0; at < sizeof clocks / sizeof clocks[0]; ++at) {
        Nanoseconds last = 0;
        for (int turn = 0; turn < 1000; ++turn) {
            struct timespec now;
            ++work->calls;
            if (work->clock_gettime(clocks[at], &now) != 0) work->fault = "clock_gettime failed";
            if (nanoseconds(now) < last) work->fault = "a clock went back";
            last = nanoseconds(now);
        }
    }
}

// The other two functions that a program asks the wall clock by.
static void visit_wall_clock(struct Work* work) {
    for (int turn = 0; turn < 1000; ++turn) {
        struct timeval now;
        work->calls += 2;
        if (gettimeofday(&now, NULL) != 0) work->fault = "gettimeofday failed";
        time_t const seconds = time(NULL);
        if (seconds < now.tv_sec - 1 || seconds > now.tv_sec + 60)
            work->fault = "time() and gettimeofday() differ";
    }
}

static void* ask_often(void* argument) {
    struct Work* const work = argument;
    Nanoseconds last = 0;
    for (long turn = 0; turn < work->count; ++turn) {
        struct timespec now;
        work->clock_gettime(CLOCK_MONOTONIC, &now);
        if (nanoseconds(now) < last) work->fault = "CLOCK_MONOTONIC went back";
        last = nanoseconds(now);
    }
    work->calls += work->count;
    return NULL;
}

// Wall time of all threads together: there is one CPU, so it is the sum of what the calls took.
static Nanoseconds time_calls(struct Work work[PROBE_THREADS]) {
    struct timespec start, end;
    work[0].calls += 2;
    work[0].clock_gettime(CLOCK_MONOTONIC, &start);
    pthread_t threads[PROBE_THREADS];
    for (int at = 1; at < PROBE_THREADS; ++at)
        if (pthread_create(&threads[at], NULL, ask_often, &work[at]) != 0) abort();
    ask_often(&work[0]);
    for (int at = 1; at < PROBE_THREADS; ++at) pthread_join(threads[at], NULL);
    work[0].clock_gettime(CLOCK_MONOTONIC, &end);
    return nanoseconds(end) - nanoseconds(start);
}

int main(int argc, char** argv) {
    int const library = argc == 3 && strcmp(argv[1], "library") == 0;
    if (!library && (argc != 3 || strcmp(argv[1], "system") != 0)) {
        fputs("usage: probe library|system COUNT\n", stderr);
        return 2;
    }
    struct Work work[PROBE_THREADS];
    for (int at = 0; at < PROBE_THREADS; ++at)
        work[at] = (struct Work){library ? clock_gettime : by_system_call, atol(argv[2]), 0, NULL};

    Nanoseconds const taken = time_calls(work);
    visit_clocks(&work[0]);
    if (library) visit_wall_clock(&work[0]);

    long calls = 0;
    for (int at = 0; at < PROBE_THREADS; ++at) {
        calls += work[at].calls;
        if (work[at].fault != NULL) {
            fprintf(stderr, "probe: %s\n", work[at].fault);
            return 1;
        }
    }
    printf(
        "probe: pid=%d how=%s libc=%s linkage=%s threads=%d calls=%ld calls_timed=%ld "
        "nanoseconds=%lld\n",
        (int)getpid(), argv[1], PROBE_LIBC, PROBE_LINKAGE, PROBE_THREADS, calls,
        PROBE_THREADS * work[0].count, taken);
    return 0;
}
