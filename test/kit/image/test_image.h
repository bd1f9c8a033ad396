// SPDX-License-Identifier: BSD-2-Clause
// The builder's image in the hands of a test: the starting point of tests that break one thing. Its
// parts are found again through ElfView, and changed through edit_*(), so that a test is the same
// for both classes.
#pragma once

#include <stdexcept>
#include <vector>

#include "abi/time_page.h"
#include "kit/image/image_view.h"
#include "test/kit/image/image_builder.h"

namespace vdsokit::test {

class TestImage {
public:
    // `machine` is a name of kit/image/machines.cc.
    explicit TestImage(char const* machine, u32 page_size = 4096);
    explicit TestImage(std::vector<u8> file) : file_(std::move(file)) {}

    kit::Bytes bytes() const { return {file_.data(), file_.size()}; }
    std::vector<u8>& file() { return file_; }
    kit::ImageView view() const { return kit::ImageView{bytes()}; }

    template <class T>
    void put(u64 offset, T const& value) {
        if (!bytes().holds(offset, sizeof(T))) throw std::out_of_range("put past the image");
        __builtin_memcpy(file_.data() + offset, &value, sizeof(T));
    }
    template <class T>
    T get(u64 offset) const {
        return bytes().read<T>(offset);
    }

    // Each calls change(structure) with the structure of the image's class and puts it back.
    template <class Change>
    void edit_header(Change change) {
        edit<elf::FileHeader64, elf::FileHeader32>(0, change);
    }
    template <class Change>
    void edit_segment(u64 index, Change change) {
        u64 const at = view().elf.segment(index).header.value;
        edit<elf::ProgramHeader64, elf::ProgramHeader32>(at, change);
    }
    template <class Change>
    void edit_section(u32 type, Change change) {
        u64 const at = section_at(type);
        edit<elf::SectionHeader64, elf::SectionHeader32>(at, change);
    }
    template <class Change>
    void edit_dynamic(u64 tag, Change change) {
        edit<elf::Dynamic64, elf::Dynamic32>(dynamic_at(tag), change);
    }
    template <class Change>
    void edit_symbol(u64 index, Change change) {
        edit<elf::Symbol64, elf::Symbol32>(symbol_at(index), change);
    }
    template <class Change>
    void edit_version(u64 index, Change change) {
        edit<elf::VersionDefinition, elf::VersionDefinition>(
            view().symbols.versions()[index].at.value, change);
    }
    template <class Change>
    void edit_note(Change change) {
        edit<abi::NoteHeader, abi::NoteHeader>(note_at(), change);
    }
    template <class Change>
    void edit_time_page(Change change) {
        edit<abi::TimePage, abi::TimePage>(time_page_at(), change);
    }

    u64 segment_at(u64 index) const { return view().elf.segment(index).header.value; }
    u64 section_at(u32 type) const { return view().elf.find_section(type).value().header.value; }
    u64 section_content_at(u32 type) const { return view().elf.find_section(type).value().offset; }
    u64 dynamic_at(u64 tag) const { return view().elf.find_dynamic(tag).value().at.value; }
    u64 dynamic_table_at() const {
        return view().elf.find_segment(elf::segment_type::dynamic).value().offset;
    }
    u64 symbol_at(u64 index) const { return view().symbols.symbol(index).at.value; }
    u64 symbol_index(kit::Text name) const;
    // Of the vdsokit note's descriptor.
    u64 note_at() const { return view().note.value().note().content_at.value; }
    u64 trap_listed_at(u64 index) const { return view().note.value().trap_listed_at(index).value; }
    u64 trap(u64 index) const { return view().note.value().trap(index); }
    u64 time_page_at() const { return view().note.value().header().time_page_offset; }
    u64 clock_at(abi::ClockId clock) const;

    // Appends a dynamic entry in place of DT_NULL; there is room for a few.
    void add_dynamic(u64 tag, u64 value);
    // Appends a program header, in room that the builder leaves behind the others.
    void add_segment(u32 type, u32 flags, u64 offset, u64 size);

private:
    template <class In64, class In32, class Change>
    void edit(u64 at, Change change) {
        if constexpr (std::is_same_v<In64, In32>) {
            edit_as<In64>(at, change);
        } else {
            if (view().elf.is_64_bit())
                edit_as<In64>(at, change);
            else
                edit_as<In32>(at, change);
        }
    }
    template <class T, class Change>
    void edit_as(u64 at, Change change) {
        T value = get<T>(at);
        change(value);
        put(at, value);
    }

    std::vector<u8> file_;
};

}  // namespace vdsokit::test
