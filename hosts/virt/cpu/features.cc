// SPDX-License-Identifier: BSD-2-Clause
#include "hosts/virt/cpu/features.h"

#include "cpu_features.h"
#include "el1.h"

namespace vdsokit::host {

CpuFeatures cpu_features() {
    arch::Features const features = arch::features_of({.isar0 = virt::read_instruction_set(),
                                                       .isar1 = virt::read_instruction_set_1(),
                                                       .pfr0 = virt::read_processor_features()});
    return {features.hwcap, features.hwcap2};
}

}  // namespace vdsokit::host
