// SPDX-License-Identifier: BSD-2-Clause
#include "tool/vdsokit/names.h"

#include <fmt/format.h>

#include "kit/image/elf.h"
#include "kit/image/machines.h"

namespace vdsokit::tool {
namespace {

namespace elf = kit::elf;

struct Word {
    u64 number;
    char const* text;
};

template <u64 Count>
std::string word_of(Word const (&words)[Count], u64 number) {
    for (Word const& word : words)
        if (word.number == number) return word.text;
    return fmt::format("{:#x}", number);
}

constexpr Word file_types[] = {{elf::file_type::executable, "executable"},
                               {elf::file_type::shared, "shared object"}};

constexpr Word segment_types[] = {{elf::segment_type::load, "LOAD"},
                                  {elf::segment_type::dynamic, "DYNAMIC"},
                                  {elf::segment_type::interpreter, "INTERP"},
                                  {elf::segment_type::note, "NOTE"},
                                  {elf::segment_type::program_headers, "PHDR"},
                                  {elf::segment_type::tls, "TLS"},
                                  {elf::segment_type::gnu_eh_frame, "GNU_EH_FRAME"},
                                  {elf::segment_type::gnu_stack, "GNU_STACK"},
                                  {elf::segment_type::gnu_relro, "GNU_RELRO"},
                                  {elf::segment_type::gnu_property, "GNU_PROPERTY"}};

constexpr Word dynamic_tags[] = {{elf::dynamic_tag::needed, "NEEDED"},
                                 {elf::dynamic_tag::plt_relocations_size, "PLTRELSZ"},
                                 {elf::dynamic_tag::hash, "HASH"},
                                 {elf::dynamic_tag::strings, "STRTAB"},
                                 {elf::dynamic_tag::symbols, "SYMTAB"},
                                 {elf::dynamic_tag::rela, "RELA"},
                                 {elf::dynamic_tag::rela_size, "RELASZ"},
                                 {elf::dynamic_tag::rela_entry_size, "RELAENT"},
                                 {elf::dynamic_tag::strings_size, "STRSZ"},
                                 {elf::dynamic_tag::symbol_entry_size, "SYMENT"},
                                 {elf::dynamic_tag::init, "INIT"},
                                 {elf::dynamic_tag::fini, "FINI"},
                                 {elf::dynamic_tag::soname, "SONAME"},
                                 {elf::dynamic_tag::rpath, "RPATH"},
                                 {elf::dynamic_tag::symbolic, "SYMBOLIC"},
                                 {elf::dynamic_tag::rel, "REL"},
                                 {elf::dynamic_tag::rel_size, "RELSZ"},
                                 {elf::dynamic_tag::rel_entry_size, "RELENT"},
                                 {elf::dynamic_tag::plt_relocation_type, "PLTREL"},
                                 {elf::dynamic_tag::debug, "DEBUG"},
                                 {elf::dynamic_tag::text_relocations, "TEXTREL"},
                                 {elf::dynamic_tag::plt_relocations, "JMPREL"},
                                 {elf::dynamic_tag::bind_now, "BIND_NOW"},
                                 {elf::dynamic_tag::init_array, "INIT_ARRAY"},
                                 {elf::dynamic_tag::fini_array, "FINI_ARRAY"},
                                 {elf::dynamic_tag::init_array_size, "INIT_ARRAYSZ"},
                                 {elf::dynamic_tag::fini_array_size, "FINI_ARRAYSZ"},
                                 {elf::dynamic_tag::runpath, "RUNPATH"},
                                 {elf::dynamic_tag::flags, "FLAGS"},
                                 {elf::dynamic_tag::preinit_array, "PREINIT_ARRAY"},
                                 {elf::dynamic_tag::relr_size, "RELRSZ"},
                                 {elf::dynamic_tag::relr, "RELR"},
                                 {elf::dynamic_tag::relr_entry_size, "RELRENT"},
                                 {elf::dynamic_tag::gnu_hash, "GNU_HASH"},
                                 {elf::dynamic_tag::version_symbols, "VERSYM"},
                                 {elf::dynamic_tag::flags_1, "FLAGS_1"},
                                 {elf::dynamic_tag::version_definitions, "VERDEF"},
                                 {elf::dynamic_tag::version_definition_count, "VERDEFNUM"},
                                 {elf::dynamic_tag::version_needs, "VERNEED"}};

constexpr Word symbol_types[] = {{elf::symbol_type::none, "none"},
                                 {elf::symbol_type::object, "object"},
                                 {elf::symbol_type::function, "function"}};

constexpr Word symbol_bindings[] = {{elf::symbol_binding::local, "local"},
                                    {elf::symbol_binding::global, "global"},
                                    {elf::symbol_binding::weak, "weak"}};

constexpr u64 number_of(abi::ClockId clock) { return static_cast<u64>(clock); }

constexpr Word clocks[] = {{number_of(abi::ClockId::realtime), "realtime"},
                           {number_of(abi::ClockId::monotonic), "monotonic"},
                           {number_of(abi::ClockId::process_cputime), "process_cputime"},
                           {number_of(abi::ClockId::thread_cputime), "thread_cputime"},
                           {number_of(abi::ClockId::monotonic_raw), "monotonic_raw"},
                           {number_of(abi::ClockId::realtime_coarse), "realtime_coarse"},
                           {number_of(abi::ClockId::monotonic_coarse), "monotonic_coarse"},
                           {number_of(abi::ClockId::boottime), "boottime"},
                           {number_of(abi::ClockId::realtime_alarm), "realtime_alarm"},
                           {number_of(abi::ClockId::boottime_alarm), "boottime_alarm"},
                           {10, "10"},
                           {number_of(abi::ClockId::tai), "tai"}};

}  // namespace

std::string machine_name(u16 machine, u8 file_class) {
    kit::MachineFacts const* facts = kit::find_machine(machine, file_class);
    return facts != nullptr ? std::string{facts->name} : fmt::format("machine {}", machine);
}

std::string file_type_name(u16 type) { return word_of(file_types, type); }
std::string segment_type_name(u32 type) { return word_of(segment_types, type); }
std::string dynamic_tag_name(u64 tag) { return word_of(dynamic_tags, tag); }
std::string symbol_type_name(u8 type) { return word_of(symbol_types, type); }
std::string symbol_binding_name(u8 binding) { return word_of(symbol_bindings, binding); }
std::string clock_name(u64 clock) { return word_of(clocks, clock); }

std::string rights_name(u32 flags) {
    std::string rights = "---";
    if ((flags & elf::segment_flag::read) != 0) rights[0] = 'r';
    if ((flags & elf::segment_flag::write) != 0) rights[1] = 'w';
    if ((flags & elf::segment_flag::execute) != 0) rights[2] = 'x';
    return rights;
}

std::string clock_mode_name(abi::ClockMode mode) {
    switch (mode) {
    case abi::ClockMode::none: return "none";
    case abi::ClockMode::counter: return "counter";
    case abi::ClockMode::physical_counter: return "physical_counter";
    case abi::ClockMode::held: return "held";
    case abi::ClockMode::direct: return "direct";
    case abi::ClockMode::direct_physical: return "direct_physical";
    case abi::ClockMode::chained: return "chained";
    }
    return fmt::format("{:#x}", static_cast<u32>(mode));
}

std::string random_mode_name(u32 state) {
    if (state == abi::random_state_of(abi::RandomMode::generation)) return "generation";
    if (state == abi::random_state_of(abi::RandomMode::chained)) return "chained";
    return "none";
}

}  // namespace vdsokit::tool
