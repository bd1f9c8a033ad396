// SPDX-License-Identifier: BSD-2-Clause
// The running kernel's own vDSO, as it lies in this process and, byte for byte, in every other of
// the same word size. Offsets are from its first byte.
#pragma once

#include <optional>

#include "arch/types.h"

namespace vdsokit::on_linux {

class KernelVdso {
public:
    // All zero if this process has none.
    static KernelVdso const& own();

    // Its functions; 0: it has no such function.
    u64 clock_gettime() const { return clock_gettime_; }
    u64 clock_getres() const { return clock_getres_; }
    u64 getcpu() const { return getcpu_; }
    u64 getrandom() const { return getrandom_; }

    // How far below it the pages begin that the kernel maps with it ([vvar] and its kin).
    u64 data_below() const { return data_below_; }

    // Where its executable pages have this many bytes that nothing uses, behind its end.
    std::optional<u64> spare_room(u64 bytes) const;

private:
    KernelVdso();

    u64 clock_gettime_ = 0;
    u64 clock_getres_ = 0;
    u64 getcpu_ = 0;
    u64 getrandom_ = 0;
    u64 data_below_ = 0;
    u64 used_ = 0;  // behind the last byte that is not zero
    u64 size_ = 0;
};

}  // namespace vdsokit::on_linux
