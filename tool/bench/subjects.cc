// SPDX-License-Identifier: BSD-2-Clause
#include "tool/bench/subjects.h"

#include "cpu.h"

#include <sched.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <unistd.h>

#include <cmath>
#include <ctime>
#include <map>

#include <fmt/format.h>

namespace vdsokit::bench {

namespace {

using ClockFunction = int(clockid_t, timespec*);
using DayFunction = int(timeval*, void*);
using TimeFunction = time_t(time_t*);
using CpuFunction = int(unsigned*, unsigned*, void*);
using RandomFunction = ssize_t(void*, size_t, unsigned, void*, size_t);

// libc and the kernel in the form of a vDSO's function.
int call_gettime(clockid_t clock, timespec* time) {
    return static_cast<int>(syscall(SYS_clock_gettime, clock, time));
}
int call_getres(clockid_t clock, timespec* time) {
    return static_cast<int>(syscall(SYS_clock_getres, clock, time));
}
int call_day(timeval* time, void* zone) {
    return static_cast<int>(syscall(SYS_gettimeofday, time, zone));
}
int libc_cpu(unsigned* cpu, unsigned* node, void*) { return ::getcpu(cpu, node); }
int call_cpu(unsigned* cpu, unsigned* node, void* unused) {
    return static_cast<int>(syscall(SYS_getcpu, cpu, node, unused));
}
ssize_t libc_random(void* buffer, size_t size, unsigned flags, void*, size_t) {
    return ::getrandom(buffer, size, flags);
}
ssize_t call_random(void* buffer, size_t size, unsigned flags, void*, size_t) {
    return syscall(SYS_getrandom, buffer, size, flags);
}
#ifdef SYS_time
time_t call_time(time_t* time) { return syscall(SYS_time, time); }
#else
constexpr TimeFunction* call_time = nullptr;
#endif

template <class Call>
[[gnu::always_inline]] inline u64 cycles_of(u32 count, Call call) {
    u64 const begin = arch::read_counter(CounterKind::virtual_count).value;
    for (u32 i = 0; i < count; ++i) call();
    return arch::read_counter(CounterKind::virtual_count).value - begin;
}

u64 counter_loop(u32 count) {
    return cycles_of(count, [] { arch::read_counter(CounterKind::virtual_count); });
}

template <class Function>
Function* as(AnyFunction function) {
    return reinterpret_cast<Function*>(function);
}

u64 clock_loop(AnyFunction any, u32 clock, u32 count) {
    auto* const function = as<ClockFunction>(any);
    timespec time;
    return cycles_of(count, [&] { function(static_cast<clockid_t>(clock), &time); });
}

u64 day_loop(AnyFunction any, u32, u32 count) {
    auto* const function = as<DayFunction>(any);
    timeval time;
    return cycles_of(count, [&] { function(&time, nullptr); });
}

u64 time_loop(AnyFunction any, u32, u32 count) {
    auto* const function = as<TimeFunction>(any);
    return cycles_of(count, [&] { function(nullptr); });
}

u64 cpu_loop(AnyFunction any, u32, u32 count) {
    auto* const function = as<CpuFunction>(any);
    unsigned cpu;
    unsigned node;
    return cycles_of(count, [&] { function(&cpu, &node, nullptr); });
}

// What a process keeps for each thread; asked of the function itself. [Linux uapi/linux/random.h]
struct RandomState {
    struct {
        u32 size, protection, flags, reserved[13];
    } wanted{};
    void* place = nullptr;

    explicit RandomState(RandomFunction* function) {
        if (function(nullptr, 0, 0, &wanted, ~size_t{0}) != 0) return;
        void* const mapped = mmap(nullptr, page(), static_cast<int>(wanted.protection),
                                  static_cast<int>(wanted.flags), -1, 0);
        if (mapped != MAP_FAILED) place = mapped;
    }
    ~RandomState() {
        if (place != nullptr) munmap(place, page());
    }
    RandomState(RandomState const&) = delete;
    RandomState& operator=(RandomState const&) = delete;
    static size_t page() { return static_cast<size_t>(sysconf(_SC_PAGESIZE)); }
};

u64 plain_random_loop(RandomFunction* function, u32 count) {
    u8 buffer[16];
    return cycles_of(count, [&] { function(buffer, sizeof buffer, 0, nullptr, 0); });
}

u64 random_loop(AnyFunction any, u32, u32 count) {
    auto* const function = as<RandomFunction>(any);
    if (function == libc_random || function == call_random)
        return plain_random_loop(function, count);
    // One for each function: ours and the kernel's need not agree on what it holds.
    thread_local std::map<AnyFunction, RandomState> states;
    RandomState const& state = states.try_emplace(any, function).first->second;
    u8 buffer[16];
    return cycles_of(count,
                     [&] { function(buffer, sizeof buffer, 0, state.place, state.wanted.size); });
}

struct Known {
    char const* function;
    Loop loop;
    AnyFunction libc;
    AnyFunction system_call;
    bool has_clock;
};

template <class Function>
AnyFunction any(Function* function) {
    return reinterpret_cast<AnyFunction>(function);
}

std::vector<Known> known_functions() {
    return {
        {"clock_gettime", clock_loop, any<ClockFunction>(::clock_gettime), any(call_gettime), true},
        {"gettimeofday", day_loop, any<DayFunction>(::gettimeofday), any(call_day), false},
        {"time", time_loop, any<TimeFunction>(::time), any<TimeFunction>(call_time), false},
        {"clock_getres", clock_loop, any<ClockFunction>(::clock_getres), any(call_getres), true},
        {"getcpu", cpu_loop, any(libc_cpu), any(call_cpu), false},
        {"getrandom", random_loop, any(libc_random), any(call_random), false},
    };
}

struct NamedClock {
    char const* name;
    clockid_t number;
};
constexpr NamedClock clocks[] = {
    {"MONOTONIC", CLOCK_MONOTONIC},
    {"REALTIME", CLOCK_REALTIME},
    {"MONOTONIC_RAW", CLOCK_MONOTONIC_RAW},
    {"BOOTTIME", CLOCK_BOOTTIME},
    {"TAI", CLOCK_TAI},
    {"MONOTONIC_COARSE", CLOCK_MONOTONIC_COARSE},
    {"REALTIME_COARSE", CLOCK_REALTIME_COARSE},
};

double seconds_of(timespec time) {
    return static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec);
}

}  // namespace

char const* name_of(Subject subject) {
    switch (subject) {
    case Subject::own: return "vdsokit";
    case Subject::kernel: return "kernel vDSO";
    case Subject::libc: return "libc";
    case Subject::system_call: return "system call";
    case Subject::counter: return "bare counter";
    case Subject::other: return "other image";
    }
    return "";
}

u64 Row::run(Subject subject, u32 count) const {
    if (subject == Subject::counter) return counter_loop(count);
    return loop(functions[index_of(subject)], clock_number, count);
}

std::vector<Row> rows(VdsoFunctions const& own, VdsoFunctions const& kernel,
                      VdsoFunctions const& other) {
    std::vector<Row> all;
    for (Known const& known : known_functions()) {
        AnyFunction const ours = own.find(known.function);
        if (ours == nullptr) continue;
        Row row{known.function,
                "",
                0,
                known.loop,
                {ours, kernel.find(known.function), known.libc, known.system_call, nullptr,
                 other.find(known.function)}};
        if (!known.has_clock) {
            all.push_back(row);
            continue;
        }
        for (NamedClock const& clock : clocks) {
            // Of clock_getres one clock of each kind is enough: it looks no further.
            bool const fine = clock.number == CLOCK_MONOTONIC;
            if (row.function == "clock_getres" && !fine && clock.number != CLOCK_MONOTONIC_COARSE)
                continue;
            row.clock = clock.name;
            row.clock_number = static_cast<u32>(clock.number);
            all.push_back(row);
        }
    }
    return all;
}

std::string fault_of(Row const& row) {
    if (row.function != "clock_gettime") return "";
    auto const clock = static_cast<clockid_t>(row.clock_number);
    timespec ours{};
    timespec theirs{};
    int const status = as<ClockFunction>(row.functions[index_of(Subject::own)])(clock, &ours);
    if (status != 0) return fmt::format("{} of our image returns {}", row.label(), status);
    // Raw, boottime and TAI begin elsewhere: no host of ours set them here.
    if (clock != CLOCK_MONOTONIC && clock != CLOCK_REALTIME) return "";
    call_gettime(clock, &theirs);
    double const off = seconds_of(ours) - seconds_of(theirs);
    if (std::abs(off) > 0.1)
        return fmt::format("{} of our image is off by {:.3f} s", row.label(), off);
    return "";
}

}  // namespace vdsokit::bench
