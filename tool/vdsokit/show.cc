// SPDX-License-Identifier: BSD-2-Clause
#include "tool/vdsokit/show.h"

#include <fmt/format.h>

namespace vdsokit::tool {
namespace {

u64 number(Json const& item, char const* key) { return item.at(key).get<u64>(); }
std::string text(Json const& item, char const* key) { return item.at(key).get<std::string>(); }

std::string header_text(Json const& header) {
    return fmt::format("header     ELF{} {} for {}, flags {:#x}, {} sections at {:#x}\n",
                       number(header, "class"), text(header, "type"), text(header, "machine"),
                       number(header, "flags"), number(header, "section_count"),
                       number(header, "section_headers"));
}

std::string segment_text(Json const& segment) {
    return fmt::format(
        "segment    {:<12} {}  offset {:#06x}  address {:#06x}  file {:#06x}  memory {:#06x}  "
        "alignment {:#x}\n",
        text(segment, "type"), text(segment, "rights"), number(segment, "offset"),
        number(segment, "address"), number(segment, "file_size"), number(segment, "memory_size"),
        number(segment, "alignment"));
}

std::string dynamic_text(Json const& entry) {
    std::string const value =
        entry.contains("text") ? text(entry, "text") : fmt::format("{:#x}", number(entry, "value"));
    return fmt::format("dynamic    {:<12} {}\n", text(entry, "tag"), value);
}

std::string export_text(Json const& symbol) {
    std::string const version = symbol.contains("version") ? "@" + text(symbol, "version") : "";
    return fmt::format("export     {:#06x}  {:>4} bytes  {:<6}  {:<8}  {}{}\n",
                       number(symbol, "address"), number(symbol, "size"), text(symbol, "binding"),
                       text(symbol, "type"), text(symbol, "name"), version);
}

std::string note_text(Json const& note) {
    if (note.contains("build_id"))
        return fmt::format("note       build id {}\n", text(note, "build_id"));
    return fmt::format("note       {} type {:#x}, {} bytes\n", text(note, "name"),
                       number(note, "type"), number(note, "size"));
}

std::string vdsokit_text(Json const& note) {
    std::string shown =
        fmt::format("vdsokit    version {}, time page version {} at {:#x}, page size {}\n",
                    number(note, "version"), number(note, "time_page_version"),
                    number(note, "time_page_offset"), number(note, "page_size"));
    for (Json const& trap : note.at("traps")) {
        shown += fmt::format("trap       {:#06x}", number(trap, "offset"));
        if (trap.contains("instruction"))
            shown += fmt::format("  {:#010x}{}", number(trap, "instruction"),
                                 trap.at("enters_kernel").get<bool>() ? "" : "  replaced");
        shown += '\n';
    }
    return shown;
}

std::string clock_text(Json const& clock) {
    std::string shown = fmt::format("clock      {:<16} ", text(clock, "name"));
    if (!clock.at("is_ours").get<bool>())
        return shown + fmt::format("not a clock line (state {:#x})\n", number(clock, "state"));
    shown += fmt::format("{:<16}  sequence {}", text(clock, "mode"), number(clock, "sequence"));
    if (clock.at("locked").get<bool>()) shown += ", locked";
    // What a line says beyond its mode is read in these modes alone.
    bool const has_base = clock.contains("frequency") || text(clock, "mode") == "held";
    if (has_base)
        shown += fmt::format(", base {}.{:09} s", clock.at("base_seconds").get<i64>(),
                             number(clock, "base_nanoseconds"));
    if (clock.contains("frequency"))
        shown += fmt::format(" at counter {:#x}, {} Hz (mult {:#x}, shift {})",
                             number(clock, "cycle_last"), number(clock, "frequency"),
                             number(clock, "mult"), number(clock, "shift"));
    return shown + '\n';
}

std::string random_text(Json const& line) {
    std::string const mode = text(line, "mode");
    if (!line.contains("generation")) return fmt::format("random     {}\n", mode);
    return fmt::format(
        "random     {:<16}  {}{}, map protection {:#x}, flags {:#x}, page size {}\n", mode,
        number(line, "generation"), line.at("is_ready").get<bool>() ? "" : ", not ready",
        number(line, "map_protection"), number(line, "map_flags"), number(line, "page_size"));
}

std::string time_page_text(Json const& page) {
    if (!page.at("is_ours").get<bool>())
        return fmt::format("time page  at {:#x}: not a time page\n", number(page, "offset"));
    std::string const zone = page.at("timezone_is_set").get<bool>()
                                 ? fmt::format("timezone {} minutes west, dst {}",
                                               page.at("timezone_minutes_west").get<i32>(),
                                               page.at("timezone_dst").get<i32>())
                                 : "timezone not set";
    std::string shown =
        fmt::format("time page  version {}, {} clocks, resolution {} ns, coarse {} ns, {}\n",
                    number(page, "version"), number(page, "line_count"), number(page, "resolution"),
                    number(page, "coarse_resolution"), zone);
    for (Json const& clock : page.at("clocks")) shown += clock_text(clock);
    return shown + random_text(page.at("random"));
}

}  // namespace

std::string as_text(Json const& description) {
    std::string shown = fmt::format("size       {} bytes\n", number(description, "size"));
    shown += header_text(description.at("header"));
    for (Json const& segment : description.at("segments")) shown += segment_text(segment);
    for (Json const& entry : description.at("dynamic")) shown += dynamic_text(entry);
    for (Json const& symbol : description.at("exports")) shown += export_text(symbol);
    for (Json const& note : description.at("notes")) shown += note_text(note);
    if (description.contains("vdsokit")) shown += vdsokit_text(description.at("vdsokit"));
    if (description.contains("time_page")) shown += time_page_text(description.at("time_page"));
    return shown;
}

}  // namespace vdsokit::tool
