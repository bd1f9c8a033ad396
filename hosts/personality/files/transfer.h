// SPDX-License-Identifier: BSD-2-Clause
// The bytes of one read or write as the caller named them: a buffer or an iovec array in a process,
// or a buffer of the host. Used front to back; nothing here is trusted to stay as it was checked.
#pragma once

#include "hosts/personality/memory/memory.h"

namespace vdsokit::personality {

class Transfer {
public:
    // Linux moves at most this much in one call [include/linux/fs.h MAX_RW_COUNT].
    static constexpr u64 largest = 0x7fff'f000;
    static constexpr u64 most_vectors = 1024;

    Transfer(void* host, u64 size) : host_(static_cast<u8*>(host)), left_(size) {}
    Transfer(Memory& memory, VirtualAddress address, u64 size)
        : memory_(&memory),
          at_(address),
          in_piece_(size < largest ? size : largest),
          left_(in_piece_) {}

    // Makes a transfer of an iovec array: EINVAL for too many vectors or a negative sum, EFAULT for
    // an array that cannot be read.
    static Outcome of_vectors(Memory& memory, VirtualAddress vectors, u64 count, Transfer& to);

    u64 left() const { return left_; }
    u64 done() const { return done_; }

    // Moves `size` <= left() bytes. False: a fault at some byte; what lay before it may have been
    // moved but does not count as done.
    [[nodiscard]] bool put(void const* from, u64 size) { return move(from, nullptr, size); }
    [[nodiscard]] bool take(void* to, u64 size) { return move(nullptr, to, size); }
    [[nodiscard]] bool put_zeros(u64 size);
    // Passes over bytes that an earlier attempt has moved.
    [[nodiscard]] bool skip(u64 size) { return move(nullptr, nullptr, size); }

    // The answer after a fault, or after the end: what was done if anything, else EFAULT.
    Outcome done_or_fault() const {
        return done_ > 0 ? Outcome::done(done_) : Outcome::error(Errno::fault);
    }

private:
    bool move(void const* from, void* to, u64 size);
    bool next_piece();

    Memory* memory_ = nullptr;
    u8* host_ = nullptr;
    VirtualAddress vectors_{0};  // those not yet begun
    u64 vectors_left_ = 0;
    VirtualAddress at_{0};  // in the present piece
    u64 in_piece_ = 0;
    u64 left_ = 0;
    u64 done_ = 0;
};

}  // namespace vdsokit::personality
