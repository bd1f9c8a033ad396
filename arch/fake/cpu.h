// SPDX-License-Identifier: BSD-2-Clause
// A CPU for unit tests: the counter is a variable that the test sets, and a hook runs at each
// point where another CPU could act. Single-threaded. Contract in arch/README.md.
#pragma once

#include "arch/types.h"

namespace vdsokit::arch {

// The word may be declared as two halves.
using SharedWord [[gnu::may_alias]] = u64;
using SharedHalf [[gnu::may_alias]] = u32;
[[gnu::always_inline]] inline SharedWord const* shared(u64 const& word) {
    return reinterpret_cast<SharedWord const*>(&word);
}

inline constexpr bool has_physical_counter = true;
inline constexpr bool can_chain = true;
inline constexpr bool chains_at_once = true;
inline constexpr bool judges_count = false;
inline constexpr bool reads_lines = false;

// Where a reader or writer stands when the hook is called.
enum class Step {
    loaded_state,
    between_loads,
    before_counter,
    after_counter,
    locked,
    before_unlock,
    relaxed
};

struct Fake {
    u64 counter = 0;         // both kinds read this
    u64 physical_ahead = 0;  // the physical counter reads this much more
    u64 frequency = 0;       // what counter_frequency() says
    void (*hook)(Step) = nullptr;
};
inline Fake fake;

inline void step(Step at) {
    if (fake.hook != nullptr) fake.hook(at);
}

inline Wide multiply_wide(u64 a, u64 b) {
    __extension__ using u128 = unsigned __int128;
    u128 const product = static_cast<u128>(a) * b;
    return {static_cast<u64>(product >> 64), static_cast<u64>(product)};
}

inline Division divide(u64 dividend, u64 divisor) {
    return {dividend / divisor, dividend % divisor};
}

inline u64 load_acquire(u64 const& word) {
    u64 const value = __atomic_load_n(shared(word), __ATOMIC_ACQUIRE);
    step(Step::loaded_state);
    return value;
}

template <class T>
inline T const* behind(u64, T const* place) {
    return place;
}

template <u64 Offset>
inline void load_pair(void const* base, u64& first, u64& second) {
    auto const* const words = static_cast<SharedWord const*>(base) + Offset / 8;
    first = __atomic_load_n(words, __ATOMIC_RELAXED);
    step(Step::between_loads);
    second = __atomic_load_n(words + 1, __ATOMIC_RELAXED);
    step(Step::between_loads);
}

template <u64 Offset>
inline u32 load_half(void const* base) {
    auto const* const halves = static_cast<SharedHalf const*>(base) + Offset / 4;
    u32 const value = __atomic_load_n(halves, __ATOMIC_RELAXED);
    step(Step::between_loads);
    return value;
}

template <class T>
inline T const* pin(T const* place) {
    return place;
}

inline void order_loads() {}

inline Cycles read_counter(CounterKind kind) {
    step(Step::before_counter);
    u64 const ahead = kind == CounterKind::physical_count ? fake.physical_ahead : 0;
    Cycles const value{fake.counter + ahead};
    step(Step::after_counter);
    return value;
}

inline bool unchanged(u64 const& word, u64 seen) { return load_acquire(word) == seen; }

inline bool unchanged_after(Cycles, u64 const& word, u64 seen) {
    return __atomic_load_n(shared(word), __ATOMIC_RELAXED) == seen;
}

inline void order_stores() { step(Step::before_unlock); }

inline void publish_barrier() { step(Step::locked); }

inline u64 counter_frequency() { return fake.frequency; }

inline void relax() { step(Step::relaxed); }

}  // namespace vdsokit::arch
