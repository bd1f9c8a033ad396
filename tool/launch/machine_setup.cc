// SPDX-License-Identifier: BSD-2-Clause
#include "tool/launch/machine_setup.h"

#include "tool/launch/boot_file.h"
#include "tool/launch/failure.h"

namespace vdsokit::launch {

namespace {

Sel4Parts read_parts(Places const& places) {
    if (!std::filesystem::exists(places.sel4 / "root_task.elf"))
        throw Failure{status_host_failure,
                      "--host sel4: set SEL4_PREFIX to the install prefix of a seL4 kernel for "
                      "qemu-arm-virt (bin/kernel.elf, libsel4/include, support/kernel.dtb, "
                      "support/platform_gen.yaml; KernelArmExportVCNTUser or "
                      "KernelArmExportPCNTUser on, no MCS, no hypervisor, one core)"};
    auto const part = [&](char const* name) {
        return read_host_file((places.sel4 / name).string());
    };
    return {.loader = part("loader.bin"),
            .kernel = part("kernel.elf"),
            .device_tree = part("kernel.dtb"),
            .root_task = part("root_task.elf"),
            .slot_bits = std::stoul(part("slot_bits"))};
}

}  // namespace

MachineSetup machine_setup(Options const& options, Places const& places, GuestTree const& tree,
                           std::string const& words) {
    MachineSetup setup{.kernel = {},
                       .archive = {},
                       .boot_words = words,
                       .boot_file = {},
                       .memory = options.memory.empty() ? "1G" : options.memory,
                       .cpu = options.cpu,
                       .enters_at_el2 = options.enters_at_el2,
                       .count_instructions = options.count_instructions};
    switch (options.host) {
    case HostKind::virt:
        setup.kernel = places.kernel.string();
        setup.archive = tree.archive();
        break;
    case HostKind::sel4: {
        Sel4Parts const parts = read_parts(places);
        setup.memory = memory_of(parts);
        setup.boot_file = make_boot_file(parts, tree.archive(), words);
        break;
    }
    }
    return setup;
}

}  // namespace vdsokit::launch
