// SPDX-License-Identifier: BSD-2-Clause
#include "tool/launch/places.h"

namespace vdsokit::launch {

Places find_places() {
    std::filesystem::path const build =
        std::filesystem::read_symlink("/proc/self/exe").parent_path().parent_path();
    std::filesystem::path const sysroot = build / "sysroot/aarch64";
    std::filesystem::path const images = build / "images/aarch64";
    return {
        .kernel = build / "hosts/virt/kernel.bin",
        .sel4 = build / "hosts/sel4",
        .image = images / "vdso.so",
        .narrow_image = build / "images/arm/vdso.so",
        .rel4_image = images / "vdso-rel4.so",
        .programs = build / "programs/aarch64",
        .narrow_programs = build / "programs/arm",
        .sysroot = sysroot,
        // Debian's cross packages; then arm64 as a foreign architecture, where a machine has that.
        .libraries = {sysroot / "lib", "/usr/aarch64-linux-gnu/lib", "/lib/aarch64-linux-gnu",
                      "/usr/lib/aarch64-linux-gnu"},
        .narrow_libraries = {"/usr/arm-linux-gnueabihf/lib", "/lib/arm-linux-gnueabihf",
                             "/usr/lib/arm-linux-gnueabihf"},
    };
}

}  // namespace vdsokit::launch
