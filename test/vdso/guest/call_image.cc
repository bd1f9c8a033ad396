// SPDX-License-Identifier: BSD-2-Clause
// call-image IMAGE TEST: one test of the real image, on its own CPU. Silent and status 0, or one
// line that says what was wrong.
//   unpublished      every function agrees with its system call, for any clock id
//   counted          readings are what the counter said in between, to the nanosecond
//   published        10^6 readings lie between two system calls and never go back (aarch64)
//   held             a coarse clock says what was published, and stands still
//   held-locks       a line whose writer died is answered by the system call
//   odd-counts       so is one that was left with an odd count and no lock
//   resolution       clock_getres says what the page says
//   direct           without a base, a clock is the counter over its frequency (Arm's CPUs)
//   narrow           the functions with 32-bit structures say the same, and make their own calls
//   own-calls        getcpu, time and what else a CPU's image answers by the kernel
//   sigreturn        a signal handler returns, and unwinds, through the image
#include <sys/time.h>

#include <climits>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <initializer_list>

#include "cpu.h"

#include "abi/conversion.h"
#include "abi/shared.h"
#include "test/vdso/guest/image_functions.h"
#include "test/vdso/guest/published_page.h"
#include "test/vdso/guest/tests.h"

namespace vdsokit::test {
namespace {

constexpr int any_clock[] = {0,  1,  2,  3,  4,  5,    6,          7,       8,     9,  10, 11,
                             12, 15, 16, 23, 24, 1000, 0x7fffffff, INT_MIN, -1000, -6, -2, -1};

long long shown(i64 number) { return number; }

// gettimeofday is the realtime clock in microseconds, with or without a zone.
void check_day(Functions const& image, i64 late) {
    vdso::Timeval time{};
    vdso::Timezone zone{77, 77};
    vdso::Timezone expected{77, 77};
    kernel(arch::call::gettimeofday, nullptr, &expected);
    for (vdso::Timezone* const pointer : {static_cast<vdso::Timezone*>(nullptr), &zone}) {
        i64 const before = nanoseconds(system_clock(CLOCK_REALTIME));
        if (int const result = image.day(&time, pointer)) fail("gettimeofday returned %d", result);
        i64 const after = nanoseconds(system_clock(CLOCK_REALTIME));
        i64 const here = i64{time.seconds} * 1'000'000 + time.microseconds;
        if (here < (before - late) / 1000 || here > after / 1000)
            fail("gettimeofday: %lld us is not in %lld..%lld", shown(here), shown(before / 1000),
                 shown(after / 1000));
    }
    if (zone.minutes_west != expected.minutes_west || zone.dst != expected.dst)
        fail("gettimeofday: the zone is not the kernel's");
    if (image.day(nullptr, nullptr) != 0 || image.day(nullptr, &zone) != 0)
        fail("gettimeofday refuses a null pointer");
}

void unpublished(MappedImage const& mapped) {
    Functions const image(mapped);
    mapped.seal();
    for (int const clock : any_clock) {
        vdso::Timespec before{};
        vdso::Timespec here{};
        vdso::Timespec after{};
        int const expected = kernel(arch::call::clock_gettime, clock, &before);
        int const result = image.gettime(static_cast<u32>(clock), &here);
        kernel(arch::call::clock_gettime, clock, &after);
        if (result != expected) fail("clock_gettime(%d): %d, kernel %d", clock, result, expected);
        if (result == 0 &&
            (nanoseconds(here) < nanoseconds(before) || nanoseconds(here) > nanoseconds(after)))
            fail("clock_gettime(%d) is not between two system calls", clock);
        vdso::Timespec resolution{};
        vdso::Timespec same{};
        int const wanted = kernel(arch::call::clock_getres, clock, &same);
        if (image.getres(static_cast<u32>(clock), &resolution) != wanted)
            fail("clock_getres(%d) differs", clock);
        if (wanted == 0 && nanoseconds(resolution) != nanoseconds(same))
            fail("clock_getres(%d) says %lld ns", clock, shown(nanoseconds(resolution)));
        if (image.getres(static_cast<u32>(clock), nullptr) !=
            kernel(arch::call::clock_getres, clock, nullptr))
            fail("clock_getres(%d, null) differs", clock);
    }
    check_day(image, 0);
}

// At 1 GHz a cycle is a nanosecond, so what is expected needs no arithmetic but a subtraction. The
// base lies far back: all words of the counter and of the product count.
void counted(MappedImage const& mapped) {
    Functions const image(mapped);
    constexpr i64 base = 1'700'000'000;
    u64 const past = arch::read_counter(CounterKind::virtual_count).value - (u64{1} << 50);
    publish_gigahertz(mapped.page(), past, base);
    mapped.seal();
    auto const now = [past] {
        u64 const cycles = arch::read_counter(CounterKind::virtual_count).value - past;
        return base * 1'000'000'000 + static_cast<i64>(cycles);
    };
    for (int i = 0; i < 20'000; ++i) {
        for (u32 const clock : {0u, 1u, 4u, 7u, 11u}) {
            vdso::Timespec time{};
            i64 const before = now();
            int const result = image.gettime(clock, &time);
            i64 const after = now();
            // The multiplication rounds down: 999'999'999.99 of 10^9.
            if (result != 0 || nanoseconds(time) < before - 1 || nanoseconds(time) > after)
                fail("clock_gettime(%u): %lld is not in %lld..%lld", clock,
                     shown(nanoseconds(time)), shown(before), shown(after));
            if (time.nanoseconds < 0 || time.nanoseconds > 999'999'999)
                fail("clock_gettime(%u): %lld ns", clock, shown(time.nanoseconds));
        }
        vdso::Timeval day{};
        i64 const before = now();
        int const result = image.day(&day, nullptr);
        i64 const after = now();
        i64 const here = i64{day.seconds} * 1'000'000 + day.microseconds;
        if (result != 0 || here < (before - 1) / 1000 || here > after / 1000)
            fail("gettimeofday: %lld is not in %lld..%lld", shown(here), shown(before),
                 shown(after));
    }
}

void published(MappedImage const& mapped) {
    Functions const image(mapped);
    Published const page = publish(mapped.page(), 1, 4'000'000);
    mapped.seal();
    constexpr int clocks[] = {CLOCK_REALTIME, CLOCK_MONOTONIC, CLOCK_BOOTTIME, CLOCK_TAI};
    i64 last[abi::clock_lines] = {};
    for (int i = 0; i < 250'000; ++i) {
        for (int const clock : clocks) {
            vdso::Timespec time{};
            i64 const before = nanoseconds(system_clock(clock));
            int const result = image.gettime(static_cast<u32>(clock), &time);
            i64 const after = nanoseconds(system_clock(clock));
            i64 const here = nanoseconds(time);
            if (result != 0) fail("clock_gettime(%d) returned %d", clock, result);
            if (here < before - page.late_ns[clock] || here > after)
                fail("clock_gettime(%d): %lld is not in %lld - %lld .. %lld", clock, shown(here),
                     shown(before), shown(page.late_ns[clock]), shown(after));
            if (here < last[clock]) fail("clock_gettime(%d) went back", clock);
            last[clock] = here;
        }
    }
    // Raw is not steered with the others and drifts from them: at most 500 ppm of these seconds.
    vdso::Timespec raw{};
    image.gettime(CLOCK_MONOTONIC_RAW, &raw);
    if (std::llabs(nanoseconds(raw) - nanoseconds(system_clock(CLOCK_MONOTONIC_RAW))) > 100'000'000)
        fail("the raw clock is off");
    check_day(image, page.late_ns[CLOCK_REALTIME]);
}

// Coarse clocks hold what was published.
void held(MappedImage const& mapped) {
    Functions const image(mapped);
    publish(mapped.page(), 1, 4'000'000);
    mapped.seal();
    for (u32 const clock : {u32{CLOCK_REALTIME_COARSE}, u32{CLOCK_MONOTONIC_COARSE}}) {
        abi::ClockLine const& line = mapped.page().clocks[clock];
        u32 const part = abi::units_of(line.base_fraction, abi::nanoseconds_per_second);
        for (int i = 0; i < 3; ++i) {
            vdso::Timespec time{};
            if (image.gettime(clock, &time) != 0 || time.seconds != line.base_seconds ||
                time.nanoseconds != part)
                fail("clock_gettime(%u) does not hold", clock);
        }
    }
}

void never_finished(MappedImage const& mapped, u32 lock) {
    Functions const image(mapped);
    publish(mapped.page(), 1, 4'000'000);
    for (abi::ClockLine& line : mapped.page().clocks) {
        abi::store_shared(line.base_seconds, i64{12345});  // half a write: nobody may see it
        abi::store_shared(line.state, line.state | lock);
        abi::store_shared(line.sequence, line.sequence | 1);
    }
    mapped.seal();
    for (int const clock : {0, 1, 4, 5, 6, 7, 11}) {
        vdso::Timespec time{};
        i64 const before = nanoseconds(system_clock(clock));
        if (int const result = image.gettime(static_cast<u32>(clock), &time))
            fail("clock %d: %d", clock, result);
        i64 const after = nanoseconds(system_clock(clock));
        if (nanoseconds(time) < before || nanoseconds(time) > after)
            fail("clock_gettime(%d) did not make the system call", clock);
    }
    check_day(image, 0);
}

void held_locks(MappedImage const& mapped) { never_finished(mapped, abi::state_locked); }

// A writer that knows no lock, as of a plain seqlock.
void odd_counts(MappedImage const& mapped) { never_finished(mapped, 0); }

void resolution(MappedImage const& mapped) {
    Functions const image(mapped);
    publish(mapped.page(), 7, 9'000'000);
    mapped.seal();
    for (u32 const clock : {0u, 1u, 4u, 5u, 6u, 7u, 11u}) {
        vdso::Timespec time{5, 5};
        if (image.getres(clock, &time) != 0) fail("clock_getres(%u) fails", clock);
        bool const coarse = clock == CLOCK_REALTIME_COARSE || clock == CLOCK_MONOTONIC_COARSE;
        if (nanoseconds(time) != (coarse ? 9'000'000 : 7)) fail("clock_getres(%u) is wrong", clock);
        if (image.getres(clock, nullptr) != 0) fail("clock_getres(%u, null) fails", clock);
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
    for (int i = 0; i < 50'000; ++i) {
        vdso::Timespec time{};
        i64 const before = now();
        int const result = image.gettime(CLOCK_MONOTONIC, &time);
        i64 const after = now();
        if (result != 0 || nanoseconds(time) < before || nanoseconds(time) > after)
            fail("%lld is not in %lld..%lld", shown(nanoseconds(time)), shown(before),
                 shown(after));
    }
    check_day(image, 0);
}

struct Test {
    char const* name;
    void (*run)(MappedImage const&);
};
constexpr Test tests[] = {{"unpublished", unpublished}, {"counted", counted},
                          {"published", published},     {"held", held},
                          {"held-locks", held_locks},   {"odd-counts", odd_counts},
                          {"resolution", resolution},   {"direct", direct},
                          {"narrow", narrow},           {"own-calls", own_calls},
                          {"sigreturn", sigreturn}};

}  // namespace
}  // namespace vdsokit::test

int main(int argc, char** argv) {
    using namespace vdsokit::test;
    if (argc != 3) fail("usage: call-image IMAGE TEST");
    prepare_counter();
    MappedImage const image(argv[1]);
    for (Test const& test : tests) {
        if (std::strcmp(test.name, argv[2]) != 0) continue;
        test.run(image);
        return 0;
    }
    fail("no test %s", argv[2]);
}
