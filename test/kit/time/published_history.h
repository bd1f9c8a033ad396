// SPDX-License-Identifier: BSD-2-Clause
// What a page's lines said after each change, so that a reading can be compared with what exact
// arithmetic makes of them. One publisher, any number of readers.
#pragma once

#include <array>
#include <atomic>
#include <memory>

#include "cpu.h"

#include "abi/conversion.h"
#include "abi/shared.h"
#include "abi/time_page.h"

namespace vdsokit::test {

// 2^-31 s since the clock's start, half a nanosecond: what one word can compare, and what the
// readers' 32-bit units can say. Rounded down once, from 128 bits.
inline constexpr u32 reading_bits = 31;
inline u64 exact_reading(abi::LineValues const& line, Cycles counter) {
    __extension__ using u128 = unsigned __int128;
    u128 const scaled = (counter.value - line.cycle_last) << line.shift;
    u128 const base = u128{static_cast<u64>(line.base_seconds)} << 64 | line.base_fraction;
    return static_cast<u64>((base + (scaled * line.mult >> 32)) >> (64 - reading_bits));
}

class PublishedHistory {
public:
    // A reading lies between the two, and so does what it was read from.
    struct Span {
        u64 first;
        u64 last;
    };
    enum class Verdict { right, wrong, unknown };

    explicit PublishedHistory(abi::TimePage const& page)
        : page_(page), records_(std::make_unique<Records>()) {}

    // The publisher, around each change, the first one included.
    void begin() { begun_.store(count_ + 1, std::memory_order_seq_cst); }
    void end() {
        count_ += 1;
        for (u32 id = 0; id < abi::clock_lines; ++id)
            store(record(count_, id), page_.clocks[id], id);
        done_.store(count_, std::memory_order_release);
    }

    // A reader, before and after its reading.
    u64 done() const { return done_.load(std::memory_order_seq_cst); }
    u64 begun() const { return begun_.load(std::memory_order_seq_cst); }

    // Waits until the changes of `span` are known, as they soon are.
    void wait_for(u64 change) const {
        while (done_.load(std::memory_order_acquire) < change) arch::relax();
    }

    // Could `reading` be what the line of `id` said at some moment of `span`, at some value of the
    // counter between `from` and `to`?
    Verdict judge(u32 id, Span span, u64 reading, Cycles from, Cycles to) const {
        return judge_by(id, span, [=](Record const& line, Cycles end) {
            return fits(line, reading, from, to.value < end.value ? to : end);
        });
    }

    // The same for the fields and the counter themselves, as one reader saw them.
    Verdict judge(u32 id, Span span, abi::LineValues const& values, Cycles counter) const {
        return judge_by(id, span, [&values, counter](Record const& line, Cycles end) {
            abi::LineValues const& said = line.values;
            return said.cycle_last == values.cycle_last && said.mult == values.mult &&
                   said.base_fraction == values.base_fraction &&
                   said.base_seconds == values.base_seconds && said.shift == values.shift &&
                   counter.value <= end.value;
        });
    }

private:
    static constexpr u64 kept = 4096;

    struct Record {
        u32 state;
        u32 is_blurred;  // it was written more than once, and what it said between is not known
        abi::LineValues values;
        abi::ClockMode mode() const { return abi::mode_of(state); }
    };
    struct Records {
        std::array<std::array<Record, abi::clock_lines>, kept> of;
    };

    template <class Fits>
    Verdict judge_by(u32 id, Span span, Fits fits) const {
        if (span.last - span.first >= kept / 2) return Verdict::unknown;
        bool is_known = true;
        for (u64 change = span.first; change <= span.last; ++change) {
            Record const line = load(record(change, id));
            is_known = is_known && line.is_blurred == 0;
            // Where the next line begins, if it has a beginning of its own: nobody may be past that
            // on this one.
            Cycles end{~u64{0}};
            if (change != span.last) {
                Record const next = load(record(change + 1, id));
                if (next.mode() == abi::ClockMode::counter && line.mode() == next.mode() &&
                    next.values.cycle_last > line.values.cycle_last)
                    end = {next.values.cycle_last};
            }
            if (fits(line, end)) return Verdict::right;
        }
        // The ring went round meanwhile: what was compared with may be of another change.
        if (done() - span.first >= kept / 2) return Verdict::unknown;
        return is_known ? Verdict::wrong : Verdict::unknown;
    }

    Record& record(u64 change, u32 id) { return records_->of[change % kept][id]; }
    Record const& record(u64 change, u32 id) const { return records_->of[change % kept][id]; }

    void store(Record& to, abi::ClockLine const& line, u32 id) {
        using abi::store_shared;
        store_shared(to.state, line.state);
        store_shared(to.is_blurred, u32{line.sequence - sequences_[id] > 2});
        store_shared(to.values.cycle_last, line.cycle_last);
        store_shared(to.values.mult, line.mult);
        store_shared(to.values.base_fraction, line.base_fraction);
        store_shared(to.values.base_seconds, line.base_seconds);
        store_shared(to.values.shift, line.shift);
        sequences_[id] = line.sequence;
    }
    static Record load(Record const& from) {
        using abi::load_shared;
        return {.state = load_shared(from.state),
                .is_blurred = load_shared(from.is_blurred),
                .values = {.cycle_last = load_shared(from.values.cycle_last),
                           .mult = load_shared(from.values.mult),
                           .base_fraction = load_shared(from.values.base_fraction),
                           .base_seconds = load_shared(from.values.base_seconds),
                           .shift = load_shared(from.values.shift)}};
    }

    static bool fits(Record const& line, u64 reading, Cycles from, Cycles to) {
        if (line.mode() == abi::ClockMode::held)
            return reading == exact_reading({.cycle_last = 0,
                                             .mult = 0,
                                             .base_fraction = line.values.base_fraction,
                                             .base_seconds = line.values.base_seconds,
                                             .shift = 0},
                                            {0});
        if (line.mode() != abi::ClockMode::counter) return false;
        // Nobody reads the counter through a line before the line was made.
        u64 const last = line.values.cycle_last;
        Cycles const earliest{from.value < last ? last : from.value};
        if (to.value < earliest.value) return false;
        return reading >= exact_reading(line.values, earliest) &&
               reading <= exact_reading(line.values, to);
    }

    abi::TimePage const& page_;
    std::unique_ptr<Records> records_;
    std::array<u32, abi::clock_lines> sequences_{};
    u64 count_ = 0;
    std::atomic<u64> begun_{0};
    std::atomic<u64> done_{0};
};

}  // namespace vdsokit::test
