// SPDX-License-Identifier: BSD-2-Clause
// System calls that a stopped process makes on our behalf, one after the other without a stop in
// between: four times cheaper than a stop for each. The code that makes them is
// arch/<cpu>/linux_tracee.h.
#pragma once

#include "arch/types.h"

namespace vdsokit::on_linux {

struct BatchCall {
    u64 number;
    u64 arguments[6];
    u64 result;  // a negative errno where it failed
};
static_assert(sizeof(BatchCall) == 64 && offsetof(BatchCall, result) == 56);

constexpr bool failed(BatchCall const& call) { return call.result > ~u64{4095}; }

}  // namespace vdsokit::on_linux
