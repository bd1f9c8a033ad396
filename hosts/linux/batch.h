// SPDX-License-Identifier: BSD-2-Clause
// The steps that a process makes between its exec and its first instruction, on our behalf and
// without a stop in between. arch/<cpu>/linux_batch.s executes them, out of the unused end of the
// kernel's own vDSO; they lie below the process's stack pointer.
#pragma once

#include <utility>
#include <vector>

#include "arch/types.h"

extern "C" {
extern vdsokit::u8 const vdsokit_batch_begin[];
extern vdsokit::u8 const vdsokit_batch_end[];
}

namespace vdsokit::on_linux {

// A system call's number, or one of these.
inline constexpr u64 step_copy = ~u64{0};     // words: to, from, how many (not 0)
inline constexpr u64 step_add = ~u64{0} - 1;  // *to = *from + number: to, from, number
// No call has failed since the last of these: to the first, else to the second.
inline constexpr u64 step_branch = ~u64{0} - 2;
inline constexpr u64 step_leave = ~u64{0} - 3;  // zero words, then go: from, to, how many

struct BatchStep {
    u64 number;
    u64 arguments[6];
    u64 result;  // of a system call; a negative errno where it failed
};
static_assert(sizeof(BatchStep) == 64 && offsetof(BatchStep, result) == 56);

constexpr bool failed(u64 result) { return result > ~u64{4095}; }

// A list of steps that will stand at a known address of the process.
class Batch {
public:
    Batch(u64 address, u64 capacity) : address_(address) { steps_.reserve(capacity); }

    // Their index.
    u64 call(long number, u64 a = 0, u64 b = 0, u64 c = 0, u64 d = 0, u64 e = 0, u64 f = 0) {
        return add({static_cast<u64>(number), {a, b, c, d, e, f}, 0});
    }
    u64 add(BatchStep const& step) {
        steps_.push_back(step);
        return steps_.size() - 1;
    }
    BatchStep& operator[](u64 index) { return steps_[index]; }

    u64 address_of(u64 index) const { return address_ + index * sizeof(BatchStep); }
    u64 argument_at(u64 index, u64 argument) const {
        return address_of(index) + offsetof(BatchStep, arguments) + argument * sizeof(u64);
    }
    u64 result_at(u64 index) const { return address_of(index) + offsetof(BatchStep, result); }

    u64 size() const { return steps_.size(); }
    std::vector<BatchStep> take() { return std::move(steps_); }

private:
    u64 address_;
    std::vector<BatchStep> steps_;
};

}  // namespace vdsokit::on_linux
