// SPDX-License-Identifier: BSD-2-Clause
// The one file that boots hosts/sel4: what the build has prepared, with the guest's files and words.
#pragma once

#include <string>
#include <string_view>

#include "arch/types.h"

namespace vdsokit::launch {

struct Sel4Parts {
    std::string loader;       // an arm64 Image
    std::string kernel;       // ELF
    std::string device_tree;  // that the kernel was built with
    std::string root_task;    // ELF
    u64 slot_bits;            // KernelRootCNodeSizeBits: every page of the root task takes a slot
};

// As QEMU takes it: exactly what the kernel was built for. Throws Failure.
std::string memory_of(Sel4Parts const& parts);

// As hosts/sel4/boot_image.h lays it out. Throws Failure for files that are more than the kernel's
// slots allow.
std::string make_boot_file(Sel4Parts const& parts, std::string_view archive,
                           std::string_view words);

}  // namespace vdsokit::launch
