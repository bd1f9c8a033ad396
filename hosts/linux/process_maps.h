// SPDX-License-Identifier: BSD-2-Clause
// What /proc/PID/maps and /proc/PID/stat say of a process. [proc(5)]
#pragma once

#include <linux/prctl.h>
#include <sys/types.h>

#include <optional>
#include <string>
#include <vector>

#include "arch/types.h"

namespace vdsokit::on_linux {

struct MappedRange {
    u64 begin;
    u64 end;
    char access[5];  // "r-xp"
    u64 inode;
    std::string name;  // "[vdso]", a path, or empty
};

// One line of maps; nullopt: it is none.
std::optional<MappedRange> parse_range(std::string const& line);

// In ascending order; empty if the process is gone or may not be looked at.
std::vector<MappedRange> read_maps(pid_t process);

// The addresses that prctl(PR_SET_MM_MAP) wants back. [prctl(2), proc(5) stat 26 to 51]
struct MemoryLayout {
    u64 start_code, end_code, start_data, end_data, start_brk, start_stack;
    u64 arg_start, arg_end, env_start, env_end;
};
std::optional<MemoryLayout> parse_layout(char const* stat);
std::optional<MemoryLayout> read_layout(pid_t process);

// What PR_SET_MM_MAP takes: these, a heap without bytes, the auxiliary vector of `vector_bytes` that
// stands at `vector_at`, and the file as it is.
prctl_mm_map mm_map_of(MemoryLayout const& layout, u64 vector_at, u64 vector_bytes);

}  // namespace vdsokit::on_linux
