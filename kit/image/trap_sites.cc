// SPDX-License-Identifier: BSD-2-Clause
#include "kit/image/trap_sites.h"

#include "kit/image/elf.h"

namespace vdsokit::kit {
namespace {

bool is_code(ImageView const& image, Section const& section) {
    return section.type == elf::section_type::program_bits &&
           (section.flags & elf::section_flag::execute) != 0 &&
           image.elf.is_loaded(section.offset, section.size);
}

bool is_listed(ImageView const& image, u64 offset) {
    for (u64 index = 0; index < image.note.value().trap_count(); ++index)
        if (image.note.value().trap(index) == offset) return true;
    return false;
}

}  // namespace

bool TrapSites::are_readable(ImageView const& image) {
    return image.note && image.note.value().is_complete() && image.elf.loaded_size() != 0 &&
           image.facts != nullptr && image.facts->trap.size != 0 && image.elf.section_count() != 0;
}

bool TrapSites::is_in_code(ImageView const& image, u64 offset) {
    TrapInstruction const& trap = image.facts->trap;
    if (offset % trap.alignment != 0) return false;
    if (!inside(offset, trap.size, image.note.value().header().time_page_offset)) return false;
    for (u64 index = 0; index < image.elf.section_count(); ++index) {
        Section const section = image.elf.section(index);
        if (is_code(image, section) && offset >= section.offset &&
            inside(offset - section.offset, trap.size, section.size))
            return true;
    }
    return false;
}

u32 TrapSites::instruction(ImageView const& image, u64 offset) {
    u32 value = 0;
    for (u32 byte = 0; byte < image.facts->trap.size; ++byte)
        value |= u32{image.elf.file()[offset + byte]} << (8 * byte);
    return value;
}

Maybe<FileOffset> TrapSites::find_unlisted(ImageView const& image) {
    TrapInstruction const& trap = image.facts->trap;
    if (trap.mask == 0) return Nothing{};
    for (u64 index = 0; index < image.elf.section_count(); ++index) {
        Section const section = image.elf.section(index);
        if (!is_code(image, section)) continue;
        u64 at = align_up(section.offset, trap.alignment);
        for (; inside(at - section.offset, trap.size, section.size); at += trap.size)
            if ((instruction(image, at) & trap.mask) == (trap.value & trap.mask) &&
                !is_listed(image, at))
                return FileOffset{at};
    }
    return Nothing{};
}

}  // namespace vdsokit::kit
