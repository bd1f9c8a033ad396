// SPDX-License-Identifier: BSD-2-Clause
// The GICv3 CPU interface: system registers, written by number because older assemblers do not know
// their names. [Arm IHI 0069, chapter 12]
#pragma once

#include "arch/types.h"

namespace vdsokit::virt {

// Group 1 interrupts above no priority; ICC_SRE_EL1, ICC_PMR_EL1, ICC_IGRPEN1_EL1.
inline void start_gic_interface(u64 lowest_priority) {
    asm volatile(
        "msr s3_0_c12_c12_5, %0\n\tisb\n\tmsr s3_0_c4_c6_0, %1\n\t"
        "msr s3_0_c12_c12_7, %0\n\tisb"
        :
        : "r"(u64{1}), "r"(lowest_priority)
        : "memory");
}

inline u32 acknowledge_interrupt() {
    u64 value;
    asm volatile("mrs %0, s3_0_c12_c12_0\n\tdsb sy" : "=r"(value) : : "memory");  // ICC_IAR1_EL1
    return static_cast<u32>(value);
}

inline void end_interrupt(u32 interrupt) {
    asm volatile("msr s3_0_c12_c12_1, %0\n\tisb" : : "r"(u64{interrupt}) : "memory");
}

// This CPU as GICD_IROUTER names it: affinity 3 in bits 39:32, 2 to 0 in bits 23:0.
inline u64 read_router() {
    u64 value;
    asm volatile("mrs %0, mpidr_el1" : "=r"(value));
    return value & 0xff'00ff'ffff;
}

// And as GICR_TYPER does: all four in 32 bits.
inline u64 read_affinity() {
    u64 const router = read_router();
    return (router >> 32) << 24 | (router & 0xff'ffff);
}

}  // namespace vdsokit::virt
