// SPDX-License-Identifier: BSD-2-Clause
// Where things lie in the kernel's half of the address space.
#pragma once

#include <compare>

#include "arch/types.h"
#include "hosts/virt/memory/page_table.h"

namespace vdsokit::virt {

// An address on the bus. Not a pointer: linear_pointer() gives the kernel's view.
struct PhysicalAddress {
    u64 value;
    friend constexpr auto operator<=>(PhysicalAddress, PhysicalAddress) = default;
};

// Physical address p, ordinary memory or device, is seen at linear_base + p.
inline constexpr u64 linear_base = 0xffff'0000'0000'0000;
inline constexpr u64 linear_bytes = u64{1} << 47;
// kernel.ld links the image here.
inline constexpr u64 kernel_base = 0xffff'ffff'8000'0000;
inline constexpr u64 kernel_bytes_max = u64{32} << 20;
// The device tree, read-only, from the 2 MiB block that holds its first byte.
inline constexpr u64 device_tree_window = 0xffff'ffff'c000'0000;

inline u8* linear_pointer(PhysicalAddress at) {
    return reinterpret_cast<u8*>(linear_base + at.value);
}
constexpr u64 linear_offset(u64 pointer) { return pointer - linear_base; }

}  // namespace vdsokit::virt

// Set by kernel.ld; only their addresses mean something.
extern "C" {
extern char image_begin[], text_end[], rodata_end[], file_end[], image_end[];
extern char emergency_guard[], stack_guard[], early_begin[], early_end[];
}
