// SPDX-License-Identifier: BSD-2-Clause
// call-image IMAGE TEST: one test of the real image, on its own CPU. Silent and status 0, or one
// line that says what was wrong.
//   unpublished      every function agrees with its system call, for any clock id
//   published        10^6 readings lie between two system calls and never go back
//   held-locks       a line whose writer died is answered by the system call
//   resolution       clock_getres says what the page says
//   direct           without a base, a clock is the counter over its frequency
//   sigreturn        a signal handler returns through the image
#include <signal.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <unistd.h>

#include <cerrno>
#include <climits>
#include <cstdlib>
#include <cstring>
#include <initializer_list>

#include "cpu.h"

#include "abi/shared.h"
#include "test/vdso/guest/mapped_image.h"
#include "test/vdso/guest/published_page.h"

namespace vdsokit::test {
namespace {

using ClockFunction = int(int, timespec*);
using DayFunction = int(timeval*, struct timezone*);

struct Functions {
    explicit Functions(MappedImage const& image)
        : gettime(image.find<ClockFunction>("__kernel_clock_gettime")),
          getres(image.find<ClockFunction>("__kernel_clock_getres")),
          day(image.find<DayFunction>("__kernel_gettimeofday")),
          sigreturn(image.find<void()>("__kernel_rt_sigreturn")) {}
    ClockFunction* gettime;
    ClockFunction* getres;
    DayFunction* day;
    void (*sigreturn)();
};

// What the kernel answers: 0 or a negative errno.
int kernel(long number, long first, void* second) {
    return syscall(number, first, second) == 0 ? 0 : -errno;
}

constexpr int any_clock[] = {0,  1,  2,  3,  4,  5,    6,          7,       8,     9,  10, 11,
                             12, 15, 16, 23, 24, 1000, 0x7fffffff, INT_MIN, -1000, -6, -2, -1};

// gettimeofday is the realtime clock in microseconds, with or without a zone.
void check_day(Functions const& image, i64 late) {
    timeval time{};
    struct timezone zone {
        77, 77
    };
    struct timezone expected {
        77, 77
    };
    syscall(SYS_gettimeofday, nullptr, &expected);
    for (struct timezone* const pointer : {static_cast<struct timezone*>(nullptr), &zone}) {
        i64 const before = nanoseconds(system_clock(CLOCK_REALTIME));
        if (int const result = image.day(&time, pointer)) fail("gettimeofday returned %d", result);
        i64 const after = nanoseconds(system_clock(CLOCK_REALTIME));
        i64 const here = time.tv_sec * 1'000'000 + time.tv_usec;
        if (here < (before - late) / 1000 || here > after / 1000)
            fail("gettimeofday: %ld us is not in %ld..%ld", here, before / 1000, after / 1000);
    }
    if (zone.tz_minuteswest != expected.tz_minuteswest || zone.tz_dsttime != expected.tz_dsttime)
        fail("gettimeofday: the zone is not the kernel's");
    if (image.day(nullptr, nullptr) != 0 || image.day(nullptr, &zone) != 0)
        fail("gettimeofday refuses a null pointer");
}

void unpublished(MappedImage const& mapped) {
    Functions const image(mapped);
    mapped.seal();
    for (int const clock : any_clock) {
        timespec before{};
        timespec here{};
        timespec after{};
        int const expected = kernel(SYS_clock_gettime, clock, &before);
        int const result = image.gettime(clock, &here);
        kernel(SYS_clock_gettime, clock, &after);
        if (result != expected) fail("clock_gettime(%d): %d, kernel %d", clock, result, expected);
        if (result == 0 &&
            (nanoseconds(here) < nanoseconds(before) || nanoseconds(here) > nanoseconds(after)))
            fail("clock_gettime(%d) is not between two system calls", clock);
        timespec resolution{};
        timespec same{};
        int const wanted = kernel(SYS_clock_getres, clock, &same);
        if (image.getres(clock, &resolution) != wanted) fail("clock_getres(%d) differs", clock);
        if (wanted == 0 && nanoseconds(resolution) != nanoseconds(same))
            fail("clock_getres(%d) says %ld ns", clock, nanoseconds(resolution));
        if (image.getres(clock, nullptr) != kernel(SYS_clock_getres, clock, nullptr))
            fail("clock_getres(%d, null) differs", clock);
    }
    check_day(image, 0);
}

void published(MappedImage const& mapped) {
    Functions const image(mapped);
    Published const page = publish(mapped.page(), 1, 4'000'000);
    mapped.seal();
    constexpr int clocks[] = {CLOCK_REALTIME, CLOCK_MONOTONIC, CLOCK_BOOTTIME, CLOCK_TAI};
    i64 last[abi::clock_lines] = {};
    for (int i = 0; i < 250'000; ++i) {
        for (int const clock : clocks) {
            timespec time{};
            i64 const before = nanoseconds(system_clock(clock));
            int const result = image.gettime(clock, &time);
            i64 const after = nanoseconds(system_clock(clock));
            i64 const here = nanoseconds(time);
            if (result != 0) fail("clock_gettime(%d) returned %d", clock, result);
            if (here < before - page.late_ns[clock] || here > after)
                fail("clock_gettime(%d): %ld is not in %ld - %ld .. %ld", clock, here, before,
                     page.late_ns[clock], after);
            if (here < last[clock]) fail("clock_gettime(%d) went back", clock);
            last[clock] = here;
        }
    }
    // Raw is not steered with the others and drifts from them: at most 500 ppm of these seconds.
    timespec raw{};
    image.gettime(CLOCK_MONOTONIC_RAW, &raw);
    if (std::labs(nanoseconds(raw) - nanoseconds(system_clock(CLOCK_MONOTONIC_RAW))) > 100'000'000)
        fail("the raw clock is off");
    // Coarse clocks hold what was published: behind, and standing still.
    for (int const clock : {CLOCK_REALTIME_COARSE, CLOCK_MONOTONIC_COARSE}) {
        timespec first{};
        timespec second{};
        image.gettime(clock, &first);
        image.gettime(clock, &second);
        if (nanoseconds(first) != nanoseconds(second)) fail("clock %d does not hold", clock);
        if (nanoseconds(first) > nanoseconds(system_clock(clock))) fail("clock %d is ahead", clock);
    }
    check_day(image, page.late_ns[CLOCK_REALTIME]);
}

void held_locks(MappedImage const& mapped) {
    Functions const image(mapped);
    publish(mapped.page(), 1, 4'000'000);
    for (abi::ClockLine& line : mapped.page().clocks) {
        abi::store_shared(line.base_seconds, i64{12345});  // half a write: nobody may see it
        abi::store_shared(line.state, line.state | abi::state_locked);
        abi::store_shared(line.sequence, line.sequence | 1);
    }
    mapped.seal();
    for (int const clock : {0, 1, 4, 5, 6, 7, 11}) {
        timespec time{};
        i64 const before = nanoseconds(system_clock(clock));
        if (int const result = image.gettime(clock, &time)) fail("clock %d: %d", clock, result);
        i64 const after = nanoseconds(system_clock(clock));
        if (nanoseconds(time) < before || nanoseconds(time) > after)
            fail("clock_gettime(%d) did not make the system call", clock);
    }
    check_day(image, 0);
}

void resolution(MappedImage const& mapped) {
    Functions const image(mapped);
    publish(mapped.page(), 7, 9'000'000);
    mapped.seal();
    for (int const clock : {0, 1, 4, 5, 6, 7, 11}) {
        timespec time{5, 5};
        if (image.getres(clock, &time) != 0) fail("clock_getres(%d) fails", clock);
        bool const coarse = clock == CLOCK_REALTIME_COARSE || clock == CLOCK_MONOTONIC_COARSE;
        if (nanoseconds(time) != (coarse ? 9'000'000 : 7)) fail("clock_getres(%d) is wrong", clock);
        if (image.getres(clock, nullptr) != 0) fail("clock_getres(%d, null) fails", clock);
    }
}

// As `vdsokit stamp --counter virtual` leaves it: the monotonic clock alone, and nobody publishes.
void direct(MappedImage const& mapped) {
    Functions const image(mapped);
    abi::store_shared(mapped.page().clocks[CLOCK_MONOTONIC].state,
                      abi::state_of(abi::ClockMode::direct));
    mapped.seal();
    u64 const frequency = arch::counter_frequency();
    auto const now = [frequency] {
        u64 const count = arch::read_counter(CounterKind::virtual_count).value;
        u64 const part = count % frequency * 1'000'000'000 / frequency;
        return static_cast<i64>(count / frequency * 1'000'000'000 + part);
    };
    for (int i = 0; i < 100'000; ++i) {
        timespec time{};
        i64 const before = now();
        int const result = image.gettime(CLOCK_MONOTONIC, &time);
        i64 const after = now();
        if (result != 0 || nanoseconds(time) < before || nanoseconds(time) > after)
            fail("%ld is not in %ld..%ld", nanoseconds(time), before, after);
    }
    check_day(image, 0);
}

volatile sig_atomic_t handled = 0;
void handler(int) { handled = handled + 1; }

// As the kernel takes it on aarch64; libc would put its own restorer there.
struct KernelAction {
    void (*handler)(int);
    unsigned long flags;
    void (*restorer)();
    unsigned long mask;
};

void sigreturn(MappedImage const& mapped) {
    Functions const image(mapped);
    constexpr unsigned long use_restorer = 0x0400'0000;
    KernelAction const action{handler, use_restorer, image.sigreturn, 0};
    if (syscall(SYS_rt_sigaction, SIGUSR1, &action, nullptr, sizeof(action.mask)) != 0)
        fail("no handler could be set");
    for (int i = 1; i <= 3; ++i) {
        raise(SIGUSR1);
        if (handled != i) fail("the handler ran %d times, not %d", static_cast<int>(handled), i);
    }
    // What unwinders compare at the return address, and in front of it. [libgcc linux-unwind.h]
    u32 const expected[] = {0xd503'201f, 0xd280'1168, 0xd400'0001};
    if (std::memcmp(reinterpret_cast<char const*>(image.sigreturn) - 4, expected,
                    sizeof(expected)) != 0)
        fail("the instructions are not those that unwinders know");
}

struct Test {
    char const* name;
    void (*run)(MappedImage const&);
};
constexpr Test tests[] = {{"unpublished", unpublished}, {"published", published},
                          {"held-locks", held_locks},   {"resolution", resolution},
                          {"direct", direct},           {"sigreturn", sigreturn}};

}  // namespace
}  // namespace vdsokit::test

int main(int argc, char** argv) {
    using namespace vdsokit::test;
    if (argc != 3) fail("usage: call-image IMAGE TEST");
    MappedImage const image(argv[1]);
    for (Test const& test : tests) {
        if (std::strcmp(test.name, argv[2]) != 0) continue;
        test.run(image);
        return 0;
    }
    fail("no test %s", argv[2]);
}
