// SPDX-License-Identifier: BSD-2-Clause
#include "vdso/read_clock.h"

namespace vdsokit::vdso {
namespace {

// The counter as it is, counted from 0: the host publishes no base.
bool read_direct(CounterKind kind, u64 units, Reading& out) {
    u64 const frequency = arch::counter_frequency();
    // The second test keeps the product below inside 64 bits.
    if (frequency == 0 || frequency > ~u64{0} / units) return false;
    u64 const now = arch::read_counter(kind).value;
    out = {static_cast<i64>(now / frequency), now % frequency * units / frequency};
    return true;
}

enum class Attempt { done, changed, impossible };

Attempt attempt(abi::ClockLine const& line, u64 units, Reading& out) {
    u64 const seen = arch::load_acquire(abi::state_word(line));
    u32 const state = static_cast<u32>(seen);
    if (!abi::is_line_state(state)) return Attempt::impossible;
    if ((state & abi::state_locked) != 0) return Attempt::changed;
    abi::ClockMode const mode = abi::mode_of(state);
    switch (mode) {
    case abi::ClockMode::none:
        return Attempt::impossible;
    case abi::ClockMode::counter:
        return read_based(line, CounterKind::virtual_count, seen, units, out) ? Attempt::done
                                                                              : Attempt::changed;
    case abi::ClockMode::physical_counter:
        if (!arch::has_physical_counter) return Attempt::impossible;
        return read_based(line, CounterKind::physical_count, seen, units, out) ? Attempt::done
                                                                               : Attempt::changed;
    case abi::ClockMode::held:
        return try_held(line, units, out) ? Attempt::done : Attempt::changed;
    case abi::ClockMode::direct:
        return read_direct(CounterKind::virtual_count, units, out) ? Attempt::done
                                                                   : Attempt::impossible;
    case abi::ClockMode::direct_physical:
        if (!arch::has_physical_counter) return Attempt::impossible;
        return read_direct(CounterKind::physical_count, units, out) ? Attempt::done
                                                                    : Attempt::impossible;
    }
    return Attempt::impossible;  // a mode that a later version of the page may name
}

}  // namespace

bool read_patiently(abi::ClockLine const& line, u64 units, Reading& out) {
    for (u32 left = patience; left != 0; --left) {
        switch (attempt(line, units, out)) {
        case Attempt::done:
            return true;
        case Attempt::impossible:
            return false;
        case Attempt::changed:
            arch::relax();
        }
    }
    return false;
}

}  // namespace vdsokit::vdso
