// SPDX-License-Identifier: BSD-2-Clause
#include "hosts/linux/process_maps.h"

#include <fcntl.h>

#include <algorithm>
#include <array>
#include <cinttypes>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>

#include "hosts/linux/descriptor.h"
#include "hosts/linux/proc_path.h"

namespace vdsokit::on_linux {

std::optional<MappedRange> parse_range(std::string const& line) {
    MappedRange range{};
    int name_at = 0;
    if (std::sscanf(line.c_str(), "%" SCNx64 "-%" SCNx64 " %4s %*x %*x:%*x %" SCNu64 " %n",
                    &range.begin, &range.end, range.access, &range.inode, &name_at) < 4)
        return std::nullopt;
    range.name = line.substr(std::min(static_cast<std::size_t>(name_at), line.size()));
    return range;
}

std::vector<MappedRange> read_maps(pid_t process) {
    std::vector<MappedRange> maps;
    std::ifstream file(proc_path(process, "maps"));
    for (std::string line; std::getline(file, line);)
        if (auto range = parse_range(line)) maps.push_back(std::move(*range));
    return maps;
}

// For every exec: no streams.
std::optional<MemoryLayout> read_layout(pid_t process) {
    Descriptor const file(open(proc_path(process, "stat").c_str(), O_RDONLY | O_CLOEXEC));
    char text[2048];
    ssize_t const length = file ? read(file.number(), text, sizeof text - 1) : -1;
    if (length <= 0) return std::nullopt;
    text[length] = '\0';
    return parse_layout(text);
}

std::optional<MemoryLayout> parse_layout(char const* stat) {
    // The command name in parentheses may hold spaces and parentheses.
    char const* at = std::strrchr(stat, ')');
    constexpr std::size_t first_number = 4;  // behind the name comes a letter, field 3
    constexpr std::size_t last_number = 51;
    if (at == nullptr || std::strlen(at) < 4) return std::nullopt;
    at += 3;
    std::array<u64, last_number + 1> field{};
    for (std::size_t number = first_number; number <= last_number; ++number) {
        char* end = nullptr;
        field[number] = std::strtoull(at, &end, 10);
        if (end == at) return std::nullopt;
        at = end;
    }
    return MemoryLayout{.start_code = field[26],
                        .end_code = field[27],
                        .start_data = field[45],
                        .end_data = field[46],
                        .start_brk = field[47],
                        .start_stack = field[28],
                        .arg_start = field[48],
                        .arg_end = field[49],
                        .env_start = field[50],
                        .env_end = field[51]};
}

prctl_mm_map mm_map_of(MemoryLayout const& layout, u64 vector_at, u64 vector_bytes) {
    prctl_mm_map map{};
    map.start_code = layout.start_code;
    map.end_code = layout.end_code;
    map.start_data = layout.start_data;
    map.end_data = layout.end_data;
    map.start_brk = map.brk = layout.start_brk;
    map.start_stack = layout.start_stack;
    map.arg_start = layout.arg_start;
    map.arg_end = layout.arg_end;
    map.env_start = layout.env_start;
    map.env_end = layout.env_end;
    map.auxv = reinterpret_cast<decltype(map.auxv)>(static_cast<std::uintptr_t>(vector_at));
    map.auxv_size = static_cast<u32>(vector_bytes);
    map.exe_fd = ~u32{0};
    return map;
}

}  // namespace vdsokit::on_linux
