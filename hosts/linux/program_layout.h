// SPDX-License-Identifier: BSD-2-Clause
// Where a process's program, arguments and environment lie, from what an exec leaves in its memory:
// what the kernel notes down in its own books at that moment. Reading it back out of /proc/PID/stat
// takes longer than all else that an injection reads.
#pragma once

#include <elf.h>

#include <optional>

#include "hosts/linux/initial_auxv.h"
#include "hosts/linux/process_maps.h"
#include "kit/core/bytes.h"

namespace vdsokit::on_linux {

// More than one page of them is not looked at.
inline constexpr u64 program_headers_max = (4096 - sizeof(Elf64_Ehdr)) / sizeof(Elf64_Phdr);

// Where the program's file begins in memory, if its program headers follow its header, as they do in
// almost every file. 0: it cannot be told.
u64 file_start(InitialAuxv const& auxv);
// The bytes there that layout_of() wants.
u64 file_start_bytes(InitialAuxv const& auxv);

// `file` is what stands there. start_brk is not to be seen there, and left 0. nullopt: the headers
// are elsewhere. [Linux fs/binfmt_elf.c load_elf_binary, create_elf_tables]
std::optional<MemoryLayout> layout_of(InitialAuxv const& auxv, u64 stack_pointer, kit::Bytes file);

}  // namespace vdsokit::on_linux
