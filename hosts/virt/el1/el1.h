// SPDX-License-Identifier: BSD-2-Clause
// System registers, barriers and the instructions of EL1 that the kernel needs, by name. No policy.
// Included as "el1.h": unit tests put a machine of their own in its place. [Arm DDI 0487]
#pragma once

#include "arch/types.h"

namespace vdsokit::virt {

// One read and one write for each register: the name is part of the instruction.
[[gnu::always_inline]] inline u64 read_exception_syndrome() {
    u64 value;
    asm volatile("mrs %0, esr_el1" : "=r"(value));
    return value;
}
[[gnu::always_inline]] inline u64 read_fault_address() {
    u64 value;
    asm volatile("mrs %0, far_el1" : "=r"(value));
    return value;
}
// ID_AA64MMFR0_EL1: PARange in bits 3:0, ASIDBits in bits 7:4.
[[gnu::always_inline]] inline u64 read_memory_features() {
    u64 value;
    asm volatile("mrs %0, id_aa64mmfr0_el1" : "=r"(value));
    return value;
}
// ID_AA64MMFR1_EL1.PAN: exceptions can take the kernel's right to user pages away.
[[gnu::always_inline]] inline bool has_privileged_access_never() {
    u64 value;
    asm volatile("mrs %0, id_aa64mmfr1_el1" : "=r"(value));
    return ((value >> 20) & 0xf) != 0;
}
// ID_AA64DFR0_EL1: PMUVer in bits 11:8.
[[gnu::always_inline]] inline u64 read_debug_features() {
    u64 value;
    asm volatile("mrs %0, id_aa64dfr0_el1" : "=r"(value));
    return value;
}
// ID_AA64PFR0_EL1: EL0 in bits 3:0, GIC in bits 27:24, AMU in bits 47:44.
[[gnu::always_inline]] inline u64 read_processor_features() {
    u64 value;
    asm volatile("mrs %0, id_aa64pfr0_el1" : "=r"(value));
    return value;
}
// ID_AA64PFR0_EL1.EL0: programs may be AArch32.
[[gnu::always_inline]] inline bool runs_aarch32() { return (read_processor_features() & 0xf) == 2; }
// ID_AA64ISAR0_EL1 and ID_AA64ISAR1_EL1: four bits for each group of instructions.
[[gnu::always_inline]] inline u64 read_instruction_set() {
    u64 value;
    asm volatile("mrs %0, id_aa64isar0_el1" : "=r"(value));
    return value;
}
[[gnu::always_inline]] inline u64 read_instruction_set_1() {
    u64 value;
    asm volatile("mrs %0, id_aa64isar1_el1" : "=r"(value));
    return value;
}
// ID_ISAR5_EL1: the same for the cryptography of AArch32, where the CPU has that.
[[gnu::always_inline]] inline u64 read_narrow_instruction_set_5() {
    u64 value;
    asm volatile("mrs %0, id_isar5_el1" : "=r"(value));
    return value;
}
// CTR_EL0: log2 of the words of the smallest data cache line in bits 19:16.
[[gnu::always_inline]] inline u64 read_cache_type() {
    u64 value;
    asm volatile("mrs %0, ctr_el0" : "=r"(value));
    return value;
}
// DCZID_EL0: bit 4 prohibits dc zva, bits 3:0 log2 of the words it clears.
[[gnu::always_inline]] inline u64 read_zero_block() {
    u64 value;
    asm volatile("mrs %0, dczid_el0" : "=r"(value));
    return value;
}

[[gnu::always_inline]] inline void write_process_table(u64 value) {
    asm volatile("msr ttbr0_el1, %0\n\tisb" : : "r"(value) : "memory");
}
[[gnu::always_inline]] inline void write_counter_access(u64 value) {
    asm volatile("msr cntkctl_el1, %0" : : "r"(value));
}
[[gnu::always_inline]] inline void write_debug_control(u64 value) {
    asm volatile("msr mdscr_el1, %0" : : "r"(value));
}
[[gnu::always_inline]] inline void write_performance_access(u64 value) {
    asm volatile("msr pmuserenr_el0, %0" : : "r"(value));
}
[[gnu::always_inline]] inline void write_activity_access(u64 value) {
    asm volatile("msr s3_3_c13_c2_3, %0" : : "r"(value));  // AMUSERENR_EL0
}
[[gnu::always_inline]] inline void write_float_access(u64 value) {
    asm volatile("msr cpacr_el1, %0\n\tisb" : : "r"(value) : "memory");
}

// The virtual timer: it fires while CNTVCT >= CVAL.
[[gnu::always_inline]] inline void write_timer_compare(u64 value) {
    asm volatile("msr cntv_cval_el0, %0\n\tisb" : : "r"(value) : "memory");
}
[[gnu::always_inline]] inline void write_timer_control(u64 value) {
    asm volatile("msr cntv_ctl_el0, %0\n\tisb" : : "r"(value) : "memory");
}

// Stores to page tables are seen by the walker.
[[gnu::always_inline]] inline void order_table_writes() {
    asm volatile("dsb ishst" : : : "memory");
}
// This CPU alone: there is no other. The operand: ASID in bits 63:48, page number below.
[[gnu::always_inline]] inline void forget_page(u64 operand) {
    asm volatile("tlbi vae1, %0" : : "r"(operand) : "memory");
}
[[gnu::always_inline]] inline void forget_asid(u64 operand) {
    asm volatile("tlbi aside1, %0" : : "r"(operand) : "memory");
}
[[gnu::always_inline]] inline void forget_all_translations() {
    asm volatile("tlbi vmalle1" : : : "memory");
}
[[gnu::always_inline]] inline void finish_forgetting() {
    asm volatile("dsb nsh\n\tisb" : : : "memory");
}

[[gnu::always_inline]] inline void clean_data_line(void const* at) {
    asm volatile("dc cvau, %0" : : "r"(at) : "memory");
}
[[gnu::always_inline]] inline void zero_line(void* at) {
    asm volatile("dc zva, %0" : : "r"(at) : "memory");
}
[[gnu::always_inline]] inline void finish_cleaning() { asm volatile("dsb ish" : : : "memory"); }
[[gnu::always_inline]] inline void forget_instructions() {
    asm volatile("ic iallu\n\tdsb nsh\n\tisb" : : : "memory");
}

// Returns when an interrupt is pending, masked or not.
[[gnu::always_inline]] inline void wait_for_interrupt() {
    asm volatile("dsb sy\n\twfi" : : : "memory");
}

}  // namespace vdsokit::virt
