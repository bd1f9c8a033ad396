// SPDX-License-Identifier: BSD-2-Clause
// A page, the fake counter and the fake kernel, fresh for each test of the readers.
#pragma once

#include "cpu.h"
#include "system_call.h"

#include <gtest/gtest.h>

#include <functional>

#include "abi/conversion.h"
#include "abi/time_page.h"

namespace vdsokit::vdso {

// Which ids the page answers; for the others only the kernel knows.
inline constexpr u32 page_clocks[] = {0, 1, 4, 5, 6, 7, 11};
inline constexpr u32 monotonic = 1;

class ReaderTest : public testing::Test {
protected:
    // 2^32 Hz and shift 0: a cycle is 2^-32 s, and every expected value is exact.
    static constexpr u64 frequency = u64{1} << 32;

    ReaderTest() {
        // A reader that goes past the last line finds one that answers.
        for (abi::ClockLine& line : memory.beyond) line = line_of(1, abi::ClockMode::counter);
        arch::fake = {};
        arch::fake_kernel = {};
        hook_ = nullptr;
        arch::fake.hook = [](arch::Step step) {
            if (hook_) hook_(step);
        };
    }
    ~ReaderTest() override { arch::fake.hook = nullptr; }

    // What the line of clock `id` says; base and counter differ between any two clocks.
    static abi::ClockLine line_of(u32 id, abi::ClockMode mode) {
        abi::ClockLine line{};
        line.state = abi::state_of(mode);
        line.sequence = 2 * id;
        line.cycle_last = 1000 + id;
        line.mult = ~u64{0};  // 2^64 - 1: one cycle less a 2^-64th
        line.base_fraction = (u64{1} << 61) + (u64{id} << 50);
        line.base_seconds = 1'000'000 * (i64{id} + 1);
        line.shift = 0;
        return line;
    }

    void publish(abi::ClockMode mode) {
        for (u32 const id : page_clocks) page.clocks[id] = line_of(id, mode);
    }

    static abi::Instant expected(abi::ClockLine const& line, u64 counter) {
        return abi::instant_at({.cycle_last = line.cycle_last,
                                .mult = line.mult,
                                .base_fraction = line.base_fraction,
                                .base_seconds = line.base_seconds,
                                .shift = line.shift},
                               {counter});
    }

    struct {
        abi::TimePage page = abi::unpublished_page();
        abi::ClockLine beyond[4];
    } memory;
    abi::TimePage& page = memory.page;
    static inline std::function<void(arch::Step)> hook_;
};

}  // namespace vdsokit::vdso
