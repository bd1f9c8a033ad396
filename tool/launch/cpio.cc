// SPDX-License-Identifier: BSD-2-Clause
#include "tool/launch/cpio.h"

#include <fmt/format.h>

#include <iterator>
#include <utility>

namespace vdsokit::launch {

namespace {

constexpr u32 mode_directory = 0040755;
constexpr u32 mode_program = 0100755;
constexpr u32 mode_data = 0100644;
constexpr u32 mode_link = 0120777;

std::string_view without_leading_slash(std::string_view path) {
    return path.substr(path.find_first_not_of('/'));
}

}  // namespace

void CpioWriter::add_directory(std::string_view path) {
    add(without_leading_slash(path), mode_directory, {});
}

void CpioWriter::add_file(std::string_view path, std::string_view contents, bool executable) {
    add(without_leading_slash(path), executable ? mode_program : mode_data, contents);
}

void CpioWriter::add_link(std::string_view path, std::string_view target) {
    add(without_leading_slash(path), mode_link, target);
}

std::string CpioWriter::take() {
    add("TRAILER!!!", 0, {});
    return std::exchange(archive_, {});
}

void CpioWriter::add(std::string_view name, u32 mode, std::string_view contents) {
    // Magic, inode, mode, uid, gid, links, mtime, size, device (2), special device (2), length of
    // the name with its NUL, checksum. Name and contents each end on a multiple of four.
    fmt::format_to(std::back_inserter(archive_),
                   "070701{:08x}{:08x}{:08x}{:08x}{:08x}{:08x}{:08x}{:08x}{:08x}{:08x}{:08x}{:08x}"
                   "{:08x}",
                   next_inode_++, mode, 0, 0, 1, 0, contents.size(), 0, 0, 0, 0, name.size() + 1,
                   0);
    auto const align = [this] { archive_.resize((archive_.size() + 3) & ~std::size_t{3}, '\0'); };
    archive_.append(name).push_back('\0');
    align();
    archive_.append(contents);
    align();
}

}  // namespace vdsokit::launch
