// SPDX-License-Identifier: BSD-2-Clause
#include "hosts/personality/files/transfer.h"

namespace vdsokit::personality {

namespace {

struct Vector {
    u64 base;
    u64 size;
};
static_assert(sizeof(Vector) == 16);

alignas(16) constexpr u8 zeros[1024] = {};

constexpr u64 smaller(u64 a, u64 b) { return a < b ? a : b; }

}  // namespace

Outcome Transfer::of_vectors(Memory& memory, VirtualAddress vectors, u64 count, Transfer& to) {
    if (count > most_vectors) return Outcome::error(Errno::inval);
    u64 sum = 0;
    for (u64 at = 0; at < count; ++at) {
        Vector vector;
        if (!memory.load(vector, {vectors.value + at * sizeof(Vector)}))
            return Outcome::error(Errno::fault);
        // A size that is negative as ssize_t is refused whatever the others are.
        if ((vector.size >> 63) != 0) return Outcome::error(Errno::inval);
        sum += smaller(vector.size, largest - sum);
    }
    to = Transfer(memory, {0}, 0);
    to.vectors_ = vectors;
    to.vectors_left_ = count;
    to.left_ = sum;
    return Outcome::done(sum);
}

// Vectors are read again here: a read into the array itself changes them. left_ bounds the whole.
bool Transfer::next_piece() {
    while (in_piece_ == 0) {
        if (vectors_left_ == 0) return false;
        Vector vector;
        if (!memory_->load(vector, vectors_)) return false;
        vectors_.value += sizeof(Vector);
        vectors_left_ -= 1;
        at_ = {vector.base};
        in_piece_ = smaller(vector.size, left_);
    }
    return true;
}

bool Transfer::move(void const* from, void* to, u64 size) {
    if (size > left_) __builtin_trap();
    u8 const* source = static_cast<u8 const*>(from);
    u8* target = static_cast<u8*>(to);
    while (size > 0) {
        u64 part = size;
        if (host_ != nullptr) {
            if (source != nullptr) __builtin_memcpy(host_, source, part);
            if (target != nullptr) __builtin_memcpy(target, host_, part);
            host_ += part;
        } else {
            if (!next_piece()) return false;
            part = smaller(size, in_piece_);
            if (source != nullptr && !memory_->copy_out(at_, source, part)) return false;
            if (target != nullptr && !memory_->copy_in(target, at_, part)) return false;
            at_.value += part;
            in_piece_ -= part;
        }
        if (source != nullptr) source += part;
        if (target != nullptr) target += part;
        size -= part;
        left_ -= part;
        done_ += part;
    }
    return true;
}

bool Transfer::put_zeros(u64 size) {
    while (size > 0) {
        u64 const part = smaller(size, sizeof(zeros));
        if (!put(zeros, part)) return false;
        size -= part;
    }
    return true;
}

}  // namespace vdsokit::personality
