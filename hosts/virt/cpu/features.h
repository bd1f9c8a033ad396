// SPDX-License-Identifier: BSD-2-Clause
// What a process may use of this CPU.
#pragma once

#include "hosts/personality/host_types.h"

namespace vdsokit::host {

// As seam.h says.
CpuFeatures cpu_features();

}  // namespace vdsokit::host
