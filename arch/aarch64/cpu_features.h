// SPDX-License-Identifier: BSD-2-Clause
// AT_HWCAP and AT_HWCAP2 from the identification registers. Left out: what the host must switch on
// or save for a process (SVE, SME, MTE, pointer authentication, BTI, DIT, the event stream), and
// CPUID, which promises that EL0 may read these registers.
// [Arm DDI 0487, D19.2; Linux Documentation/arch/arm64/elf_hwcaps.rst, uapi/asm/hwcap.h]
#pragma once

#include "arch/types.h"

namespace vdsokit::arch {

struct IdentificationRegisters {
    u64 isar0;  // ID_AA64ISAR0_EL1
    u64 isar1;  // ID_AA64ISAR1_EL1
    u64 pfr0;   // ID_AA64PFR0_EL1
};

struct Features {
    u64 hwcap;
    u64 hwcap2;
};

constexpr Features features_of(IdentificationRegisters const& id) {
    struct Row {
        u64 IdentificationRegisters::*from;
        u32 shift;  // of the 4-bit field
        u64 least;  // its value from which on the feature is there
        u32 word;   // 1: AT_HWCAP, 2: AT_HWCAP2
        u32 bit;
    };
    using Id = IdentificationRegisters;
    constexpr Row rows[] = {
        {&Id::isar0, 4, 1, 1, 3},    // AES
        {&Id::isar0, 4, 2, 1, 4},    // PMULL
        {&Id::isar0, 8, 1, 1, 5},    // SHA1
        {&Id::isar0, 12, 1, 1, 6},   // SHA2
        {&Id::isar0, 12, 2, 1, 21},  // SHA512
        {&Id::isar0, 16, 1, 1, 7},   // CRC32
        {&Id::isar0, 20, 2, 1, 8},   // ATOMICS
        {&Id::isar0, 28, 1, 1, 12},  // ASIMDRDM
        {&Id::isar0, 32, 1, 1, 17},  // SHA3
        {&Id::isar0, 36, 1, 1, 18},  // SM3
        {&Id::isar0, 40, 1, 1, 19},  // SM4
        {&Id::isar0, 44, 1, 1, 20},  // ASIMDDP
        {&Id::isar0, 48, 1, 1, 23},  // ASIMDFHM
        {&Id::isar0, 52, 1, 1, 27},  // FLAGM
        {&Id::isar0, 52, 2, 2, 7},   // FLAGM2
        {&Id::isar0, 60, 1, 2, 16},  // RNG
        {&Id::isar1, 12, 1, 1, 13},  // JSCVT
        {&Id::isar1, 16, 1, 1, 14},  // FCMA
        {&Id::isar1, 20, 1, 1, 15},  // LRCPC
        {&Id::isar1, 20, 2, 1, 26},  // ILRCPC
        {&Id::isar1, 32, 1, 2, 8},   // FRINT
        {&Id::isar1, 44, 1, 2, 14},  // BF16
        {&Id::isar1, 52, 1, 2, 13},  // I8MM
    };
    Features features{0, 0};
    for (Row const& row : rows) {
        if (((id.*row.from >> row.shift) & 0xf) < row.least) continue;
        (row.word == 1 ? features.hwcap : features.hwcap2) |= u64{1} << row.bit;
    }
    // These two fields are signed: 15 says that there is no floating point at all.
    u64 const floating = (id.pfr0 >> 16) & 0xf;
    u64 const vector = (id.pfr0 >> 20) & 0xf;
    if (floating != 0xf) features.hwcap |= u64{1} << 0;  // FP
    if (vector != 0xf) features.hwcap |= u64{1} << 1;    // ASIMD
    if (floating == 1) features.hwcap |= u64{1} << 9;    // FPHP
    if (vector == 1) features.hwcap |= u64{1} << 10;     // ASIMDHP
    return features;
}
// Cortex-A57 with its cryptography: FP ASIMD AES PMULL SHA1 SHA2 CRC32.
static_assert(features_of({0x1'1120, 0, 0x2222}).hwcap == 0xfb);

// What a 32-bit program may use: AT_HWCAP and AT_HWCAP2 of Linux's arm. Such a CPU has all that
// ARMv8 asks for; SWP is no more. [Linux arch/arm/include/uapi/asm/hwcap.h,
// arch/arm64/kernel/cpufeature.c compat_elf_hwcaps]
constexpr Features narrow_features_of(u64 pfr0, u64 isar5) {
    // HALF, THUMB, FAST_MULT, EDSP, TLS, IDIVA, IDIVT, LPAE
    constexpr u64 integer =
        1 << 1 | 1 << 2 | 1 << 4 | 1 << 7 | 1 << 15 | 1 << 17 | 1 << 18 | 1 << 20;
    constexpr u64 floating = 1 << 6 | 1 << 13 | 1 << 16 | 1 << 19;  // VFP, VFPv3, VFPv4, VFPD32
    constexpr u64 vector = 1 << 12;                                 // NEON
    Features features{integer, 0};
    if (((pfr0 >> 16) & 0xf) != 0xf) features.hwcap |= floating;
    if (((pfr0 >> 20) & 0xf) != 0xf) features.hwcap |= vector;
    u64 const aes = (isar5 >> 4) & 0xf;
    if (aes >= 1) features.hwcap2 |= 1 << 0;
    if (aes >= 2) features.hwcap2 |= 1 << 1;                    // PMULL
    if (((isar5 >> 8) & 0xf) != 0) features.hwcap2 |= 1 << 2;   // SHA1
    if (((isar5 >> 12) & 0xf) != 0) features.hwcap2 |= 1 << 3;  // SHA2
    if (((isar5 >> 16) & 0xf) != 0) features.hwcap2 |= 1 << 4;  // CRC32
    return features;
}
static_assert(narrow_features_of(0x2222, 0x1'1121).hwcap == 0x1f'b0d6);
static_assert(narrow_features_of(0x2222, 0x1'1121).hwcap2 == 0x1f);

}  // namespace vdsokit::arch
