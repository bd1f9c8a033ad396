// SPDX-License-Identifier: BSD-2-Clause
// The image's time page: in the file, the page that says "nothing published"; in a process, the
// frame that the host mapped in its place.
#pragma once

#include "abi/time_page.h"

namespace vdsokit::vdso {

// Defined in a file of its own, or the compiler would answer from the initial value.
[[gnu::visibility("hidden")]] extern abi::TimePage const time_page;

}  // namespace vdsokit::vdso
