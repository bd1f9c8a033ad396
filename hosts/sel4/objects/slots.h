// SPDX-License-Identifier: BSD-2-Clause
// Which slots of the root task's capability space are taken: one bit each. Slots come in nodes that
// are added when needed. Numbers are known in capabilities.cc alone.
#pragma once

#include "arch/types.h"

namespace vdsokit::sel4 {

class SlotMap {
public:
    static constexpr u32 capacity = u32{1} << 22;
    static constexpr u32 none = 0;  // the kernel's null slot

    // Node 0, of which [first_free, end) is free. A node has 2^node_bits slots.
    void start(u32 node_bits, u32 first_free, u32 end) {
        node_bits_ = node_bits;
        nodes_ = 1;
        for (u32 slot = 0; slot < size(); ++slot)
            if (slot < first_free || slot >= end) set(slot);
    }

    u32 node_bits() const { return node_bits_; }
    u32 nodes() const { return nodes_; }
    bool is_full() const { return used_ == size(); }
    bool may_grow() const { return (u64{nodes_} + 1) << node_bits_ <= capacity; }
    // One more node exists.
    void grow() { ++nodes_; }

    // none: all are taken.
    u32 take() {
        if (is_full()) return none;
        u32 const words = size() / 64;
        while (~bits_[hint_ % words] == 0) ++hint_;
        hint_ %= words;
        u32 const slot = hint_ * 64 + static_cast<u32>(__builtin_ctzll(~bits_[hint_]));
        set(slot);
        return slot;
    }
    // `count` neighbours in one node, a multiple of 64. none: no such run.
    u32 take_run(u32 count) {
        u32 const words = count / 64;
        for (u32 at = 0; at + words <= size() / 64; at += words) {
            u64 taken = 0;
            for (u32 word = 0; word < words; ++word) taken |= bits_[at + word];
            if (taken != 0) continue;
            for (u32 word = 0; word < words; ++word) bits_[at + word] = ~u64{0};
            used_ += count;
            return at * 64;
        }
        return none;
    }
    // False: it was free.
    [[nodiscard]] bool give_back(u32 slot) {
        u64 const bit = u64{1} << (slot % 64);
        if ((bits_[slot / 64] & bit) == 0) return false;
        bits_[slot / 64] &= ~bit;
        --used_;
        return true;
    }
    u32 used() const { return used_; }

private:
    u32 size() const { return nodes_ << node_bits_; }
    void set(u32 slot) {
        bits_[slot / 64] |= u64{1} << (slot % 64);
        ++used_;
    }

    u64 bits_[capacity / 64] = {};
    u32 node_bits_ = 0;
    u32 nodes_ = 0;
    u32 used_ = 0;
    u32 hint_ = 0;  // a word in which there may be a free one
};

}  // namespace vdsokit::sel4
