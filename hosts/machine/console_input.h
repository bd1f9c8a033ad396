// SPDX-License-Identifier: BSD-2-Clause
// What the launcher sends: bytes of input, with marks between them that begin with an escape byte.
// Bytes wait in a ring until they are read. No device here: unit tests feed it.
#pragma once

#include "arch/types.h"

namespace vdsokit::machine {

// Both directions; twice it stands for itself.
inline constexpr u8 console_escape = 0x10;

class ConsoleInput {
public:
    static constexpr u64 capacity = u64{64} * 1024;

    struct Size {
        u16 rows;
        u16 columns;
    };

    bool is_full() const { return written_ - read_ == capacity; }
    bool is_empty() const { return written_ == read_; }
    // Precondition: !is_full(). Marks that are not known are dropped; so is all after the end.
    void receive(u8 byte);
    // At most `size` bytes; how many.
    u64 read(u8* to, u64 size);
    // The launcher will send no more, and all has been read.
    bool is_ended() const { return has_ended_ && is_empty(); }
    // True once after each new size.
    bool take_size(Size& size);

private:
    enum class State : u8 { plain, escaped, size };

    void mark(u8 byte);
    void size_byte(u8 byte);

    u8 ring_[capacity] = {};
    u64 written_ = 0;  // both count for ever; 2^64 bytes do not arrive
    u64 read_ = 0;
    State state_ = State::plain;
    u8 size_bytes_[4] = {};
    u32 size_count_ = 0;
    Size size_{};
    bool has_size_ = false;
    bool has_ended_ = false;
};

}  // namespace vdsokit::machine
