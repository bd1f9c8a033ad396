// SPDX-License-Identifier: BSD-2-Clause
#include "kit/image/notes.h"

namespace vdsokit::kit {

Maybe<Note> note_at(ElfView const& view, Segment const& segment, u64 offset) {
    u64 const limit = segment.offset + segment.file_size;  // inside the file
    if (offset > limit || limit - offset < sizeof(elf::NoteHeader)) return Nothing{};
    auto const header = view.file().read<elf::NoteHeader>(offset);
    // Notes of 64-bit properties are padded to 8 bytes, all others to 4. The sizes have 32 bits:
    // no sum wraps.
    u64 const alignment = segment.alignment == 8 ? 8 : 4;
    u64 const content = align_up(sizeof(elf::NoteHeader) + header.name_size, alignment);
    u64 const end = content + header.descriptor_size;
    if (end > limit - offset) return Nothing{};

    u64 const name_at = offset + sizeof(elf::NoteHeader);
    u64 name_size = header.name_size;
    if (name_size != 0 && view.file()[name_at + name_size - 1] == 0) --name_size;
    // The last note's padding may be missing.
    u64 const padded = align_up(end, alignment);
    return Note{.at = {offset},
                .type = header.type,
                .name = {reinterpret_cast<char const*>(view.file().data()) + name_at, name_size},
                .content_at = {offset + content},
                .content = view.file().part(offset + content, header.descriptor_size),
                .end = padded > limit - offset ? limit : offset + padded};
}

VdsokitNote::VdsokitNote(Note const& note) : note_(note), is_complete_(false) {
    if (!note.content.holds(0, sizeof(abi::NoteHeader))) return;
    u64 const traps = header().trap_count;
    is_complete_ = traps <= abi::note_traps_max &&
                   note.content.size() == sizeof(abi::NoteHeader) + traps * sizeof(u32);
}

Maybe<VdsokitNote> VdsokitNote::find(ElfView const& view) {
    Maybe<VdsokitNote> found = Nothing{};
    for_each_note(view, [&](Note const& note) {
        if (!found && note.name == Text{abi::note_name}) found = VdsokitNote{note};
    });
    return found;
}

FileOffset VdsokitNote::trap_listed_at(u64 index) const {
    return field_at(sizeof(abi::NoteHeader) + index * sizeof(u32));
}

u32 VdsokitNote::trap(u64 index) const {
    return note_.content.read<u32>(sizeof(abi::NoteHeader) + index * sizeof(u32));
}

}  // namespace vdsokit::kit
