// SPDX-License-Identifier: BSD-2-Clause
// The functions of a vDSO that is mapped in this process, by their names without prefix: the
// kernel's, and ours.
#pragma once

#include <optional>
#include <string>

#include "kit/core/bytes.h"

namespace vdsokit::bench {

using AnyFunction = void (*)();

class VdsoFunctions {
public:
    // `image`: all of its mapped bytes, from the ELF header on.
    explicit VdsoFunctions(kit::Bytes image) : image_(image) {}

    // The kernel's own; empty where the kernel maps none.
    static VdsoFunctions of_kernel();

    // "clock_gettime" finds __vdso_clock_gettime and __kernel_clock_gettime. nullptr: not exported.
    AnyFunction find(std::string const& function) const;

private:
    kit::Bytes image_;
};

}  // namespace vdsokit::bench
