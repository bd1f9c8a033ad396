// SPDX-License-Identifier: BSD-2-Clause
#include "vdso/read_clock.h"

#include "vdso/chained_clock.h"

namespace vdsokit::vdso {
namespace {

// Not inlined: one copy serves both counters.
[[gnu::noinline]] Attempt read_published(abi::ClockLine const& line, CounterKind kind, u64 seen,
                                         u32 units, Reading& out) {
    abi::Instant now;
    if (!read_based(line, kind, seen, now)) return Attempt::changed;
    out = reading_of(now, units);
    return Attempt::done;
}

// The counter as it is, counted from 0: the host publishes no base. The state is compared again, so
// that nobody runs past the base of a host that begins to publish.
Attempt read_direct(abi::ClockLine const& line, CounterKind kind, u64 seen, u32 units,
                    Reading& out) {
    u64 const frequency = arch::counter_frequency();
    // The second test keeps the product below inside 64 bits.
    if (frequency == 0 || frequency > ~u64{0} / units) return Attempt::impossible;
    Cycles const now = arch::read_counter(kind);
    if (!arch::unchanged_after(now, abi::state_word(line), seen)) return Attempt::changed;
    Division const seconds = arch::divide(now.value, frequency);
    u64 const part = arch::divide(seconds.remainder * units, frequency).quotient;
    out = {static_cast<i64>(seconds.quotient), part};
    return Attempt::done;
}

Attempt read_held(abi::ClockLine const& line, u64 seen, u32 units, Reading& out) {
    abi::Instant base;
    if (!try_base(line, seen, base)) return Attempt::changed;
    out = reading_of(base, units);
    return Attempt::done;
}

Attempt attempt(abi::ClockLine const& line, u32 clock, u32 units, Reading& out) {
    u64 const seen = load_state(line);
    u32 const state = static_cast<u32>(seen);
    if (!abi::is_line_state(state)) return Attempt::impossible;
    if ((state & abi::state_locked) != 0) return Attempt::changed;
    abi::ClockMode const mode = abi::mode_of(state);
    switch (mode) {
    case abi::ClockMode::none: return Attempt::impossible;
    case abi::ClockMode::counter:
        return read_published(line, CounterKind::virtual_count, seen, units, out);
    case abi::ClockMode::physical_counter:
        if (!arch::has_physical_counter) return Attempt::impossible;
        return read_published(line, CounterKind::physical_count, seen, units, out);
    case abi::ClockMode::held: return read_held(line, seen, units, out);
    case abi::ClockMode::direct:
        return read_direct(line, CounterKind::virtual_count, seen, units, out);
    case abi::ClockMode::direct_physical:
        if (!arch::has_physical_counter) return Attempt::impossible;
        return read_direct(line, CounterKind::physical_count, seen, units, out);
    case abi::ClockMode::chained:
        if (!arch::can_chain) return Attempt::impossible;
        return try_chained(line, clock, seen, units, out);
    }
    return Attempt::impossible;  // a mode that a later version of the page may name
}

}  // namespace

bool read_patiently(abi::ClockLine const& line, u32 clock, u32 units, Reading& out) {
    for (u32 left = patience; left != 0; --left) {
        switch (attempt(line, clock, units, out)) {
        case Attempt::done: return true;
        case Attempt::impossible: return false;
        case Attempt::changed: arch::relax();
        }
    }
    return false;
}

}  // namespace vdsokit::vdso
