// SPDX-License-Identifier: BSD-2-Clause
// The format of the serial line between the launcher and the guest, both directions. A byte stream
// with one escape byte; see README.md for the table. Used by the session; pure, so tests drive it.
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "arch/types.h"

namespace vdsokit::launch {

// What a run of bytes from the guest is.
enum class Channel : u8 {
    output,           // the programs' standard output
    errors,           // their standard error, and the stats lines
    messages,         // the host's, shown with --verbose
    urgent_messages,  // the host's, shown always
};
inline constexpr std::size_t channel_count = 4;

class WireSink {
public:
    virtual void received(Channel channel, std::string_view bytes) = 0;

protected:
    ~WireSink() = default;
};

// Takes the stream in pieces of any size. A code that it does not know is dropped: the stream comes
// from a kernel that may be broken, and the text around it is what tells why.
class WireDecoder {
public:
    // Every byte of `stream` is consumed. Nothing is passed on after the exit status.
    void feed(std::string_view stream, WireSink& sink);

    // The exit status, once it has come.
    std::optional<u8> status() const { return status_; }

private:
    enum class Expect : u8 { byte, code, status };
    void take_code(char code, WireSink& sink);

    // Before its first mark the guest is not the one who speaks: a boot loader, or a kernel below it.
    Channel channel_ = Channel::messages;
    Expect expect_ = Expect::byte;
    std::optional<u8> status_;
};

// Bytes of standard input, as they go to the guest.
std::string encode_input(std::string_view bytes);
std::string_view encoded_end_of_input();
std::string encode_window_size(u16 rows, u16 columns);

}  // namespace vdsokit::launch
