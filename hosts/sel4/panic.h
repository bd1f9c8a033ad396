// SPDX-License-Identifier: BSD-2-Clause
// The end of the root task, said on the console, with status 125 for the launcher.
#pragma once

namespace vdsokit::sel4 {

// A state that cannot be: a fault of this code or of the kernel's.
[[noreturn]] void panic(char const* what);
// What the machine lacks; the user can do something about it.
[[noreturn]] void stop(char const* why);

}  // namespace vdsokit::sel4
