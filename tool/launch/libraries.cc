// SPDX-License-Identifier: BSD-2-Clause
#include "tool/launch/libraries.h"

#include <filesystem>
#include <optional>

#include "kit/image/elf.h"
#include "tool/launch/elf_needs.h"

namespace vdsokit::launch {

namespace filesystem = std::filesystem;

namespace {

bool is_narrow(ElfNeeds const& needs) { return needs.machine == kit::elf::machine::arm; }

// Both libcs look for libraries in /lib; those of 32-bit programs, which have the same names, have
// a folder of their own that Debian's glibc looks into first.
char const* library_folder(ElfNeeds const& needs) {
    return is_narrow(needs) ? "/lib/arm-linux-gnueabihf/" : "/lib/";
}

// The sysroot's links are absolute in Debian's own tree, so files are looked for by their last name
// alone.
std::optional<filesystem::path> find_library(std::string const& name,
                                             std::vector<filesystem::path> const& folders) {
    for (filesystem::path const& folder : folders) {
        std::error_code error;
        filesystem::path const candidate = folder / name;
        if (filesystem::is_regular_file(candidate, error)) return candidate;
    }
    return std::nullopt;
}

// One that the user brought counts, wherever it is, unless it is the other word size's.
bool is_there(GuestTree const& tree, std::string const& guest_path, std::string const& name,
              ElfNeeds const& needs) {
    return tree.contains(guest_path) || (!is_narrow(needs) && !tree.find_by_name(name).empty());
}

void add_library(GuestTree& tree, std::string const& guest_path, ElfNeeds const& needs,
                 Places const& places) {
    std::string const name = filesystem::path(guest_path).filename().string();
    if (name.empty() || is_there(tree, guest_path, name, needs)) return;
    std::optional<filesystem::path> const found =
        find_library(name, is_narrow(needs) ? places.narrow_libraries : places.libraries);
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
    if (interpreter.is_absolute()) add_library(tree, interpreter.string(), *needs, places);
    for (std::string const& library : needs->libraries) {
        // musl names its libc "libc.so", which is its interpreter under another name, already
        // loaded; glibc's file of that name is a linker script.
        if (library != "libc.so")
            add_library(tree, library_folder(*needs) + library, *needs, places);
    }
}

}  // namespace vdsokit::launch
