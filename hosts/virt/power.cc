// SPDX-License-Identifier: BSD-2-Clause
#include "hosts/virt/power.h"

#include "el1.h"

#include "hosts/machine/console.h"
#include "hosts/virt/el1/firmware.h"

namespace vdsokit::virt {
namespace {

using machine::FirmwareCall;

constexpr u64 system_off = 0x8400'0008;  // [Arm DEN0022, PSCI]

constinit FirmwareCall firmware_call{};
constinit bool has_firmware = false;

}  // namespace

void set_firmware_call(FirmwareCall call) {
    firmware_call = call;
    has_firmware = true;
}

void power_off() {
    if (has_firmware) {
        switch (firmware_call) {
        case FirmwareCall::hypervisor: call_hypervisor(system_off); break;
        case FirmwareCall::secure_monitor: call_secure_monitor(system_off); break;
        }
    }
    for (;;) wait_for_interrupt();
}

}  // namespace vdsokit::virt

namespace vdsokit::host {

void shut_down(u32 status) {
    machine::send_exit_status(static_cast<u8>(status));
    virt::power_off();
}

}  // namespace vdsokit::host
