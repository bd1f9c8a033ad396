// SPDX-License-Identifier: BSD-2-Clause
// In place of the CPU's EL1 instructions: a machine with a TLB and a table walker that remember
// everything they may, for as long as they may (test/hosts/virt/fake/machine.h).
#pragma once

#include "arch/types.h"

namespace vdsokit::virt {

u64 read_memory_features();
void write_process_table(u64 value);
void order_table_writes();
void forget_page(u64 operand);
void forget_asid(u64 operand);
void forget_all_translations();
void finish_forgetting();

}  // namespace vdsokit::virt
