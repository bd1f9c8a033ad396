// SPDX-License-Identifier: BSD-2-Clause
// Writes a cpio archive in the "newc" form that a kernel takes as its initial file system.
// Paths are absolute in the guest and stored without the leading slash. [Linux
// Documentation/driver-api/early-userspace/buffer-format.rst]
#pragma once

#include <string>
#include <string_view>

#include "arch/types.h"

namespace vdsokit::launch {

class CpioWriter {
public:
    // Each entry's parent directory must have been added before it.
    void add_directory(std::string_view path);
    void add_file(std::string_view path, std::string_view contents, bool executable);
    void add_link(std::string_view path, std::string_view target);

    // The largest file that the form can hold: its size field is 32 bits.
    static constexpr u64 max_file_size = 0xffff'ffff;

    // Ends the archive. Nothing may be added after it.
    std::string take();

private:
    void add(std::string_view name, u32 mode, std::string_view contents);

    std::string archive_;
    u32 next_inode_ = 1;
};

}  // namespace vdsokit::launch
