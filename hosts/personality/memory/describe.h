// SPDX-License-Identifier: BSD-2-Clause
// A region as a line of /proc/<id>/maps.
#pragma once

#include "hosts/personality/memory/region.h"
#include "hosts/personality/text.h"

namespace vdsokit::personality {

// "start-end rwxp offset device inode  name" and a newline, as Linux's fs/proc/task_mmu.c has it.
// For each region in turn: memory.region_above(0), then region_above(region->end).
void describe(Region const& region, Text& text);

}  // namespace vdsokit::personality
