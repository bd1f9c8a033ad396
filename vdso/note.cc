// SPDX-License-Identifier: BSD-2-Clause
// The room for the image's own note. vdsokit-pack fills in what only the linked image knows: where
// the time page is, how long a page is, and where the kernel is entered.
#include "abi/note.h"
#include "abi/time_page.h"

namespace vdsokit::vdso {
namespace {

// As many as any image has; what is not used is lost to the code behind it.
constexpr u32 traps_reserved = 16;
static_assert(traps_reserved <= abi::note_traps_max);

struct Note {
    u32 name_size;
    u32 descriptor_size;
    u32 type;
    char name[sizeof(abi::note_name)];
    abi::NoteHeader header;
    u32 traps[traps_reserved];
};
static_assert(sizeof(Note) == 20 + sizeof(abi::NoteHeader) + u64{4} * traps_reserved);

// alignas: gcc would align a large object to 8, and a gap between two notes ends the list.
[[gnu::section(".note.vdsokit"), gnu::used]] alignas(4) constinit Note const note = {
    .name_size = sizeof(abi::note_name),
    .descriptor_size = sizeof(abi::NoteHeader) + sizeof(Note::traps),
    .type = abi::note_type,
    .name = {'v', 'd', 's', 'o', 'k', 'i', 't', 0},
    .header = {.version = abi::note_version,
               .time_page_version = abi::page_version,
               .time_page_offset = 0,
               .page_size = 0,
               .trap_count = 0},
    .traps = {},
};

}  // namespace
}  // namespace vdsokit::vdso
