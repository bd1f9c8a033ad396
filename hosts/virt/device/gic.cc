// SPDX-License-Identifier: BSD-2-Clause
#include "hosts/virt/device/gic.h"

#include "hosts/virt/el1/gic_registers.h"
#include "hosts/virt/panic.h"

namespace vdsokit::virt {
namespace {

// Distributor; a GICv3 redistributor has those for interrupts 0 to 31 at the same offsets.
constexpr u64 distributor_control = 0x0;
constexpr u64 group_at = 0x80;
constexpr u64 enable_at = 0x100;
constexpr u64 priority_at = 0x400;
constexpr u64 target_at = 0x800;
constexpr u64 router_at = 0x6000;

// GICv2 CPU interface.
constexpr u64 interface_control = 0x0;
constexpr u64 priority_mask = 0x4;
constexpr u64 acknowledge_at = 0xc;
constexpr u64 end_at = 0x10;

// GICv3 redistributor: two frames of 64 KiB for each CPU.
constexpr u64 redistributor_bytes = 0x2'0000;
constexpr u64 private_frame = 0x1'0000;
constexpr u64 type_at = 0x8;
constexpr u64 waker_at = 0x14;

constexpr u32 private_interrupts = 32;
constexpr u32 first_special = 1020;
constexpr u8 priority = 0x80;
constexpr u32 all_priorities = 0xff;

}  // namespace

void Gic::start(InterruptController version, u8* distributor, u8* cpu_interface,
                u64 cpu_interface_bytes) {
    version_ = version;
    distributor_ = DeviceRegisters(distributor);
    switch (version) {
    case InterruptController::gic_v2:
        cpu_interface_ = DeviceRegisters(cpu_interface);
        private_ = distributor_;
        start_v2();
        break;
    case InterruptController::gic_v3: start_v3(cpu_interface, cpu_interface_bytes); break;
    }
}

void Gic::start_v2() {
    distributor_.write(distributor_control, 1);
    cpu_interface_.write(priority_mask, all_priorities);
    cpu_interface_.write(interface_control, 1);
}

void Gic::start_v3(u8* redistributors, u64 bytes) {
    constexpr u32 affinity_routing = 1 << 4;
    constexpr u32 enable_group_1 = 1 << 1;
    constexpr u64 last = 1 << 4;
    constexpr u32 asleep = 1 << 2;
    distributor_.write(distributor_control, affinity_routing | enable_group_1);
    for (u64 at = 0;; at += redistributor_bytes) {
        if (at + redistributor_bytes > bytes) panic("no GIC redistributor is this CPU's");
        DeviceRegisters const redistributor(redistributors + at);
        u64 const type = redistributor.read_double(type_at);
        if (type >> 32 == read_affinity()) {
            redistributor.write(waker_at, 0);
            while ((redistributor.read(waker_at) & asleep) != 0) {}
            private_ = DeviceRegisters(redistributors + at + private_frame);
            break;
        }
        if ((type & last) != 0) panic("no GIC redistributor is this CPU's");
    }
    start_gic_interface(all_priorities);
}

void Gic::enable(u32 interrupt) {
    DeviceRegisters const& place = interrupt < private_interrupts ? private_ : distributor_;
    u32 const bit = u32{1} << (interrupt % 32);
    u64 const word = u64{interrupt} / 32 * 4;
    place.write_byte(priority_at + interrupt, priority);
    if (version_ == InterruptController::gic_v3) {
        place.write(group_at + word, place.read(group_at + word) | bit);
        if (interrupt >= private_interrupts)
            place.write_double(router_at + u64{interrupt} * 8, read_router());
    } else if (interrupt >= private_interrupts) {
        place.write_byte(target_at + interrupt, 1);
    }
    place.write(enable_at + word, bit);
}

u32 Gic::acknowledge() {
    u32 const interrupt = version_ == InterruptController::gic_v3
                              ? acknowledge_interrupt()
                              : cpu_interface_.read(acknowledge_at) & 0x3ff;
    return interrupt >= first_special ? none : interrupt;
}

void Gic::finish(u32 interrupt) {
    if (version_ == InterruptController::gic_v3)
        end_interrupt(interrupt);
    else
        cpu_interface_.write(end_at, interrupt);
}

}  // namespace vdsokit::virt
