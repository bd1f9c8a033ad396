// SPDX-License-Identifier: BSD-2-Clause
// Calls a function on a stack of its own, and looks afterwards for secrets in what it left behind:
// on that stack, and in every register that it may have changed.
#pragma once

#include <initializer_list>

#include "arch/types.h"
#include "kit/core/bytes.h"

namespace vdsokit::test {

// Any function of five integers or pointers, or fewer.
void call_and_keep(void const* function, u64 const (&arguments)[5]);

// Ends the process if any 32-bit word of `secret` is on the stack or in a register of the last call.
// Words that are zero, or -1, are no secret.
void expect_gone(kit::Bytes secret, char const* what);

// How far the last call's stack was used, in bytes; 0 would say that the stack was not seen at all.
u64 stack_used();

}  // namespace vdsokit::test
