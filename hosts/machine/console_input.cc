// SPDX-License-Identifier: BSD-2-Clause
#include "hosts/machine/console_input.h"

namespace vdsokit::machine {

void ConsoleInput::receive(u8 byte) {
    switch (state_) {
    case State::plain:
        if (byte == console_escape)
            state_ = State::escaped;
        else if (!has_ended_)
            ring_[written_++ % capacity] = byte;
        return;
    case State::escaped: mark(byte); return;
    case State::size: size_byte(byte); return;
    }
}

void ConsoleInput::mark(u8 byte) {
    state_ = State::plain;
    if (byte == console_escape) {
        if (!has_ended_) ring_[written_++ % capacity] = byte;
    } else if (byte == 'E') {
        has_ended_ = true;
    } else if (byte == 'W') {
        state_ = State::size;
        size_count_ = 0;
    }
}

// Rows, then columns, each little-endian.
void ConsoleInput::size_byte(u8 byte) {
    size_bytes_[size_count_++] = byte;
    if (size_count_ < 4) return;
    size_.rows = static_cast<u16>(size_bytes_[0] | size_bytes_[1] << 8);
    size_.columns = static_cast<u16>(size_bytes_[2] | size_bytes_[3] << 8);
    has_size_ = true;
    state_ = State::plain;
}

u64 ConsoleInput::read(u8* to, u64 size) {
    u64 count = 0;
    while (count < size && !is_empty()) to[count++] = ring_[read_++ % capacity];
    return count;
}

bool ConsoleInput::take_size(Size& size) {
    if (!has_size_) return false;
    size = size_;
    has_size_ = false;
    return true;
}

}  // namespace vdsokit::machine
