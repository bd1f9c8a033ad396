// SPDX-License-Identifier: BSD-2-Clause
#include "tool/launch/wire.h"

namespace vdsokit::launch {

namespace {

constexpr char escape = 0x10;

char low_byte(u16 value) { return static_cast<char>(value & 0xff); }
char high_byte(u16 value) { return static_cast<char>(value >> 8); }

}  // namespace

void WireDecoder::feed(std::string_view stream, WireSink& sink) {
    while (!stream.empty() && !status_) {
        switch (expect_) {
        case Expect::byte: {
            std::string_view const plain = stream.substr(0, stream.find(escape));
            if (!plain.empty()) sink.received(channel_, plain);
            stream.remove_prefix(plain.size());
            if (stream.empty()) return;
            stream.remove_prefix(1);
            expect_ = Expect::code;
            break;
        }
        case Expect::code:
            expect_ = Expect::byte;
            take_code(stream.front(), sink);
            stream.remove_prefix(1);
            break;
        case Expect::status: status_ = static_cast<u8>(stream.front()); return;
        }
    }
}

void WireDecoder::take_code(char code, WireSink& sink) {
    switch (code) {
    case escape: sink.received(channel_, std::string_view(&escape, 1)); break;
    case 'o': channel_ = Channel::output; break;
    case 'e': channel_ = Channel::errors; break;
    case 'm': channel_ = Channel::messages; break;
    case 'a': channel_ = Channel::urgent_messages; break;
    case 'x': expect_ = Expect::status; break;
    default: break;
    }
}

std::string encode_input(std::string_view bytes) {
    std::string encoded;
    encoded.reserve(bytes.size());
    for (char const byte : bytes) {
        encoded.push_back(byte);
        if (byte == escape) encoded.push_back(escape);
    }
    return encoded;
}

std::string_view encoded_end_of_input() {
    static constexpr std::array<char, 2> end = {escape, 'E'};
    return {end.data(), end.size()};
}

std::string encode_window_size(u16 rows, u16 columns) {
    return {escape, 'W', low_byte(rows), high_byte(rows), low_byte(columns), high_byte(columns)};
}

}  // namespace vdsokit::launch
