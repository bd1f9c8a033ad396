// SPDX-License-Identifier: BSD-2-Clause
// Adds to the kernel's half of the address space at start: memory and devices in the linear map.
// Nothing is ever taken away or changed there.
#pragma once

#include "hosts/machine/board.h"
#include "hosts/virt/memory/kernel_layout.h"

namespace vdsokit::virt {

// Where the image was loaded, from entry.S; physical addresses of kernel objects come from it.
void set_image_address(PhysicalAddress image);
// Precondition: `object` is part of the kernel image.
PhysicalAddress physical_of_image(void const* object);

// `range` is whole pages that are not mapped yet. `rights` is one of page_table.h's kernel rights.
void map_linear(machine::Range range, u64 rights);
// The pages that `device` touches; its first register is at the result.
u8* map_device(machine::Range device);

}  // namespace vdsokit::virt
