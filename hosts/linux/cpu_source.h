// SPDX-License-Identifier: BSD-2-Clause
// Where getcpu of our image finds the CPU's number on the running kernel: in the CPU itself, if what
// stands there agrees with the system call; else from the kernel's vDSO.
#pragma once

#include "abi/time_page.h"

namespace vdsokit::on_linux {

abi::CpuSource cpu_source();

}  // namespace vdsokit::on_linux
