// SPDX-License-Identifier: BSD-2-Clause
// The fake CPU runs aarch64 programs, as far as tests make it.
#pragma once

#include "arch/aarch64/linux_process.h"
