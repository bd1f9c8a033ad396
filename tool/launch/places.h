// SPDX-License-Identifier: BSD-2-Clause
// Where the build has put what the launcher needs. Found from the place of the launcher itself,
// build/bin/, so that a build folder can be moved.
#pragma once

#include <filesystem>
#include <vector>

namespace vdsokit::launch {

struct Places {
    std::filesystem::path kernel;
    std::filesystem::path sel4;             // folder: loader, kernel, device tree, root task
    std::filesystem::path image;            // vdso.so
    std::filesystem::path narrow_image;     // vdso32.so, for 32-bit arm programs
    std::filesystem::path rel4_image;       // stamped for the rel4 way
    std::filesystem::path programs;         // what test/programs built
    std::filesystem::path narrow_programs;  // the same for 32-bit arm
    std::filesystem::path sysroot;          // Debian's arm64 packages
    // Where libraries of aarch64 programs are looked for, in this order; and of arm's.
    std::vector<std::filesystem::path> libraries;
    std::vector<std::filesystem::path> narrow_libraries;
};

Places find_places();

}  // namespace vdsokit::launch
