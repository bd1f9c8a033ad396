// SPDX-License-Identifier: BSD-2-Clause
#include "kit/image/elf_view.h"

#include "kit/image/elf.h"

namespace vdsokit::kit {
namespace {

template <class Class>
ElfHeader widen_header(Bytes file) {
    auto const raw = file.read<typename Class::FileHeader>(0);
    return {.file_class = raw.identification.file_class,
            .data = raw.identification.data,
            .identification_version = raw.identification.version,
            .os_abi = raw.identification.os_abi,
            .type = raw.type,
            .machine = raw.machine,
            .version = raw.version,
            .program_headers = raw.program_headers,
            .section_headers = raw.section_headers,
            .flags = raw.flags,
            .header_size = raw.header_size,
            .program_header_size = raw.program_header_size,
            .program_header_count = raw.program_header_count,
            .section_header_size = raw.section_header_size,
            .section_header_count = raw.section_header_count,
            .section_names = raw.section_names};
}

template <class Class>
Segment widen_segment(Bytes file, u64 at) {
    auto const raw = file.read<typename Class::ProgramHeader>(at);
    return {.header = {at},
            .type = raw.type,
            .flags = raw.flags,
            .offset = raw.offset,
            .address = raw.virtual_address,
            .file_size = raw.file_size,
            .memory_size = raw.memory_size,
            .alignment = raw.alignment};
}

template <class Class>
Section widen_section(Bytes file, u64 at) {
    auto const raw = file.read<typename Class::SectionHeader>(at);
    return {.header = {at},
            .name = raw.name,
            .type = raw.type,
            .flags = raw.flags,
            .address = raw.address,
            .offset = raw.offset,
            .size = raw.size,
            .link = raw.link,
            .entry_size = raw.entry_size};
}

template <class Class>
DynamicEntry widen_dynamic(Bytes file, u64 at) {
    auto const raw = file.read<typename Class::Dynamic>(at);
    return {.at = {at}, .tag = raw.tag, .value = raw.value};
}

constexpr u64 dynamic_entry_size(bool is_64_bit) {
    return is_64_bit ? sizeof(elf::Dynamic64) : sizeof(elf::Dynamic32);
}

}  // namespace

ElfView::ElfView(Bytes file) : file_(file) {
    read_header();
    if (!has_header_) return;
    read_tables();
    read_dynamic();
}

bool ElfView::is_64_bit() const { return header_.file_class == elf::file_class::bits64; }

void ElfView::read_header() {
    if (!file_.holds(0, sizeof(elf::Identification))) return;
    u8 const file_class = file_.read<elf::Identification>(0).file_class;
    if (file_class == elf::file_class::bits64 && file_.holds(0, sizeof(elf::FileHeader64))) {
        header_ = widen_header<elf::Class64>(file_);
        has_header_ = true;
    }
    if (file_class == elf::file_class::bits32 && file_.holds(0, sizeof(elf::FileHeader32))) {
        header_ = widen_header<elf::Class32>(file_);
        has_header_ = true;
    }
}

void ElfView::read_tables() {
    u64 const segment_size =
        is_64_bit() ? sizeof(elf::ProgramHeader64) : sizeof(elf::ProgramHeader32);
    u64 const section_size =
        is_64_bit() ? sizeof(elf::SectionHeader64) : sizeof(elf::SectionHeader32);
    // Counts have 16 bits: neither product can wrap.
    if (header_.program_header_size == segment_size &&
        header_.program_header_count <= segments_max &&
        file_.holds(header_.program_headers, header_.program_header_count * segment_size))
        segment_count_ = header_.program_header_count;
    if (header_.section_header_size == section_size && header_.section_headers != 0 &&
        header_.section_header_count <= sections_max &&
        file_.holds(header_.section_headers, header_.section_header_count * section_size))
        section_count_ = header_.section_header_count;

    auto const load = find_segment(elf::segment_type::load);
    if (load && file_.holds(load.value().offset, load.value().file_size)) {
        load_offset_ = load.value().offset;
        load_address_ = load.value().address;
        loaded_size_ = load.value().file_size;
    }
}

void ElfView::read_dynamic() {
    auto const dynamic = find_segment(elf::segment_type::dynamic);
    if (!dynamic || !file_.holds(dynamic.value().offset, dynamic.value().file_size)) return;
    dynamic_offset_ = dynamic.value().offset;
    u64 const capacity = dynamic.value().file_size / dynamic_entry_size(is_64_bit());
    while (dynamic_count_ < capacity && dynamic_count_ < dynamic_max) {
        u64 const at = dynamic_offset_ + dynamic_count_ * dynamic_entry_size(is_64_bit());
        if (dynamic_at(at).tag == elf::dynamic_tag::null) {
            dynamic_is_terminated_ = true;
            break;
        }
        ++dynamic_count_;
    }

    auto const table = find_dynamic(elf::dynamic_tag::strings);
    auto const size = find_dynamic(elf::dynamic_tag::strings_size);
    if (!table || !size) return;
    auto const offset = offset_of(table.value().value, size.value().value);
    if (offset) strings_ = file_.part(offset.value(), size.value().value);
}

Segment ElfView::segment(u64 index) const {
    if (index >= segment_count_) __builtin_trap();
    u64 const at = header_.program_headers + index * header_.program_header_size;
    return is_64_bit() ? widen_segment<elf::Class64>(file_, at)
                       : widen_segment<elf::Class32>(file_, at);
}

Maybe<Segment> ElfView::find_segment(u32 type) const {
    for (u64 index = 0; index < segment_count_; ++index)
        if (segment(index).type == type) return segment(index);
    return Nothing{};
}

Section ElfView::section(u64 index) const {
    if (index >= section_count_) __builtin_trap();
    u64 const at = header_.section_headers + index * header_.section_header_size;
    return is_64_bit() ? widen_section<elf::Class64>(file_, at)
                       : widen_section<elf::Class32>(file_, at);
}

Maybe<Section> ElfView::find_section(u32 type) const {
    for (u64 index = 0; index < section_count_; ++index)
        if (section(index).type == type) return section(index);
    return Nothing{};
}

Maybe<u64> ElfView::offset_of(u64 address, u64 size) const {
    // loaded_size_ is 0 without a PT_LOAD, and then not even an empty range is inside.
    if (loaded_size_ == 0 || address < load_address_) return Nothing{};
    u64 const distance = address - load_address_;
    if (!inside(distance, size, loaded_size_)) return Nothing{};
    return load_offset_ + distance;  // inside the file, so it does not wrap
}

bool ElfView::is_loaded(u64 offset, u64 size) const {
    return offset >= load_offset_ && inside(offset - load_offset_, size, loaded_size_);
}

DynamicEntry ElfView::dynamic_at(u64 offset) const {
    return is_64_bit() ? widen_dynamic<elf::Class64>(file_, offset)
                       : widen_dynamic<elf::Class32>(file_, offset);
}

DynamicEntry ElfView::dynamic(u64 index) const {
    if (index >= dynamic_count_) __builtin_trap();
    return dynamic_at(dynamic_offset_ + index * dynamic_entry_size(is_64_bit()));
}

Maybe<DynamicEntry> ElfView::find_dynamic(u64 tag) const {
    for (u64 index = 0; index < dynamic_count_; ++index)
        if (dynamic(index).tag == tag) return dynamic(index);
    return Nothing{};
}

Maybe<Text> ElfView::string(u64 offset) const {
    for (u64 end = offset; end < strings_.size() && end - offset <= string_max; ++end)
        if (strings_[end] == 0)
            return Text{reinterpret_cast<char const*>(strings_.data()) + offset, end - offset};
    return Nothing{};
}

}  // namespace vdsokit::kit
