// SPDX-License-Identifier: BSD-2-Clause
#include "tool/launch/libraries.h"

#include <filesystem>
#include <optional>

#include "tool/launch/elf_needs.h"

namespace vdsokit::launch {

namespace filesystem = std::filesystem;

namespace {

// Both libcs look for libraries in /lib; the sysroot's links are absolute in Debian's own tree, so
// files are looked for by their last name alone.
std::optional<filesystem::path> find_library(std::string const& name, Places const& places) {
    for (filesystem::path const& folder : places.libraries) {
        std::error_code error;
        filesystem::path const candidate = folder / name;
        if (filesystem::is_regular_file(candidate, error)) return candidate;
    }
    return std::nullopt;
}

void add_library(GuestTree& tree, std::string const& guest_path, Places const& places) {
    std::string const name = filesystem::path(guest_path).filename().string();
    if (name.empty() || !tree.find_by_name(name).empty()) return;
    std::optional<filesystem::path> const found = find_library(name, places);
    if (!found) return;
    std::string const contents = read_host_file(found->string());
    tree.add_file(guest_path, contents, true);
    add_needs(tree, contents, places);
}

}  // namespace

void add_needs(GuestTree& tree, std::string const& contents, Places const& places) {
    std::optional<ElfNeeds> const needs = read_elf_needs(contents);
    if (!needs) return;
    filesystem::path const interpreter = filesystem::path(needs->interpreter).lexically_normal();
    if (interpreter.is_absolute()) add_library(tree, interpreter.string(), places);
    for (std::string const& library : needs->libraries) {
        // musl names its libc "libc.so", which is its interpreter under another name, already
        // loaded; glibc's file of that name is a linker script.
        if (library != "libc.so") add_library(tree, "/lib/" + library, places);
    }
}

}  // namespace vdsokit::launch
