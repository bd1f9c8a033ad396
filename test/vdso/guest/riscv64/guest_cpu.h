// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include "test/vdso/guest/names.h"

namespace vdsokit::test {

inline constexpr Names names{.clock_gettime = "__vdso_clock_gettime",
                             .clock_getres = "__vdso_clock_getres",
                             .gettimeofday = "__vdso_gettimeofday",
                             .getcpu = "__vdso_getcpu",
                             .rt_sigreturn = "__vdso_rt_sigreturn"};

inline void prepare_counter() {}

}  // namespace vdsokit::test
