// SPDX-License-Identifier: BSD-2-Clause
// The tests that call-image knows beyond those of every CPU. Each ends the process with a message
// when something is wrong.
#pragma once

#include "test/vdso/guest/mapped_image.h"

namespace vdsokit::test {

void narrow(MappedImage const& mapped);
void own_calls(MappedImage const& mapped);
void sigreturn(MappedImage const& mapped);

// Of the CPU: what own_calls() does beyond getcpu and time.
void check_kernel_calls(MappedImage const& mapped);

}  // namespace vdsokit::test
