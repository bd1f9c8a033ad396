// SPDX-License-Identifier: BSD-2-Clause
#include "tool/vdsokit/describe.h"

#include <fmt/format.h>

#include "abi/time_page.h"
#include "kit/image/elf.h"
#include "kit/image/trap_sites.h"
#include "tool/vdsokit/names.h"
#include "tool/vdsokit/printable.h"

namespace vdsokit::tool {
namespace {

namespace elf = kit::elf;

// [GNU gABI extensions: notes named "GNU"]
constexpr u32 note_build_id = 3;

Json describe_header(kit::ElfView const& view) {
    kit::ElfHeader const& header = view.header();
    return {{"class", view.is_64_bit() ? 64 : 32},
            {"machine", machine_name(header.machine, header.file_class)},
            {"type", file_type_name(header.type)},
            {"os_abi", header.os_abi},
            {"flags", header.flags},
            {"program_headers", header.program_headers},
            {"section_headers", header.section_headers},
            {"section_count", header.section_header_count}};
}

Json describe_segments(kit::ElfView const& view) {
    Json shown = Json::array();
    for (u64 index = 0; index < view.segment_count(); ++index) {
        kit::Segment const segment = view.segment(index);
        shown.push_back({{"type", segment_type_name(segment.type)},
                         {"rights", rights_name(segment.flags)},
                         {"offset", segment.offset},
                         {"address", segment.address},
                         {"file_size", segment.file_size},
                         {"memory_size", segment.memory_size},
                         {"alignment", segment.alignment}});
    }
    return shown;
}

bool names_string(u64 tag) {
    return tag == elf::dynamic_tag::soname || tag == elf::dynamic_tag::needed ||
           tag == elf::dynamic_tag::rpath || tag == elf::dynamic_tag::runpath;
}

Json describe_dynamic(kit::ElfView const& view) {
    Json shown = Json::array();
    for (u64 index = 0; index < view.dynamic_count(); ++index) {
        kit::DynamicEntry const entry = view.dynamic(index);
        Json item{{"tag", dynamic_tag_name(entry.tag)}, {"value", entry.value}};
        auto const text = view.string(entry.value);
        if (names_string(entry.tag) && text) item["text"] = printable(text.value());
        shown.push_back(item);
    }
    return shown;
}

Json describe_exports(kit::SymbolTable const& symbols) {
    Json shown = Json::array();
    if (!symbols.is_readable()) return shown;
    for (u64 index = 1; index < symbols.count(); ++index) {
        kit::Symbol const symbol = symbols.symbol(index);
        if (!symbols.is_export(symbol)) continue;
        Json item{{"name", printable(symbol.name)}};
        if (symbols.has_version_indices()) {
            auto const version = symbols.version(symbols.version_index(index));
            if (version) item["version"] = printable(version.value().name);
        }
        item["type"] = symbol_type_name(symbol.type);
        item["binding"] = symbol_binding_name(symbol.binding);
        item["address"] = symbol.value;
        item["size"] = symbol.size;
        shown.push_back(item);
    }
    return shown;
}

std::string hex(kit::Bytes bytes) {
    std::string shown;
    for (u64 at = 0; at < bytes.size(); ++at) shown += fmt::format("{:02x}", bytes[at]);
    return shown;
}

Json describe_notes(kit::ElfView const& view) {
    Json shown = Json::array();
    kit::for_each_note(view, [&](kit::Note const& note) {
        bool const is_build_id = note.name == kit::Text{"GNU"} && note.type == note_build_id;
        Json item{{"name", printable(note.name)},
                  {"type", note.type},
                  {"size", note.content.size()},
                  {"content", hex(note.content)}};
        if (is_build_id) item["build_id"] = hex(note.content);
        shown.push_back(item);
    });
    return shown;
}

Json describe_traps(kit::ImageView const& image) {
    Json shown = Json::array();
    kit::VdsokitNote const& note = image.note.value();
    for (u64 index = 0; index < note.trap_count(); ++index) {
        Json item{{"offset", note.trap(index)}};
        if (kit::TrapSites::are_readable(image) &&
            kit::TrapSites::is_in_code(image, note.trap(index))) {
            u32 const instruction = kit::TrapSites::instruction(image, note.trap(index));
            item["instruction"] = instruction;
            item["enters_kernel"] = instruction == image.facts->trap.value;
        }
        shown.push_back(item);
    }
    return shown;
}

Json describe_note(kit::ImageView const& image) {
    abi::NoteHeader const header = image.note.value().header();
    return {{"version", header.version},
            {"time_page_version", header.time_page_version},
            {"time_page_offset", header.time_page_offset},
            {"page_size", header.page_size},
            {"traps", describe_traps(image)}};
}

}  // namespace

Json describe(kit::ImageView const& image) {
    Json shown{{"size", image.elf.file().size()},
               {"header", describe_header(image.elf)},
               {"segments", describe_segments(image.elf)},
               {"dynamic", describe_dynamic(image.elf)},
               {"exports", describe_exports(image.symbols)},
               {"notes", describe_notes(image.elf)}};
    if (!image.note || !image.note.value().is_complete()) return shown;
    shown["vdsokit"] = describe_note(image);
    u64 const page = image.note.value().header().time_page_offset;
    if (image.elf.file().holds(page, sizeof(abi::TimePage)))
        shown["time_page"] = describe_time_page(image.elf.file(), page);
    return shown;
}

}  // namespace vdsokit::tool
