// SPDX-License-Identifier: BSD-2-Clause
// The notes in an image's PT_NOTE segments, over untrusted bytes, and the one named "vdsokit".
#pragma once

#include "abi/note.h"
#include "kit/core/memory.h"
#include "kit/image/elf.h"
#include "kit/image/elf_view.h"

namespace vdsokit::kit {

struct Note {
    FileOffset at;
    u32 type;
    Text name;  // without its NUL
    FileOffset content_at;
    Bytes content;
    u64 end;  // where the next note begins, in the file
};

// The note that begins at `offset` of the file. Absent: it does not end inside `segment`.
// Precondition: `segment` lies inside the file.
Maybe<Note> note_at(ElfView const& view, Segment const& segment, u64 offset);

// Calls visit(note) for each readable note of each PT_NOTE that lies inside the file.
template <class Visit>
void for_each_note(ElfView const& view, Visit visit) {
    for (u64 index = 0; index < view.segment_count(); ++index) {
        Segment const segment = view.segment(index);
        if (segment.type != elf::segment_type::note) continue;
        if (!view.file().holds(segment.offset, segment.file_size)) continue;
        auto note = note_at(view, segment, segment.offset);
        for (; note; note = note_at(view, segment, note.value().end)) visit(note.value());
    }
}

// The image's own note, as it stands there; the rules say what may stand there.
class VdsokitNote {
public:
    // The first note of that name. Absent: there is none.
    static Maybe<VdsokitNote> find(ElfView const& view);

    Note const& note() const { return note_; }
    // The descriptor has exactly the header and the sites that it announces, at most the maximum.
    bool is_complete() const { return is_complete_; }

    // Precondition for these: is_complete().
    abi::NoteHeader header() const { return note_.content.read<abi::NoteHeader>(0); }
    FileOffset field_at(u64 offset) const { return {note_.content_at.value + offset}; }
    u64 trap_count() const { return header().trap_count; }
    FileOffset trap_listed_at(u64 index) const;
    u32 trap(u64 index) const;  // offset of the instruction from the image's start

private:
    explicit VdsokitNote(Note const& note);

    Note note_;
    bool is_complete_;
};

}  // namespace vdsokit::kit
