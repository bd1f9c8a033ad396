// SPDX-License-Identifier: BSD-2-Clause
// What a program writes to /proc/<id>/timens_offsets: lines `<clock> <seconds> <nanoseconds>`.
// [time_namespaces(7); Linux kernel/time/namespace.c]
#pragma once

#include "kit/core/bytes.h"
#include "kit/time/time_namespace.h"

namespace vdsokit::personality {

// Takes two lines at most, and changes the offsets that they name. Returns how many bytes those are;
// 0: they are not such lines, and `offsets` are of no use.
u64 parse_time_offsets(kit::Bytes text, kit::NamespaceOffsets& offsets);

}  // namespace vdsokit::personality
