// SPDX-License-Identifier: BSD-2-Clause
#include "vdso/time_page.h"

namespace vdsokit::vdso {

// The section lies alone on the page after the code: vdso.lds.
[[gnu::section(".time_page")]] constinit abi::TimePage const time_page = abi::unpublished_page();

}  // namespace vdsokit::vdso
