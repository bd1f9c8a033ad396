// SPDX-License-Identifier: BSD-2-Clause
#include "hosts/virt/cpu/features.h"

#include "cpu_features.h"
#include "el1.h"

namespace vdsokit::host {

CpuFeatures cpu_features() {
    u64 const processor = virt::read_processor_features();
    arch::Features const features = arch::features_of({.isar0 = virt::read_instruction_set(),
                                                       .isar1 = virt::read_instruction_set_1(),
                                                       .pfr0 = processor});
    CpuFeatures cpu{features.hwcap, features.hwcap2};
    if (!virt::runs_aarch32()) return cpu;
    arch::Features const narrow =
        arch::narrow_features_of(processor, virt::read_narrow_instruction_set_5());
    cpu.runs_narrow = true;
    cpu.narrow_hwcap = narrow.hwcap;
    cpu.narrow_hwcap2 = narrow.hwcap2;
    return cpu;
}

}  // namespace vdsokit::host
