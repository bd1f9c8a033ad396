/* SPDX-License-Identifier: BSD-2-Clause */
/* The kit for kernels in C, Rust or Zig: what kit/ offers in C++, by plain functions and structures
 * without hidden padding. Nothing allocates: the caller gives storage of a fixed size and keeps it
 * at one address. Pointers must be valid unless a function says that it checks them. The contract
 * of each function is that of its namesake in the C++ header that each part in kit/c/ names. */
#pragma once

#include "kit/c/image.h"
#include "kit/c/program.h"
#include "kit/c/random.h"
#include "kit/c/status.h"
#include "kit/c/time.h"
