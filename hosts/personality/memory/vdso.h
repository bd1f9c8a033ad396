// SPDX-License-Identifier: BSD-2-Clause
// The vDSO that this host gives to processes, and the one for 32-bit programs: each read and put
// into frames once, at the start; mapped, never copied, at each exec. Both have one time page.
#pragma once

#include "hosts/personality/memory/memory.h"
#include "hosts/personality/memory/start.h"
#include "kit/process/exec.h"
#include "kit/random/random_publisher.h"

namespace vdsokit::personality {

// Where rel4-linux-kit maps its vDSO, and how many bytes of the file it reads.
inline constexpr u64 rel4_base = 0x4'0000'0000;
inline constexpr u64 rel4_bytes = 0x2000;

// Do the work of start_vdso() with a file's contents, which stay valid for ever. `bytes` is empty
// if there is no file. `fixed`: a shared one is mapped at rel4_base too. The one for 32-bit
// programs is loaded second, and in the shared mode alone.
void load_vdso(kit::Bytes bytes, VdsoMode mode, bool fixed = false);
void load_narrow_vdso(kit::Bytes bytes);

// For the plan of an exec: whether there is one for such a program, where it may go, how long it
// is.
kit::VdsoPlacement vdso_placement(Layout const& layout = wide_layout);
kit::AddressRange vdso_range(Layout const& layout = wide_layout);
u64 vdso_alignment(Layout const& layout = wide_layout);
// That kit's eight entries of the auxiliary vector instead of all.
bool vdso_is_rel4();

// The page of this group (nullptr: the host's own) instead of whichever the memory shows now.
class TimeGroup;
void show_time_page(Memory& memory, TimeGroup const* group);
// What the host's own page says of getrandom, on a group's page too.
void publish_random_in(kit::RandomPublisher::Page& entry, abi::TimePage& page);
void withdraw_random_in(kit::RandomPublisher::Page& entry);

// Maps it at the plan's base; also, for handlers without a restorer where no vDSO has one, the
// signal page, and a 32-bit program's helpers. Where such a handler returns to is in
// `signal_return`.
Attempt<Nothing> map_vdso(Memory& memory, u64 base, VirtualAddress& signal_return);

}  // namespace vdsokit::personality
