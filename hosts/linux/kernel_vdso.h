// SPDX-License-Identifier: BSD-2-Clause
// The running kernel's own vDSO: where its functions are, as offsets from its first byte. Every
// process of the same word size has the same image. 0: it has no such function.
#pragma once

#include "arch/types.h"

namespace vdsokit::on_linux {

class KernelVdso {
public:
    // This process's. All zero if it has none.
    static KernelVdso const& own();

    u64 clock_gettime() const { return clock_gettime_; }
    u64 clock_getres() const { return clock_getres_; }
    u64 getcpu() const { return getcpu_; }
    u64 getrandom() const { return getrandom_; }

private:
    KernelVdso();

    u64 clock_gettime_ = 0;
    u64 clock_getres_ = 0;
    u64 getcpu_ = 0;
    u64 getrandom_ = 0;
};

}  // namespace vdsokit::on_linux
