// SPDX-License-Identifier: BSD-2-Clause
// Where things lie in the builder's image, and ways to break them: the vocabulary of the tables of
// broken images. Each works for both classes.
#pragma once

#include "test/kit/image/broken_image.h"

namespace vdsokit::test {

inline constexpr u64 unknown_tag = 0x7000'0001;
inline constexpr u64 prelinked_by = 0x10000;
inline constexpr u64 free_room = 0xf00;  // nothing lies there in a code page of the builder's

template <u64 Offset>
u64 offset(TestImage const&) {
    return Offset;
}
inline u64 segment_table(TestImage const& image) { return image.segment_at(0); }
template <u64 Index>
u64 segment(TestImage const& image) {
    return image.segment_at(Index);
}
inline u64 new_segment(TestImage const& image) {
    return 2 * image.segment_at(2) - image.segment_at(1);
}
template <u64 Index>
u64 symbol(TestImage const& image) {
    return image.symbol_at(Index);
}
template <u64 Index>
u64 version(TestImage const& image) {
    return image.view().symbols.versions()[Index].at.value;
}
template <u64 Tag>
u64 dynamic(TestImage const& image) {
    return image.dynamic_at(Tag);
}
inline u64 dynamic_table(TestImage const& image) { return image.dynamic_table_at(); }
inline u64 new_dynamic(TestImage const& image) {
    u64 const size = image.view().elf.is_64_bit() ? 16 : 8;
    return image.dynamic_table_at() + image.view().elf.dynamic_count() * size;
}
template <u32 Type>
u64 section(TestImage const& image) {
    return image.section_at(Type);
}
inline u64 hash(TestImage const& image) { return image.view().sysv_hash.value().at().value; }
inline u64 gnu_hash(TestImage const& image) { return image.view().gnu_hash.value().at().value; }
template <u64 Offset>
u64 note(TestImage const& image) {
    return image.note_at() + Offset;
}
inline u64 note_start(TestImage const& image) { return image.view().note.value().note().at.value; }
template <u64 Index>
u64 trap_listed(TestImage const& image) {
    return image.trap_listed_at(Index);
}
template <u64 Offset>
u64 time_page(TestImage const& image) {
    return image.time_page_at() + Offset;
}
template <abi::ClockId Clock>
u64 clock(TestImage const& image) {
    return image.clock_at(Clock);
}

template <u64 Tag>
void forget_dynamic(TestImage& image) {
    image.edit_dynamic(Tag, [](auto& entry) { entry.tag = unknown_tag; });
}
template <u64 Tag>
void set_dynamic(TestImage& image) {
    image.add_dynamic(Tag, 0);
}
template <u32 Flags>
void set_load_rights(TestImage& image) {
    image.edit_segment(0, [](auto& load) { load.flags = Flags; });
}

// To the width that the field has in the image's class.
template <class Field>
void set(Field& field, u64 value) {
    field = static_cast<Field>(value);
}

inline void swap_segments(TestImage& image, u64 first, u64 second) {
    image.edit_segment(first, [&](auto& one) {
        auto const kept = one;
        image.edit_segment(second, [&](auto& other) {
            if constexpr (std::is_same_v<std::remove_cvref_t<decltype(other)>,
                                         std::remove_cvref_t<decltype(one)>>) {
                one = other;
                other = kept;
            }
        });
    });
}

// Every address moved, offsets left: as images once were linked.
inline void prelink(TestImage& image) {
    u64 const tags[] = {elf::dynamic_tag::hash, elf::dynamic_tag::strings,
                        elf::dynamic_tag::symbols, elf::dynamic_tag::version_symbols,
                        elf::dynamic_tag::version_definitions};
    u64 const symbols = image.view().symbols.count();
    for (u64 index = 1; index < symbols; ++index)
        image.edit_symbol(index, [](auto& entry) { set(entry.value, entry.value + prelinked_by); });
    for (u64 const tag : tags)
        image.edit_dynamic(tag, [](auto& entry) { set(entry.value, entry.value + prelinked_by); });
    for (u64 index = 0; index < 3; ++index)
        image.edit_segment(index, [](auto& entry) {
            set(entry.virtual_address, entry.virtual_address + prelinked_by);
        });
}

template <u64 From, u64 To>
void rename_symbol(TestImage& image) {
    u32 name = 0;
    image.edit_symbol(From, [&](auto& entry) { name = entry.name; });
    image.edit_symbol(To, [&](auto& entry) { entry.name = name; });
}

// As the kernel takes a function out of an image.
template <u64 Index>
void withdraw_symbol(TestImage& image) {
    image.edit_symbol(Index, [](auto& entry) { entry.name = 0; });
}

// A clock published at 4 GHz, then changed.
template <class Change>
void edit_line(TestImage& image, abi::ClockId clock, Change change) {
    image.edit_time_page([&](abi::TimePage& page) {
        abi::ClockLine& line = page.clocks[static_cast<u32>(clock)];
        line.state = abi::state_of(abi::ClockMode::counter);
        line.mult = u64{1} << 63;
        line.shift = 1;  // 2^96 / 2^64: 4 GHz
        change(line);
    });
}

}  // namespace vdsokit::test
