// SPDX-License-Identifier: BSD-2-Clause
// The auxiliary vector on the stack of a process that has not run yet.
#pragma once

#include "hosts/linux/auxv_words.h"
#include "hosts/linux/tracee.h"

namespace vdsokit::on_linux {

// nullopt: the stack does not look as an exec leaves it.
std::optional<InitialAuxv> read_initial_auxv(Tracee const& tracee, u64 stack_pointer);

}  // namespace vdsokit::on_linux
