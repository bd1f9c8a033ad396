// SPDX-License-Identifier: BSD-2-Clause
#include "tool/pack/checks.h"

#include <fmt/format.h>

namespace vdsokit::pack {
namespace {

namespace elf = kit::elf;

constexpr u32 section_relr = 19;

// One segment with everything, and behind the code one page of time: what vdso.lds promises.
Check check_shape(LinkedImage const& image, u64 page_size) {
    if (image.segments().empty()) return Fault{"no segment", "program headers"};
    Elf::ProgramHeader const& load = image.segments()[0];
    if (load.type != elf::segment_type::load || load.offset != 0 || load.virtual_address != 0)
        return Fault{"the first segment is not a PT_LOAD at 0", "program header 0"};
    if (load.flags != (elf::segment_flag::read | elf::segment_flag::execute))
        return Fault{"the image's segment is not R-X", "program header 0"};
    if (load.file_size != load.memory_size || !image.file().holds(0, load.file_size))
        return Fault{"the image's segment is not wholly in the file", "program header 0"};
    if (!kit::inside(image.header().program_headers,
                     image.segments().size() * image.layout().size<Elf::ProgramHeader>(),
                     load.file_size))
        return Fault{"the program headers are not in the image's segment",
                     hex(image.header().program_headers)};
    for (u64 i = 1; i < image.segments().size(); ++i)
        if (image.segments()[i].type == elf::segment_type::load)
            return Fault{"a second PT_LOAD", fmt::format("program header {}", i)};

    Section const* const page = image.find(".time_page");
    if (page == nullptr) return Fault{"no time page", ".time_page"};
    if (!page->is_loaded() || page->header.address % page_size != 0 ||
        page->header.size != page_size || page->header.offset != page->header.address ||
        page->end() != load.file_size)
        return Fault{"the time page is not one whole page at the end of the image", ".time_page"};
    return {};
}

Check check_section(LinkedImage const& image, Section const& section) {
    u32 const type = section.header.type;
    if ((type == elf::section_type::rel || type == elf::section_type::rela ||
         type == section_relr) &&
        section.header.size != 0)
        return Fault{"a relocation is left",
                     fmt::format("{} at {}", section.name, hex(section.header.offset))};
    if (!section.is_loaded() || section.header.size == 0) return {};
    std::string const where = fmt::format("{} at {}", section.name, hex(section.header.address));
    if (image.find(section.name) != &section) return Fault{"a second section of that name", where};
    // The linkers mark .dynamic writable; it is not in an image.
    if ((section.header.flags & section_flag::write) != 0 && section.name != ".dynamic")
        return Fault{"a writable section", where};
    if (type == elf::section_type::no_bits)
        return Fault{"a section that is not in the file", where};
    if (type == elf::section_type::gnu_hash && image.machine().hash == kit::HashTables::sysv_single)
        return Fault{"a GNU hash table, which Go reads wrongly on this machine", where};
    if (section.header.offset != section.header.address ||
        !kit::inside(section.header.offset, section.header.size, image.segments()[0].file_size))
        return Fault{"a section outside the image's segment", where};
    return {};
}

Check check_symbols(LinkedImage const& image, std::string_view table) {
    for (NamedSymbol const& symbol : image.symbols(table))
        if (symbol.symbol.section == elf::section_index::undefined && !symbol.name.empty())
            return Fault{"an undefined symbol", fmt::format("{} in {}", symbol.name, table)};
    return {};
}

}  // namespace

Check check_linked(LinkedImage const& image, u64 page_size) {
    if (Check fault = check_shape(image, page_size)) return fault;
    for (Section const& section : image.sections())
        if (Check fault = check_section(image, section)) return fault;
    for (std::string_view const table : {".dynsym", ".symtab"})
        if (Check fault = check_symbols(image, table)) return fault;
    return {};
}

}  // namespace vdsokit::pack
