// SPDX-License-Identifier: BSD-2-Clause
// A terminal between a keyboard and a process, neither of which behaves. The input is a list of
// what they do.
#include "hosts/personality/files/line_discipline.h"

#include <cstring>
#include <memory>

#include "test/fuzz/target.h"

namespace vdsokit::fuzz {
namespace {

using namespace personality;

struct Port final : TerminalPort {
    void show(u8 const* bytes, u64 size) override {
        for (u64 at = 0; at < size; ++at) sum += bytes[at];
    }
    void raise(i32 signal) override { require(signal > 0 && signal < 32, "a signal is one"); }
    u64 sum = 0;
};

void read(LineDiscipline& terminal, u32 size) {
    u8 buffer[512];
    if (!terminal.is_readable(1)) return;
    u32 const available = terminal.available();
    bool more = false;
    u32 const got = terminal.read(buffer, size, more);
    require(got <= size && got <= available, "no more is read than there is");
    require(!more || got == size, "only the size kept a read from going on");
    if (size % 3 == 0) {
        terminal.take_back();
        require(terminal.available() == available, "what was taken back is there again");
    }
}

void run(kit::Bytes input) {
    Port port;
    auto const terminal = std::make_unique<LineDiscipline>(port);
    Knobs knobs(input);
    while (!knobs.is_empty()) {
        u8 const action = knobs.byte();
        switch (action % 8) {
        case 0:
        case 1: terminal->receive(knobs.byte()); break;
        case 2: read(*terminal, 1 + knobs.half() % 512); break;
        case 3: {
            TerminalSettings settings;
            u8 bytes[sizeof settings];
            for (u8& byte : bytes) byte = knobs.byte();
            std::memcpy(&settings, bytes, sizeof settings);
            terminal->set(settings);
            break;
        }
        case 4: {
            // Many of one kind, as far as the buffer is full and over.
            u8 const byte = knobs.byte();
            for (u32 left = knobs.byte() * u32{20}; left != 0; --left) terminal->receive(byte);
            break;
        }
        case 5: {
            u8 const byte = knobs.byte();
            terminal->write(&byte, 1);
            break;
        }
        case 6: terminal->discard_input(); break;
        case 7:
            if (action == 0xff) terminal->hang_up();
            terminal->is_readable(knobs.byte());
            break;
        }
        require(terminal->available() <= LineDiscipline::capacity, "the buffer has its size");
    }
}

Target const target{"line_discipline", run};

}  // namespace
}  // namespace vdsokit::fuzz
