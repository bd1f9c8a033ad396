// SPDX-License-Identifier: BSD-2-Clause
// The image's own note, in PT_NOTE: name "vdsokit", type 1. A host finds the time page and every
// instruction that enters the kernel by it, without symbols. Offsets are from the image's start.
#pragma once

#include "arch/types.h"

namespace vdsokit::abi {

inline constexpr char note_name[8] = "vdsokit";
inline constexpr u32 note_type = 1;

// The descriptor begins so; `trap_count` u32 offsets follow, ascending, each naming one instruction.
struct NoteHeader {
    u32 version;            // note_version
    u32 time_page_version;  // abi::page_version of the code in the image
    u32 time_page_offset;   // page-aligned; the image ends one page after it
    u32 page_size;          // 4096, 16384 or 65536: what time_page_offset is aligned to
    u32 trap_count;
};
static_assert(sizeof(NoteHeader) == 20);

inline constexpr u32 note_version = 1;
inline constexpr u32 note_traps_max = 32;

}  // namespace vdsokit::abi
