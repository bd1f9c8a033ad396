// SPDX-License-Identifier: BSD-2-Clause
// The serial port: output by waiting for room, input by interrupt. [Arm DDI 0183]
#pragma once

#include "hosts/machine/device_registers.h"

namespace vdsokit::machine {

class Pl011 {
public:
    constexpr Pl011() = default;
    explicit Pl011(u8* base) : registers_(base) {}

    // 8 bits, FIFOs, both directions; the speed stays what it was. Input interrupts are off.
    void start() const;
    void send(u8 byte) const;
    // Returns when all that was sent has left.
    void flush() const;
    bool has_input() const;
    // Precondition: has_input().
    u8 receive() const;
    void interrupt_on_input(bool on) const;

private:
    DeviceRegisters registers_;
};

}  // namespace vdsokit::machine
