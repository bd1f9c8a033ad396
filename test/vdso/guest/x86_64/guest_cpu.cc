// SPDX-License-Identifier: BSD-2-Clause
#include "guest_cpu.h"

#include "test/vdso/guest/tests.h"

namespace vdsokit::test {

void check_kernel_calls(MappedImage const&) {}

void sigreturn(MappedImage const&) { fail("programs bring their own on this CPU"); }

}  // namespace vdsokit::test
