// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include "test/vdso/guest/names.h"

namespace vdsokit::test {

inline constexpr Names names{.clock_gettime = "__kernel_clock_gettime",
                             .clock_getres = "__kernel_clock_getres",
                             .gettimeofday = "__kernel_gettimeofday",
                             .rt_sigreturn = "__kernel_rt_sigreturn"};

inline void prepare_counter() {}

}  // namespace vdsokit::test
