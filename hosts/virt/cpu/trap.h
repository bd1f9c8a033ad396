// SPDX-License-Identifier: BSD-2-Clause
// Into the kernel and back. vectors.S saves the registers; here is decided what has happened.
#pragma once

#include "hosts/personality/host_types.h"

namespace vdsokit::virt {

// EL0 goes on with these registers; of pstate only what a process may choose counts. They must be
// those of the scheduler's running() thread.
[[noreturn]] void return_to_user(host::Registers& registers);

// What EL0 may do beyond ordinary instructions: floating point, and reading the two counters.
void limit_user();

}  // namespace vdsokit::virt
