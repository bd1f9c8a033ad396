// SPDX-License-Identifier: BSD-2-Clause
// The interrupt controller, GICv2 or GICv3, with one CPU and one priority.
// [Arm IHI 0048 and IHI 0069]
#pragma once

#include "hosts/machine/board.h"
#include "hosts/machine/device_registers.h"

namespace vdsokit::virt {

using machine::DeviceRegisters;
using machine::InterruptController;

class Gic {
public:
    // `cpu_interface` has this many bytes; on GICv3 it is the redistributors, one for each CPU.
    void start(InterruptController version, u8* distributor, u8* cpu_interface,
               u64 cpu_interface_bytes);
    // From now on this interrupt reaches the CPU.
    void enable(u32 interrupt);
    // The interrupt that is now to be handled; `none` if there is none.
    u32 acknowledge();
    // It has been handled.
    void finish(u32 interrupt);

    static constexpr u32 none = 1023;

private:
    void start_v2();
    void start_v3(u8* redistributors, u64 bytes);

    InterruptController version_{};
    DeviceRegisters distributor_{};
    DeviceRegisters cpu_interface_{};  // GICv2
    DeviceRegisters private_{};        // where interrupts 0 to 31 are controlled
};

}  // namespace vdsokit::virt
