// SPDX-License-Identifier: BSD-2-Clause
// Formats text into a window of a longer text: the first `skip` bytes and what does not fit are
// counted but not stored. So a /proc file of any length is read in parts without a buffer for all.
#pragma once

#include "arch/types.h"

namespace vdsokit::personality {

class Text {
public:
    Text(void* to, u64 capacity, u64 skip = 0)
        : to_(static_cast<u8*>(to)), capacity_(capacity), skip_(skip) {}

    Text& byte(u8 value);
    Text& add(char const* string);
    Text& add(void const* bytes, u64 size);
    // At least `width` characters, padded on the left.
    Text& decimal(u64 value, u32 width = 0, char pad = ' ');
    Text& signed_decimal(i64 value);
    Text& hexadecimal(u64 value, u32 width = 0, char pad = '0');
    Text& octal(u64 value, u32 width = 0, char pad = '0');
    // Spaces until the text is `column` bytes longer than `from` was.
    Text& pad_to(u64 from, u64 column);

    u64 stored() const { return stored_; }  // bytes in the window
    u64 length() const { return length_; }  // bytes of the whole text so far
    bool is_full() const { return stored_ == capacity_; }

private:
    Text& number(u64 value, u32 base, u32 width, char pad);
    u8* to_;
    u64 capacity_;
    u64 skip_;
    u64 stored_ = 0;
    u64 length_ = 0;
};

}  // namespace vdsokit::personality
