// SPDX-License-Identifier: BSD-2-Clause
#include "hosts/machine/pl011.h"

namespace vdsokit::machine {
namespace {

constexpr u64 data = 0x00;
constexpr u64 flags = 0x18;
constexpr u64 line_control = 0x2c;
constexpr u64 control = 0x30;
constexpr u64 interrupt_mask = 0x38;

constexpr u32 flag_busy = 1 << 3;
constexpr u32 flag_input_empty = 1 << 4;
constexpr u32 flag_output_full = 1 << 5;
constexpr u32 line_fifos = 1 << 4;
constexpr u32 line_8_bits = 3 << 5;
constexpr u32 control_enable = 1 << 0 | 1 << 8 | 1 << 9;  // the device, its transmitter, receiver
constexpr u32 interrupt_input = 1 << 4 | 1 << 6;          // enough of it, or some for long enough

}  // namespace

void Pl011::start() const {
    registers_.write(interrupt_mask, 0);
    registers_.write(line_control, line_fifos | line_8_bits);
    registers_.write(control, control_enable);
}

void Pl011::send(u8 byte) const {
    while ((registers_.read(flags) & flag_output_full) != 0) {}
    registers_.write(data, byte);
}

void Pl011::flush() const {
    while ((registers_.read(flags) & flag_busy) != 0) {}
}

bool Pl011::has_input() const { return (registers_.read(flags) & flag_input_empty) == 0; }

u8 Pl011::receive() const { return static_cast<u8>(registers_.read(data)); }

void Pl011::interrupt_on_input(bool on) const {
    registers_.write(interrupt_mask, on ? interrupt_input : 0);
}

}  // namespace vdsokit::machine
