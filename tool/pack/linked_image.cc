// SPDX-License-Identifier: BSD-2-Clause
#include "tool/pack/linked_image.h"

#include <algorithm>

#include <fmt/format.h>

namespace vdsokit::pack {

namespace elf = kit::elf;

std::string hex(u64 value) { return fmt::format("{:#x}", value); }

Check LinkedImage::open(kit::Bytes file) {
    file_ = file;
    if (!file.holds(0, sizeof(elf::Identification))) return Fault{"no ELF header", "offset 0"};
    auto const identification = file.read<elf::Identification>(0);
    if (!std::equal(std::begin(elf::magic), std::end(elf::magic), identification.magic) ||
        identification.data != elf::data_encoding::little_endian)
        return Fault{"not a little-endian ELF file", "offset 0"};
    if (identification.file_class != elf::file_class::bits32 &&
        identification.file_class != elf::file_class::bits64)
        return Fault{"neither a file of the 32-bit class nor of the 64-bit class", "offset 4"};
    layout_ = ElfLayout(identification.file_class);
    if (!file.holds(0, layout_.size<Elf::FileHeader>())) return Fault{"no ELF header", "offset 0"};
    header_ = layout_.read<Elf::FileHeader>(file, 0);
    if (header_.type != elf::file_type::shared) return Fault{"not a shared object", "offset 16"};
    machine_ = kit::find_machine(header_.machine, identification.file_class);
    if (machine_ == nullptr || machine_->trap.size == 0)
        return Fault{"no image is made for this machine",
                     fmt::format("e_machine {}", header_.machine)};

    u64 const entry = layout_.size<Elf::ProgramHeader>();
    u64 const table = header_.program_header_count * entry;
    if (header_.program_header_size != entry || !file.holds(header_.program_headers, table))
        return Fault{"the program headers lie outside the file", hex(header_.program_headers)};
    for (u64 at = 0; at < table; at += entry)
        segments_.push_back(layout_.read<Elf::ProgramHeader>(file, header_.program_headers + at));
    return read_sections();
}

Check LinkedImage::read_sections() {
    u64 const entry = layout_.size<Elf::SectionHeader>();
    u64 const table = header_.section_header_count * entry;
    if (header_.section_header_size != entry || !file_.holds(header_.section_headers, table) ||
        header_.section_names >= header_.section_header_count)
        return Fault{"the section headers lie outside the file", hex(header_.section_headers)};
    for (u64 at = 0; at < table; at += entry) {
        Section const section{
            {}, layout_.read<Elf::SectionHeader>(file_, header_.section_headers + at)};
        if (section.header.type != elf::section_type::null &&
            section.header.type != elf::section_type::no_bits &&
            !file_.holds(section.header.offset, section.header.size))
            return Fault{"a section lies outside the file", hex(header_.section_headers + at)};
        sections_.push_back(section);
    }
    Section const names = sections_[header_.section_names];
    for (Section& section : sections_) section.name = text(names, section.header.name);
    return {};
}

std::string LinkedImage::text(Section const& strings, u64 offset) const {
    kit::Bytes const bytes = contents(strings);
    std::string result;
    for (u64 at = offset; at < bytes.size() && bytes[at] != 0; ++at)
        result += static_cast<char>(bytes[at]);
    return result;
}

Section const* LinkedImage::find(std::string_view name) const {
    auto const found = std::ranges::find(sections_, name, &Section::name);
    return found == sections_.end() ? nullptr : &*found;
}

kit::Bytes LinkedImage::contents(Section const& section) const {
    if (section.header.type == elf::section_type::null ||
        section.header.type == elf::section_type::no_bits)
        return {};
    return file_.part(section.header.offset, section.header.size);
}

std::vector<NamedSymbol> LinkedImage::symbols(std::string_view table) const {
    std::vector<NamedSymbol> result;
    Section const* const section = find(table);
    if (section == nullptr || section->header.link >= sections_.size()) return result;
    kit::Bytes const bytes = contents(*section);
    u64 const entry = layout_.size<Elf::Symbol>();
    for (u64 at = 0; bytes.holds(at, entry); at += entry) {
        auto const symbol = layout_.read<Elf::Symbol>(bytes, at);
        result.push_back({text(sections_[section->header.link], symbol.name), symbol});
    }
    return result;
}

}  // namespace vdsokit::pack
