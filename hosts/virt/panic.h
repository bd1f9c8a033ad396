// SPDX-License-Identifier: BSD-2-Clause
// The kernel cannot go on: says why where the user always sees it, and ends with status 125.
#pragma once

#include "hosts/personality/host_types.h"

namespace vdsokit::virt {

[[noreturn]] void panic(char const* why);
[[noreturn]] void panic_with_registers(char const* why, host::Registers const& registers);
// Something outside is wrong and the kernel never started: no registers, no "panic".
[[noreturn]] void stop(char const* why);

}  // namespace vdsokit::virt
