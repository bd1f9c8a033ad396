// SPDX-License-Identifier: BSD-2-Clause
#include "hosts/personality/memory/describe.h"

#include "hosts/personality/files/file.h"

namespace vdsokit::personality {

namespace {

char const* name_of(RegionName name) {
    switch (name) {
    case RegionName::none: return "";
    case RegionName::heap: return "[heap]";
    case RegionName::stack: return "[stack]";
    case RegionName::vdso: return "[vdso]";
    case RegionName::vvar: return "[vvar]";
    case RegionName::signal_page: return "[sigpage]";
    case RegionName::helper_page: return "[vectors]";
    }
    return "";
}

char const* letters_of(Access access) {
    switch (access) {
    case Access::none: return "---";
    case Access::read: return "r--";
    case Access::read_write: return "rw-";
    case Access::read_execute: return "r-x";
    }
    return "---";
}

// Where Linux's names begin, on a 64-bit machine.
inline constexpr u64 name_column = 73;

}  // namespace

void describe(Region const& region, Text& text) {
    u64 const line = text.length();
    text.hexadecimal(region.start, 8).byte('-').hexadecimal(region.end, 8).byte(' ');
    // The vDSO's frames are everybody's, yet Linux shows them as private and libraries expect so.
    bool const shows_shared = region.is_shared && region.backing != Backing::fixed;
    text.add(letters_of(region.access)).byte(shows_shared ? 's' : 'p').byte(' ');
    File* const file = region.file;
    u64 const device = file == nullptr ? 0 : file->device();
    text.hexadecimal(file == nullptr ? 0 : region.offset, 8).byte(' ');
    text.hexadecimal(device >> 8, 2).byte(':').hexadecimal(device & 0xff, 2).byte(' ');
    text.decimal(file == nullptr ? 0 : file->inode());
    char const* name = name_of(region.name);
    if (file != nullptr)
        name = file->path();
    else if (region.backing == Backing::shared)
        name = "/dev/zero (deleted)";
    if (*name != 0) text.pad_to(line, name_column).add(name);
    text.byte('\n');
}

}  // namespace vdsokit::personality
