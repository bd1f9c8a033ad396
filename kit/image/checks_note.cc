// SPDX-License-Identifier: BSD-2-Clause
// The vdsokit note, the layout that it states, and the trap sites that it lists.
#include "abi/time_page.h"
#include "kit/core/memory.h"
#include "kit/image/elf.h"
#include "kit/image/image_checks.h"
#include "kit/image/trap_sites.h"

namespace vdsokit::kit::check {
namespace {

bool is_page_size(u64 size) { return size == 4096 || size == 16384 || size == 65536; }

// The note says enough to know where the time page has to be.
bool has_layout(ImageView const& image) {
    return image.note && image.note.value().is_complete() &&
           is_page_size(image.note.value().header().page_size);
}

FileOffset field_at(ImageView const& image, u64 offset) {
    return image.note.value().field_at(offset);
}

}  // namespace

Finding note_present(ImageView const& image) {
    if (image.elf.segment_count() == 0) return Finding::unreached();
    return image.note ? Finding::holds() : Finding::fails(image.elf.header().program_headers);
}

Finding note_once(ImageView const& image) {
    if (!image.note) return Finding::unreached();
    Finding finding = Finding::holds();
    for_each_note(image.elf, [&](Note const& note) {
        bool const is_other = note.at.value != image.note.value().note().at.value;
        if (is_other && finding.is_held() && note.name == Text{abi::note_name})
            finding = Finding::fails(note.at);
    });
    return finding;
}

Finding note_shape(ImageView const& image) {
    if (!image.note) return Finding::unreached();
    VdsokitNote const& note = image.note.value();
    bool const is_right = note.note().type == abi::note_type && note.is_complete() &&
                          note.note().content_at.value % alignof(abi::NoteHeader) == 0;
    return is_right ? Finding::holds() : Finding::fails(note.note().at);
}

Finding note_version(ImageView const& image) {
    if (!image.note || !image.note.value().is_complete()) return Finding::unreached();
    abi::NoteHeader const header = image.note.value().header();
    if (header.version != abi::note_version)
        return Finding::fails(field_at(image, offsetof(abi::NoteHeader, version)));
    if (header.time_page_version != abi::page_version)
        return Finding::fails(field_at(image, offsetof(abi::NoteHeader, time_page_version)));
    return Finding::holds();
}

Finding page_size(ImageView const& image) {
    if (!image.note || !image.note.value().is_complete()) return Finding::unreached();
    return is_page_size(image.note.value().header().page_size)
               ? Finding::holds()
               : Finding::fails(field_at(image, offsetof(abi::NoteHeader, page_size)));
}

// The loaded bytes end in the last code page, or with the time page.
Finding time_page_place(ImageView const& image) {
    if (!has_layout(image) || image.elf.loaded_size() == 0) return Finding::unreached();
    abi::NoteHeader const header = image.note.value().header();
    u64 const at = header.time_page_offset;
    u64 const loaded_end = align_up(image.elf.loaded_size(), header.page_size);
    bool const is_right = at != 0 && at % header.page_size == 0 &&
                          (loaded_end == at || image.elf.loaded_size() == at + header.page_size);
    return is_right ? Finding::holds()
                    : Finding::fails(field_at(image, offsetof(abi::NoteHeader, time_page_offset)));
}

// Readers of symbols and callers get execute or read rights on code pages alone; and what a host
// writes to the time page must change nothing else.
Finding time_page_apart(ImageView const& image) {
    if (!time_page_place(image).is_held()) return Finding::unreached();
    u64 const code = image.note.value().header().time_page_offset;
    for (u64 index = 0; index < image.elf.segment_count(); ++index) {
        Segment const segment = image.elf.segment(index);
        if (segment.type != elf::segment_type::load &&
            !inside(segment.offset, segment.file_size, code))
            return Finding::fails(segment.header);
    }
    if (!image.symbols.is_readable()) return Finding::unreached();
    struct Table {
        u64 tag;
        u64 size;
    };
    u64 const symbols = image.symbols.count();
    u64 const symbol = image.elf.is_64_bit() ? sizeof(elf::Symbol64) : sizeof(elf::Symbol32);
    bool const has_gnu = image.gnu_hash && image.gnu_hash.value().symbol_count();
    Table const tables[] = {
        {elf::dynamic_tag::strings, image.elf.strings().size()},
        {elf::dynamic_tag::symbols, symbols * symbol},
        {elf::dynamic_tag::version_symbols, symbols * sizeof(u16)},
        {elf::dynamic_tag::hash, image.sysv_hash ? image.sysv_hash.value().size() : 0},
        {elf::dynamic_tag::gnu_hash, has_gnu ? image.gnu_hash.value().size() : 0}};
    for (Table const& table : tables) {
        auto const entry = image.elf.find_dynamic(table.tag);
        if (!entry) continue;
        auto const at = image.elf.offset_of(entry.value().value, table.size);
        if (at && !inside(at.value(), table.size, code)) return Finding::fails(entry.value().at);
    }
    for (Version const& version : image.symbols.versions())
        if (!inside(version.at.value, sizeof(elf::VersionDefinition), code))
            return Finding::fails(version.at);
    for (u64 index = 1; index < symbols; ++index) {
        Symbol const entry = image.symbols.symbol(index);
        if (!image.symbols.is_export(entry)) continue;
        auto const at = image.elf.offset_of(entry.value, entry.size);
        if (at && !inside(at.value(), entry.size, code)) return Finding::fails(entry.at);
    }
    return Finding::holds();
}

Finding file_size(ImageView const& image) {
    if (!has_layout(image)) return Finding::unreached();
    abi::NoteHeader const header = image.note.value().header();
    u64 const end = u64{header.time_page_offset} + header.page_size;
    u64 const size = image.elf.file().size();
    if (size == end) return Finding::holds();
    return Finding::fails(size < end ? size : end);
}

Finding served_machine(ImageView const& image) {
    if (image.facts == nullptr) return Finding::unreached();
    return image.facts->trap.size != 0 ? Finding::holds()
                                       : Finding::fails(offsetof(elf::FileHeader64, machine));
}

Finding trap_order(ImageView const& image) {
    if (!image.note || !image.note.value().is_complete()) return Finding::unreached();
    VdsokitNote const& note = image.note.value();
    for (u64 index = 1; index < note.trap_count(); ++index)
        if (note.trap(index) <= note.trap(index - 1))
            return Finding::fails(note.trap_listed_at(index));
    return Finding::holds();
}

Finding trap_in_code(ImageView const& image) {
    if (!TrapSites::are_readable(image)) return Finding::unreached();
    VdsokitNote const& note = image.note.value();
    for (u64 index = 0; index < note.trap_count(); ++index)
        if (!TrapSites::is_in_code(image, note.trap(index)))
            return Finding::fails(note.trap_listed_at(index));
    return Finding::holds();
}

// The machine's own trap instruction; or, in a stamped image, one other instruction that stands at
// every site. A mixture is neither.
Finding trap_instruction(ImageView const& image) {
    if (!trap_in_code(image).is_held()) return Finding::unreached();
    VdsokitNote const& note = image.note.value();
    for (u64 index = 1; index < note.trap_count(); ++index)
        if (TrapSites::instruction(image, note.trap(index)) !=
            TrapSites::instruction(image, note.trap(0)))
            return Finding::fails(note.trap(index));
    return Finding::holds();
}

Finding trap_listed(ImageView const& image) {
    if (!trap_in_code(image).is_held()) return Finding::unreached();
    auto const at = TrapSites::find_unlisted(image);
    return at ? Finding::fails(at.value()) : Finding::holds();
}

}  // namespace vdsokit::kit::check
