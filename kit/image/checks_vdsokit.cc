// SPDX-License-Identifier: BSD-2-Clause
// What a vdsokit image promises beyond what every vDSO has to.
#include "kit/image/elf.h"
#include "kit/image/image_checks.h"

namespace vdsokit::kit::check {
namespace {

constexpr u64 export_size_min = 16;
constexpr u64 export_name_max = 31;

// For a rule on everything that a look-up by name can answer with.
template <class IsRight>
Finding expect_each_export(ImageView const& image, IsRight is_right) {
    if (!image.symbols.is_readable()) return Finding::unreached();
    for (u64 index = 1; index < image.symbols.count(); ++index) {
        Symbol const symbol = image.symbols.symbol(index);
        if (image.symbols.is_export(symbol) && !is_right(symbol)) return Finding::fails(symbol.at);
    }
    return Finding::holds();
}

bool has_code_end(ImageView const& image) { return image.note && image.note.value().is_complete(); }

}  // namespace

Finding load_first(ImageView const& image) {
    if (image.elf.segment_count() == 0) return Finding::unreached();
    Segment const first = image.elf.segment(0);
    return first.type == elf::segment_type::load ? Finding::holds() : Finding::fails(first.header);
}

Finding linked_at_zero(ImageView const& image) {
    auto const load = image.elf.find_segment(elf::segment_type::load);
    if (!load) return Finding::unreached();
    return load.value().address == 0 ? Finding::holds() : Finding::fails(load.value().header);
}

Finding no_eh_frame(ImageView const& image) {
    if (image.facts == nullptr) return Finding::unreached();
    auto const frame = image.elf.find_segment(elf::segment_type::gnu_eh_frame);
    return !frame || image.facts->has_eh_frame ? Finding::holds()
                                               : Finding::fails(frame.value().header);
}

Finding no_search_path(ImageView const& image) {
    for (u64 const tag : {elf::dynamic_tag::rpath, elf::dynamic_tag::runpath}) {
        auto const entry = image.elf.find_dynamic(tag);
        if (entry) return Finding::fails(entry.value().at);
    }
    return Finding::holds();
}

Finding sections_loaded(ImageView const& image) {
    if (!has_code_end(image) || !image.elf.has_header()) return Finding::unreached();
    u64 const code = image.note.value().header().time_page_offset;
    ElfHeader const& header = image.elf.header();
    u64 const size = u64{header.section_header_size} * image.elf.section_count();
    auto const symbols = image.elf.find_section(elf::section_type::dynamic_symbols);
    if (!symbols || !inside(header.section_headers, size, code))
        return Finding::fails(header.section_headers);
    for (u64 index = 0; index < image.elf.section_count(); ++index) {
        Section const section = image.elf.section(index);
        bool const is_read = section.type == elf::section_type::dynamic_symbols ||
                             section.type == elf::section_type::strings;
        if (is_read && !inside(section.offset, section.size, code))
            return Finding::fails(section.header);
    }
    return Finding::holds();
}

Finding hash_choice(ImageView const& image) {
    auto const dynamic = image.elf.find_segment(elf::segment_type::dynamic);
    if (image.facts == nullptr || !dynamic) return Finding::unreached();
    auto const sysv = image.elf.find_dynamic(elf::dynamic_tag::hash);
    auto const gnu = image.elf.find_dynamic(elf::dynamic_tag::gnu_hash);
    if (!sysv) return Finding::fails(dynamic.value().offset);
    switch (image.facts->hash) {
    case HashTables::both: return gnu ? Finding::holds() : Finding::fails(dynamic.value().offset);
    case HashTables::sysv_single: break;
    }
    if (gnu) return Finding::fails(gnu.value().at);
    if (!image.sysv_hash) return Finding::unreached();
    return image.sysv_hash.value().bucket_count() == 1
               ? Finding::holds()
               : Finding::fails(image.sysv_hash.value().at());
}

Finding exports(ImageView const& image) {
    if (image.facts == nullptr || !image.symbols.is_readable() ||
        !image.symbols.has_version_indices())
        return Finding::unreached();
    for (char const* name : image.facts->exports) {
        if (name == nullptr) break;
        if (!image.symbols.find(name, image.facts->version))
            return Finding::fails(image.symbols.symbol(0).at);
    }
    return Finding::holds();
}

Finding export_function(ImageView const& image) {
    return expect_each_export(image, [](Symbol const& symbol) {
        return symbol.type == elf::symbol_type::function &&
               (symbol.binding == elf::symbol_binding::global ||
                symbol.binding == elf::symbol_binding::weak);
    });
}

Finding export_size(ImageView const& image) {
    return expect_each_export(image,
                              [](Symbol const& symbol) { return symbol.size >= export_size_min; });
}

Finding export_name(ImageView const& image) {
    return expect_each_export(
        image, [](Symbol const& symbol) { return symbol.name.size() <= export_name_max; });
}

}  // namespace vdsokit::kit::check
