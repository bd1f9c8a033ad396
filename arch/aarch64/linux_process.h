// SPDX-License-Identifier: BSD-2-Clause
// aarch64: what exec tells and gives to a process besides its program.
#pragma once

#include "arch/types.h"

namespace vdsokit::arch {

// AT_PLATFORM. [Linux arch/arm64/include/asm/elf.h, ELF_PLATFORM]
inline constexpr char const* platform = "aarch64";

// `mov x8, #139; svc #0`: the way back from a signal handler without a restorer, for processes that
// have no vDSO. Unwinders know these two words. The nop in front is in no function, because they
// look up the address before the one that is returned to.
inline constexpr u32 signal_return_code[] = {0xd503'201f, 0xd280'1168, 0xd400'0001};
inline constexpr u64 signal_return_offset = 4;

// What AT_HWCAP says of a CPU on which the image's getrandom may run: it holds a cipher's state in
// vector registers. [Linux arch/arm64/include/uapi/asm/hwcap.h: FP, ASIMD]
inline constexpr u64 getrandom_hwcap = 1 | 2;

// AT_MINSIGSTKSZ: the frame of a signal (linux_signal.h), the frame record above it, and alignment.
inline constexpr u64 signal_stack_size = 4688 + 16 + 16;

}  // namespace vdsokit::arch
