// SPDX-License-Identifier: BSD-2-Clause
#include "hosts/linux/process_maps.h"

#include <algorithm>
#include <cinttypes>
#include <cstdio>
#include <fstream>
#include <sstream>

namespace vdsokit::on_linux {

namespace {

constexpr u64 lowest_room = 0x1'0000;  // vm.mmap_min_addr of every distribution

std::string proc_path(pid_t process, char const* file) {
    return "/proc/" + std::to_string(process) + "/" + file;
}

}  // namespace

std::vector<MappedRange> read_maps(pid_t process) {
    std::vector<MappedRange> maps;
    std::ifstream file(proc_path(process, "maps"));
    for (std::string line; std::getline(file, line);) {
        MappedRange range{};
        int name_at = 0;
        if (std::sscanf(line.c_str(), "%" SCNx64 "-%" SCNx64 " %*s %*x %*x:%*x %" SCNu64 " %n",
                        &range.begin, &range.end, &range.inode, &name_at) < 3)
            continue;
        range.name = line.substr(std::min(static_cast<std::size_t>(name_at), line.size()));
        maps.push_back(std::move(range));
    }
    return maps;
}

std::optional<u64> room_below_vdso(std::vector<MappedRange> const& maps, u64 size) {
    auto const is_vdso = [](MappedRange const& range) { return range.name == "[vdso]"; };
    auto above = std::find_if(maps.begin(), maps.end(), is_vdso);
    if (above == maps.end()) return std::nullopt;
    for (;;) {
        u64 const floor = above == maps.begin() ? lowest_room : std::prev(above)->end;
        // Room right below a stack would be in the way of its growth, never right above it.
        bool const grows_into_it = above->name == "[stack]";
        if (!grows_into_it && above->begin > floor && above->begin - floor >= size)
            return above->begin - size;
        if (above == maps.begin()) return std::nullopt;
        --above;
    }
}

std::optional<MemoryLayout> read_layout(pid_t process) {
    std::ifstream file(proc_path(process, "stat"));
    std::string text;
    std::getline(file, text);
    // The command name in parentheses may hold spaces and parentheses.
    std::size_t const after_name = text.rfind(')');
    if (after_name == std::string::npos) return std::nullopt;
    std::istringstream fields(text.substr(after_name + 1));
    std::vector<std::string> values;
    for (std::string value; fields >> value;) values.push_back(value);
    // The first value here is field 3.
    auto const field = [&values](std::size_t number) {
        return std::strtoull(values[number - 3].c_str(), nullptr, 10);
    };
    if (values.size() < 51 - 3 + 1) return std::nullopt;
    return MemoryLayout{.start_code = field(26),
                        .end_code = field(27),
                        .start_data = field(45),
                        .end_data = field(46),
                        .start_brk = field(47),
                        .start_stack = field(28),
                        .arg_start = field(48),
                        .arg_end = field(49),
                        .env_start = field(50),
                        .env_end = field(51)};
}

}  // namespace vdsokit::on_linux
