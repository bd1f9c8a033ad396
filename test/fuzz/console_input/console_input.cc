// SPDX-License-Identifier: BSD-2-Clause
// The guest's end of the serial line: any bytes, and what the launcher makes of any input.
#include "hosts/machine/console_input.h"

#include <memory>

#include "test/fuzz/target.h"
#include "tool/launch/wire.h"

namespace vdsokit::fuzz {
namespace {

using machine::ConsoleInput;

std::string receive(ConsoleInput& console, std::string_view stream) {
    std::string read;
    u8 buffer[64];
    auto const take = [&] {
        u64 const size = console.read(buffer, sizeof buffer);
        require(size <= sizeof buffer, "no more is read than was asked for");
        read.append(reinterpret_cast<char const*>(buffer), size);
        return size != 0;
    };
    for (char const byte : stream) {
        while (console.is_full()) take();
        console.receive(static_cast<u8>(byte));
    }
    while (take()) {}
    require(console.is_empty(), "all is read");
    return read;
}

void run(kit::Bytes input) {
    std::string_view const bytes = text_of(input);
    auto const hostile = std::make_unique<ConsoleInput>();
    require(receive(*hostile, bytes).size() <= bytes.size(), "nothing is added");
    ConsoleInput::Size size{};
    if (hostile->take_size(size)) require(!hostile->take_size(size), "a size is told once");

    auto const honest = std::make_unique<ConsoleInput>();
    std::string stream = launch::encode_window_size(0x1018, 80);
    stream += launch::encode_input(bytes);
    stream += launch::encoded_end_of_input();
    require(receive(*honest, stream) == bytes, "what the launcher sends arrives");
    require(honest->is_ended(), "and its end");
    require(honest->take_size(size) && size.rows == 0x1018 && size.columns == 80, "and the size");
}

Target const target{"console_input", run};

}  // namespace
}  // namespace vdsokit::fuzz
