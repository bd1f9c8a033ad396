// SPDX-License-Identifier: BSD-2-Clause
#include "tool/launch/elf_needs.h"

#include "kit/core/bytes.h"
#include "kit/image/elf.h"
#include "kit/image/elf_view.h"

namespace vdsokit::launch {

namespace {

std::string_view text(kit::Bytes bytes) {
    return {reinterpret_cast<char const*>(bytes.data()), bytes.size()};
}

// Up to its NUL; without one, the whole run.
std::string terminated(std::string_view run) { return std::string(run.substr(0, run.find('\0'))); }

// The file's bytes from a virtual address to the end of the segment that holds it. A program's
// string table need not lie in its first segment, as an image's must.
std::string_view bytes_at(kit::ElfView const& elf, u64 address) {
    for (u64 index = 0; index < elf.segment_count(); ++index) {
        kit::Segment const segment = elf.segment(index);
        if (segment.type != kit::elf::segment_type::load || address < segment.address) continue;
        u64 const distance = address - segment.address;
        if (distance >= segment.file_size) continue;
        if (!elf.file().holds(segment.offset, segment.file_size)) continue;
        return text(elf.file().part(segment.offset, segment.file_size)).substr(distance);
    }
    return {};
}

}  // namespace

std::optional<ElfNeeds> read_elf_needs(std::string_view file) {
    kit::Bytes const bytes(reinterpret_cast<u8 const*>(file.data()), file.size());
    if (!file.starts_with("\x7f"
                          "ELF"))
        return std::nullopt;
    kit::ElfView const elf(bytes);
    if (!elf.has_header() || elf.header().data != kit::elf::data_encoding::little_endian)
        return std::nullopt;

    ElfNeeds needs{.machine = elf.header().machine, .interpreter = {}, .libraries = {}};
    auto const interpreter = elf.find_segment(kit::elf::segment_type::interpreter);
    if (interpreter && bytes.holds(interpreter.value().offset, interpreter.value().file_size)) {
        needs.interpreter =
            terminated(text(bytes.part(interpreter.value().offset, interpreter.value().file_size)));
    }
    auto const table = elf.find_dynamic(kit::elf::dynamic_tag::strings);
    if (!table) return needs;
    std::string_view const strings = bytes_at(elf, table.value().value);
    for (u64 index = 0; index < elf.dynamic_count(); ++index) {
        kit::DynamicEntry const entry = elf.dynamic(index);
        if (entry.tag == kit::elf::dynamic_tag::needed && entry.value < strings.size())
            needs.libraries.push_back(terminated(strings.substr(entry.value)));
    }
    return needs;
}

}  // namespace vdsokit::launch
