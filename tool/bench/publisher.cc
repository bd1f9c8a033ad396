// SPDX-License-Identifier: BSD-2-Clause
#include "tool/bench/publisher.h"

#include "cpu.h"

#include <chrono>
#include <ctime>

#include "tool/bench/failure.h"

namespace vdsokit::bench {

namespace {

using Clock = std::chrono::steady_clock;
using Seconds = std::chrono::duration<double>;

kit::Timespec kernel_clock(clockid_t clock) {
    timespec time{};
    clock_gettime(clock, &time);
    return {time.tv_sec, static_cast<u32>(time.tv_nsec)};
}

// The counter and the kernel's raw clock at one moment, as nearly as a few tries get.
struct Moment {
    u64 counter;
    double seconds;
};

Moment moment() {
    Moment best{};
    u64 shortest = ~u64{0};
    for (int i = 0; i < 64; ++i) {
        u64 const before = arch::read_counter(CounterKind::virtual_count).value;
        kit::Timespec const time = kernel_clock(CLOCK_MONOTONIC_RAW);
        u64 const after = arch::read_counter(CounterKind::virtual_count).value;
        if (after - before >= shortest) continue;
        shortest = after - before;
        best = {before + shortest / 2, static_cast<double>(time.seconds) + 1e-9 * time.nanoseconds};
    }
    return best;
}

}  // namespace

u64 counter_frequency() {
    if (u64 const stated = arch::counter_frequency(); stated != 0) return stated;
    Moment const begin = moment();
    std::this_thread::sleep_for(std::chrono::milliseconds(200));
    Moment const end = moment();
    return static_cast<u64>(static_cast<double>(end.counter - begin.counter) /
                            (end.seconds - begin.seconds));
}

Publisher::Publisher(std::vector<abi::TimePage*> const& pages, u64 frequency)
    : timekeepers_(pages.size()) {
    for (std::size_t at = 0; at < pages.size(); ++at) {
        // A tick makes the coarse clocks what they are on a host that has one; a publish is one.
        auto const started = timekeepers_[at].start({.clocksource = {frequency, 64},
                                                     .realtime = kernel_clock(CLOCK_REALTIME),
                                                     .monotonic = kernel_clock(CLOCK_MONOTONIC),
                                                     .tick = {1'000'000}});
        if (!started) throw Failure{status_failed, "no time can be kept from this CPU's counter"};
        timekeepers_[at].attach(*pages[at]);
    }
}

void Publisher::start(u32 writes_per_second, double owed) {
    writes_ = 0;
    owed_ = 0;
    if (writes_per_second == 0) return;
    is_stopping_ = false;
    thread_ = std::thread([this, writes_per_second, owed] { run(writes_per_second, owed); });
}

double Publisher::stop() {
    is_stopping_ = true;
    if (thread_.joinable()) thread_.join();
    return owed_;
}

void Publisher::run(u32 writes_per_second, double owed) {
    auto const period =
        std::chrono::duration_cast<Clock::duration>(Seconds(1.0 / writes_per_second));
    auto const patience = std::chrono::milliseconds(5);  // how late a stop is noticed
    auto next = Clock::now() + period - std::chrono::duration_cast<Clock::duration>(Seconds(owed));
    while (!is_stopping_) {
        auto const now = Clock::now();
        if (now < next) {
            std::this_thread::sleep_for(std::min<Clock::duration>(next - now, patience));
            continue;
        }
        for (kit::Timekeeper& timekeeper : timekeepers_) timekeeper.publish();
        ++writes_;
        next += period;
    }
    owed_ = std::max(0.0, Seconds(Clock::now() - (next - period)).count());
}

}  // namespace vdsokit::bench
