// SPDX-License-Identifier: BSD-2-Clause
#include "hosts/personality/text.h"

namespace vdsokit::personality {

Text& Text::byte(u8 value) {
    if (length_ >= skip_ && stored_ < capacity_) to_[stored_++] = value;
    ++length_;
    return *this;
}

Text& Text::add(char const* string) {
    for (; *string != 0; ++string) byte(static_cast<u8>(*string));
    return *this;
}

Text& Text::add(void const* bytes, u64 size) {
    u8 const* const from = static_cast<u8 const*>(bytes);
    for (u64 at = 0; at < size; ++at) byte(from[at]);
    return *this;
}

Text& Text::number(u64 value, u32 base, u32 width, char pad) {
    u8 digits[22];  // 2^64 in octal
    u32 count = 0;
    do {
        digits[count++] = static_cast<u8>("0123456789abcdef"[value % base]);
        value /= base;
    } while (value != 0);
    for (u32 at = count; at < width; ++at) byte(static_cast<u8>(pad));
    while (count > 0) byte(digits[--count]);
    return *this;
}

Text& Text::decimal(u64 value, u32 width, char pad) { return number(value, 10, width, pad); }

Text& Text::signed_decimal(i64 value) {
    if (value >= 0) return number(static_cast<u64>(value), 10, 0, ' ');
    byte('-');
    return number(~static_cast<u64>(value) + 1, 10, 0, ' ');
}

Text& Text::hexadecimal(u64 value, u32 width, char pad) { return number(value, 16, width, pad); }

Text& Text::octal(u64 value, u32 width, char pad) { return number(value, 8, width, pad); }

Text& Text::pad_to(u64 from, u64 column) {
    while (length_ < from + column) byte(' ');
    return *this;
}

}  // namespace vdsokit::personality
