// SPDX-License-Identifier: BSD-2-Clause
#include "hosts/uexec/counter_publisher.h"

#include <cmath>
#include <csetjmp>
#include <csignal>
#include <cstdlib>

#include "cpu.h"
#include "linux_counter.h"

namespace vdsokit::uexec {

namespace {

constexpr i64 second = abi::nanoseconds_per_second;
constexpr i64 millisecond = 1'000'000;
constexpr i64 measured_for = 15 * millisecond;  // twice
constexpr int longest_pause = 1000;
// What slewing at 500 ppm cannot make good within minutes is another counter than the one measured.
constexpr i64 lag_limit = 100 * millisecond;
constexpr double parts_per_billion = 1e9;
// Below this the pause is too short for the samples' precision to tell a rate.
constexpr i64 shortest_for_rate = 200 * millisecond;

using on_linux::KernelReading;

sigjmp_buf after_fault;
[[noreturn]] void on_fault(int) { siglongjmp(after_fault, 1); }

// A kernel, or an emulator, may forbid it to programs.
bool counter_can_be_read() {
    int const faults[] = {SIGILL, SIGSEGV};
    struct sigaction before[2]{};
    struct sigaction action {};
    action.sa_handler = on_fault;
    for (int at = 0; at < 2; ++at) sigaction(faults[at], &action, &before[at]);
    bool answers = false;
    if (sigsetjmp(after_fault, 1) == 0) {
        static_cast<void>(arch::read_counter(CounterKind::virtual_count));
        answers = true;
    }
    for (int at = 0; at < 2; ++at) sigaction(faults[at], &before[at], nullptr);
    return answers;
}

i64 nanoseconds_between(KernelReading const& from, KernelReading const& to) {
    auto const span = kit::difference(kit::precise(to.says), kit::precise(from.says));
    return kit::nearest_nanoseconds(span).value;
}

// Cycles a second.
double rate_between(KernelReading const& from, KernelReading const& to) {
    return static_cast<double>(to.middle().value - from.middle().value) /
           static_cast<double>(nanoseconds_between(from, to)) * double{second};
}

// In cycles: how far middle() may be from the moment of which the clock spoke.
double uncertainty(KernelReading const& reading) {
    return static_cast<double>(reading.after.value - reading.before.value) / 2;
}

bool differ(double one, double other, double tolerance) {
    return !(one >= other * (1 - tolerance) && one <= other * (1 + tolerance));
}

KernelReading raw_reading() { return on_linux::read_closely(CLOCK_MONOTONIC_RAW); }

void wait(i64 nanoseconds) {
    timespec const span{0, static_cast<long>(nanoseconds)};
    nanosleep(&span, nullptr);
}

}  // namespace

std::unique_ptr<CounterPublisher> CounterPublisher::make(long long wall_offset, std::string& why) {
    std::unique_ptr<CounterPublisher> publisher(new CounterPublisher(wall_offset));
    if (!counter_can_be_read()) {
        why = "the CPU's counter cannot be read here";
        return nullptr;
    }
    if (!arch::counter_is_steady()) {
        why = arch::unsteady_counter;
        return nullptr;
    }
    if (!publisher->measure(why) || !publisher->start(why)) return nullptr;
    return publisher;
}

bool CounterPublisher::measure(std::string& why) {
    first_ = raw_reading();
    wait(measured_for);
    KernelReading const middle = raw_reading();
    wait(measured_for);
    KernelReading const last = raw_reading();
    double const rate = rate_between(first_, last);
    // A part in a thousand, and what the readings do not know themselves.
    double const tolerance =
        1e-3 + 2 * (uncertainty(first_) + uncertainty(middle) + uncertainty(last)) /
                   static_cast<double>(last.middle().value - first_.middle().value);
    if (differ(rate_between(first_, middle), rate_between(middle, last), tolerance)) {
        why = "the CPU's counter does not run evenly by the host's clock";
        return false;
    }
    u64 const stated = arch::counter_frequency();
    is_stated_ = stated != 0 && !differ(rate, static_cast<double>(stated), tolerance);
    frequency_ = is_stated_ ? stated : static_cast<u64>(std::llround(rate));
    next_measure_ = nanoseconds_of(CLOCK_MONOTONIC) + second;
    return true;
}

// The Timekeeper reads the counter itself, a little after the host's clock was asked; how much is
// found by comparing, and made good at the next attempt. Nothing is published meanwhile.
bool CounterPublisher::start(std::string& why) {
    constexpr int attempts = 5;
    wall_lead_ = on_linux::ahead_of_monotonic(CLOCK_REALTIME, 0).nanoseconds;
    asleep_ = std::max<i64>(0, on_linux::ahead_of_monotonic(CLOCK_BOOTTIME, 0).nanoseconds);
    i64 const raw_lead = on_linux::ahead_of_monotonic(CLOCK_MONOTONIC_RAW, 0).nanoseconds;
    i64 late = 0;
    for (int left = attempts; left != 0; --left) {
        keeper_ = kit::Timekeeper();
        i64 const monotonic = nanoseconds_of(CLOCK_MONOTONIC) + late;
        // Sleep counts for the wall clock, too, which it has in it already.
        kit::Timespec before_sleep = timespec_of_nanoseconds(monotonic + wall_lead_ - asleep_);
        before_sleep.seconds += wall_offset_;
        auto const started = keeper_.start(
            {.clocksource = {.frequency = frequency_, .counter_bits = arch::counter_bits},
             .realtime = before_sleep,
             .monotonic = timespec_of_nanoseconds(monotonic),
             .raw_ahead = {raw_lead}});
        if (!started) {
            bool const by_time = started.error() == kit::TimeError::before_system_start ||
                                 started.error() == kit::TimeError::time_out_of_range;
            why = by_time ? "with this --offset the wall clock is out of a clock's range"
                          : "the counter's frequency is out of range";
            return false;
        }
        Sample<i64> const gap = lag();
        if (std::abs(gap.value) <= gap.window) break;
        late += gap.value;
    }
    static_cast<void>(keeper_.add_suspend({static_cast<u64>(asleep_)}));
    static_cast<void>(keeper_.set_tai_offset(on_linux::tai_seconds()));
    last_follow_ = nanoseconds_of(CLOCK_MONOTONIC);
    return true;
}

Sample<i64> CounterPublisher::lag() const {
    auto result = sample(CLOCK_MONOTONIC, [this] {
        kit::Timespec const now = keeper_.read(abi::ClockId::monotonic).value();
        return now.seconds * second + now.nanoseconds;
    });
    result.value = result.nanoseconds - result.value;
    return result;
}

int CounterPublisher::follow() {
    keeper_.advance();
    Sample<i64> const gap = lag();
    if (std::abs(gap.value) > lag_limit) {
        withdraw();
        return -1;
    }
    follow_frequency(gap.nanoseconds, gap.value);
    if (std::abs(gap.value) > gap.window) static_cast<void>(keeper_.slew_offset({gap.value}));
    follow_wall_clock();
    last_follow_ = gap.nanoseconds;
    pause_ = std::min(2 * pause_, longest_pause);
    u64 const due = keeper_.next_update().after.value / u64{millisecond} + 1;
    return static_cast<int>(std::min<u64>(static_cast<u64>(pause_), due));
}

// The lag is what the rate was wrong by since the last time; half of it goes into the rate, so that
// the noise of a sample does not. The counter itself is measured again and again over twice the
// time, because the raw clock has nothing else to follow by.
void CounterPublisher::follow_frequency(i64 now, i64 lag) {
    double by = keeper_.frequency().value;
    i64 const passed = now - last_follow_;
    if (passed >= shortest_for_rate)
        by += static_cast<double>(lag) / static_cast<double>(passed) * parts_per_billion / 2;
    if (!is_stated_ && now >= next_measure_) {
        KernelReading const raw = raw_reading();
        next_measure_ = now + nanoseconds_between(first_, raw);
        u64 const better = static_cast<u64>(std::llround(rate_between(first_, raw)));
        if (keeper_.change_clocksource({.frequency = better, .counter_bits = arch::counter_bits}))
            by += (static_cast<double>(better) / static_cast<double>(frequency_) - 1) *
                  parts_per_billion;
        frequency_ = better;
    }
    double const limit = kit::rate_limit_ppb;
    by = std::min(std::max(by, -limit), limit);
    i32 const rate = static_cast<i32>(by);
    if (rate != keeper_.frequency().value) static_cast<void>(keeper_.slew_frequency({rate}));
}

// Someone may set the host's wall clock, announce a leap second, or put the machine to sleep.
void CounterPublisher::follow_wall_clock() {
    auto const asleep = on_linux::ahead_of_monotonic(CLOCK_BOOTTIME, asleep_);
    if (asleep.has_changed && asleep.nanoseconds > asleep_) {
        i64 const slept = asleep.nanoseconds - asleep_;
        static_cast<void>(keeper_.add_suspend({static_cast<u64>(slept)}));
        wall_lead_ += slept;
        asleep_ = asleep.nanoseconds;
    }
    auto const wall = on_linux::ahead_of_monotonic(CLOCK_REALTIME, wall_lead_);
    if (wall.has_changed) {
        kit::Timespec now = timespec_of_nanoseconds(nanoseconds_of(CLOCK_REALTIME));
        now.seconds += wall_offset_;
        static_cast<void>(keeper_.step_realtime(now));
        wall_lead_ = wall.nanoseconds;
    }
    i32 const tai = on_linux::tai_seconds();
    if (tai != keeper_.tai_offset()) static_cast<void>(keeper_.set_tai_offset(tai));
}

std::string CounterPublisher::description() const {
    return "from the counter, " + std::to_string(frequency_) + " Hz " +
           (is_stated_ ? "as the CPU states" : "as measured");
}

}  // namespace vdsokit::uexec
