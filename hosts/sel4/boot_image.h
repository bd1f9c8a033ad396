// SPDX-License-Identifier: BSD-2-Clause
// The one file that a boot loader is given: the loader's own Image, then a BootImage that says where
// in the rest the parts lie. tool/launch puts it together; the loader takes it apart, and leaves a
// TaskBoot behind the root task's image for what the root task cannot ask the kernel.
#pragma once

#include "arch/types.h"

namespace vdsokit::sel4 {

inline constexpr u64 page_bytes = 4096;

// Bytes of the file; `offset` counts from the BootImage, a multiple of page_bytes.
struct Part {
    u64 offset;
    u64 size;
};

struct BootImage {
    static constexpr u64 expected_magic = 0x31'746f'6f62'6476;  // "vdboot1"
    u64 magic;
    u64 size;  // of the BootImage and all parts
    Part kernel;
    Part device_tree;
    Part root_task;
    Part initramfs;
    Part arguments;  // boot words, no NUL
};
static_assert(sizeof(BootImage) == 96);

// The page behind the last page of the root task's image; what it names follows it.
struct TaskBoot {
    static constexpr u64 expected_magic = 0x31'6b73'6174'6476;  // "vdtask1"
    u64 magic;
    Part initramfs;  // offsets from the TaskBoot
    Part arguments;
    u64 image_bytes;  // of the root task, from its first page to the TaskBoot
    // Identification registers of the CPU: programs at EL0 cannot read them.
    u64 isar0;
    u64 isar1;
    u64 pfr0;
};
static_assert(sizeof(TaskBoot) == 72);

}  // namespace vdsokit::sel4
