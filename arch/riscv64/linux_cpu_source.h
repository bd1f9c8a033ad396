// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include "arch/no_cpu_number.h"
