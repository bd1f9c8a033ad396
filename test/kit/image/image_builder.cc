// SPDX-License-Identifier: BSD-2-Clause
#include "test/kit/image/image_builder.h"

#include <cstring>
#include <string>

#include "abi/note.h"
#include "abi/time_page.h"
#include "kit/core/memory.h"

namespace vdsokit::test {
namespace {

constexpr u64 segment_room = 6;   // program headers; three are used
constexpr u64 dynamic_spare = 4;  // entries behind DT_NULL
constexpr u64 function_size = 16;

struct Export {
    std::string name;
    u16 version;
};

// What a libc of that machine asks for, each with the index of its version.
std::vector<Export> exports_of(kit::MachineFacts const& facts) {
    std::vector<Export> exports;
    bool has_sigreturn = facts.sigreturn == nullptr;
    for (char const* name : facts.exports) {
        if (name == nullptr) break;
        exports.push_back({name, 2});
        has_sigreturn = has_sigreturn || std::string{name} == facts.sigreturn;
    }
    bool const same =
        facts.sigreturn != nullptr && std::string{facts.version} == facts.sigreturn_version;
    if (!has_sigreturn) exports.push_back({facts.sigreturn, static_cast<u16>(same ? 2 : 3)});
    if (exports.empty()) exports.push_back({"__vdso_clock_gettime", 2});
    return exports;
}

template <class Class>
class Builder {
public:
    Builder(kit::MachineFacts const& facts, u32 page_size)
        : facts_(facts), page_size_(page_size), exports_(exports_of(facts)) {}

    std::vector<u8> build() {
        reserve(sizeof(typename Class::FileHeader));
        segments_ = reserve(segment_room * sizeof(typename Class::ProgramHeader));
        build_strings();
        build_hashes();
        build_symbols();
        build_versions();
        build_text();
        build_notes();
        build_dynamic();
        build_sections();
        u64 const code = kit::align_up(file_.size(), page_size_);
        put(note_content_ + offsetof(abi::NoteHeader, time_page_offset), static_cast<u32>(code));
        file_.resize(code + page_size_);
        put(code, abi::unpublished_page());
        build_header();
        return std::move(file_);
    }

private:
    u64 reserve(u64 size) {
        u64 const at = kit::align_up(file_.size(), 8);
        file_.resize(at + size);
        return at;
    }
    template <class T>
    void put(u64 at, T const& value) {
        std::memcpy(file_.data() + at, &value, sizeof(T));
    }
    template <class T>
    u64 append(T const& value) {
        u64 const at = file_.size();
        file_.resize(at + sizeof(T));
        put(at, value);
        return at;
    }

    u32 add_string(std::string const& text) {
        u32 const at = static_cast<u32>(strings_.size());
        strings_ += text;
        strings_ += '\0';
        return at;
    }

    void build_strings() {
        add_string("");
        soname_ = add_string(facts_.soname);
        versions_.push_back(facts_.version);
        if (facts_.sigreturn != nullptr && versions_[0] != facts_.sigreturn_version)
            versions_.push_back(facts_.sigreturn_version);
        for (std::string const& version : versions_) version_names_.push_back(add_string(version));
        for (Export const& symbol : exports_) names_.push_back(add_string(symbol.name));
        strings_at_ = reserve(strings_.size());
        std::memcpy(file_.data() + strings_at_, strings_.data(), strings_.size());
    }

    // One bucket each: every chain runs through all symbols.
    void build_hashes() {
        u32 const count = static_cast<u32>(exports_.size()) + 1;
        hash_ = reserve(0);
        append(u32{1});
        append(count);
        append(u32{1});
        for (u32 symbol = 0; symbol < count; ++symbol)
            append(symbol == 0 || symbol + 1 == count ? u32{0} : symbol + 1);
        hash_size_ = file_.size() - hash_;
        if (facts_.hash == kit::HashTables::sysv_single) return;
        gnu_hash_ = reserve(0);
        append(u32{1});
        append(u32{1});
        append(u32{1});
        append(u32{5});
        append(static_cast<decltype(Class::Dynamic::tag)>(~u64{0}));
        append(u32{1});
        for (Export const& symbol : exports_) {
            u32 const hash = elf::gnu_hash(symbol.name.c_str());
            append(&symbol == &exports_.back() ? hash | 1 : hash & ~u32{1});
        }
    }

    void build_symbols() {
        symbols_ = reserve((exports_.size() + 1) * sizeof(typename Class::Symbol));
    }

    void build_versions() {
        indices_ = reserve((exports_.size() + 1) * sizeof(u16));
        for (u64 index = 0; index < exports_.size(); ++index)
            put(indices_ + (index + 1) * sizeof(u16), exports_[index].version);
        definitions_ = reserve(0);
        add_definition(1, facts_.soname, soname_, false);
        for (u64 index = 0; index < versions_.size(); ++index)
            add_definition(static_cast<u16>(index + 2), versions_[index], version_names_[index],
                           index + 1 == versions_.size());
    }

    void add_definition(u16 index, std::string const& name, u32 name_at, bool is_last) {
        u32 const size = sizeof(elf::VersionDefinition);
        append(elf::VersionDefinition{.version = 1,
                                      .flags = index == 1 ? elf::version_flag::base : u16{0},
                                      .index = index,
                                      .name_count = 1,
                                      .hash = elf::system_v_hash(name.c_str()),
                                      .names = size,
                                      .next = is_last ? 0 : size + u32{sizeof(elf::VersionName)}});
        append(elf::VersionName{.name = name_at, .next = 0});
    }

    // Each function begins with something, and the first two enter the kernel.
    void build_text() {
        text_ = kit::align_up(reserve(8), 16);
        file_.resize(text_ + exports_.size() * function_size, 0x11);
        for (u64 index = 0; index < exports_.size(); ++index) {
            typename Class::Symbol symbol{};
            symbol.name = names_[index];
            symbol.info =
                static_cast<u8>(elf::symbol_binding::global << 4 | elf::symbol_type::function);
            symbol.section = text_section;
            symbol.value = static_cast<decltype(symbol.value)>(text_ + index * function_size);
            symbol.size = function_size;
            put(symbols_ + (index + 1) * sizeof(symbol), symbol);
        }
        if (facts_.trap.size == 0) return;
        for (u64 index = 0; index < 2; ++index) {
            u64 const at = text_ + index * function_size + 8;
            std::memcpy(file_.data() + at, &facts_.trap.value, facts_.trap.size);
            traps_.push_back(static_cast<u32>(at));
        }
    }

    void build_notes() {
        notes_ = reserve(0);
        append(elf::NoteHeader{4, 4, 3});
        append(u32{0x00554e47});  // "GNU"
        append(u32{0x12345678});
        u32 const size = static_cast<u32>(sizeof(abi::NoteHeader) + traps_.size() * sizeof(u32));
        append(elf::NoteHeader{sizeof(abi::note_name), size, abi::note_type});
        append(abi::note_name);
        note_content_ = append(abi::NoteHeader{.version = abi::note_version,
                                               .time_page_version = abi::page_version,
                                               .time_page_offset = 0,
                                               .page_size = page_size_,
                                               .trap_count = static_cast<u32>(traps_.size())});
        for (u32 const trap : traps_) append(trap);
        notes_size_ = file_.size() - notes_;
    }

    void add_dynamic(u64 tag, u64 value) {
        append(typename Class::Dynamic{static_cast<decltype(Class::Dynamic::tag)>(tag),
                                       static_cast<decltype(Class::Dynamic::tag)>(value)});
    }

    void build_dynamic() {
        dynamic_ = reserve(0);
        add_dynamic(elf::dynamic_tag::soname, soname_);
        add_dynamic(elf::dynamic_tag::hash, hash_);
        if (gnu_hash_ != 0) add_dynamic(elf::dynamic_tag::gnu_hash, gnu_hash_);
        add_dynamic(elf::dynamic_tag::strings, strings_at_);
        add_dynamic(elf::dynamic_tag::strings_size, strings_.size());
        add_dynamic(elf::dynamic_tag::symbols, symbols_);
        add_dynamic(elf::dynamic_tag::symbol_entry_size, sizeof(typename Class::Symbol));
        add_dynamic(elf::dynamic_tag::version_symbols, indices_);
        add_dynamic(elf::dynamic_tag::version_definitions, definitions_);
        add_dynamic(elf::dynamic_tag::version_definition_count, versions_.size() + 1);
        for (u64 spare = 0; spare <= dynamic_spare; ++spare) add_dynamic(0, 0);
        dynamic_size_ = file_.size() - dynamic_;
    }

    void add_section(u32 type, u64 flags, u64 offset, u64 size, u32 link, u64 entry) {
        using Word = decltype(Class::SectionHeader::flags);
        typename Class::SectionHeader section{};
        section.type = type;
        section.flags = static_cast<Word>(flags);
        section.address = static_cast<Word>(offset);
        section.offset = static_cast<Word>(offset);
        section.size = static_cast<Word>(size);
        section.link = link;
        section.entry_size = static_cast<Word>(entry);
        append(section);
        ++section_count_;
    }

    void build_sections() {
        u64 const allocate = elf::section_flag::allocate;
        u64 const symbol = sizeof(typename Class::Symbol);
        sections_ = reserve(0);
        add_section(elf::section_type::null, 0, 0, 0, 0, 0);
        add_section(elf::section_type::strings, allocate, strings_at_, strings_.size(), 0, 0);
        add_section(elf::section_type::dynamic_symbols, allocate, symbols_,
                    (exports_.size() + 1) * symbol, 1, symbol);
        add_section(elf::section_type::program_bits, allocate | elf::section_flag::execute, text_,
                    exports_.size() * function_size, 0, 0);
        add_section(elf::section_type::dynamic, allocate, dynamic_, dynamic_size_, 1,
                    sizeof(typename Class::Dynamic));
        add_section(elf::section_type::hash, allocate, hash_, hash_size_, 2, 4);
    }

    void put_segment(u64 index, u32 type, u32 flags, u64 at, u64 size, u64 alignment) {
        using Word = decltype(Class::ProgramHeader::offset);
        typename Class::ProgramHeader segment{};
        segment.type = type;
        segment.flags = flags;
        segment.offset = static_cast<Word>(at);
        segment.virtual_address = static_cast<Word>(at);
        segment.physical_address = static_cast<Word>(at);
        segment.file_size = static_cast<Word>(size);
        segment.memory_size = static_cast<Word>(size);
        segment.alignment = static_cast<Word>(alignment);
        put(segments_ + index * sizeof(segment), segment);
    }

    void build_header() {
        using elf::segment_flag::execute;
        using elf::segment_flag::read;
        put_segment(0, elf::segment_type::load, read | execute, 0, file_.size(), page_size_);
        put_segment(1, elf::segment_type::dynamic, read, dynamic_, dynamic_size_, 8);
        put_segment(2, elf::segment_type::note, read, notes_, notes_size_, 4);
        typename Class::FileHeader header{};
        header.identification = {.magic = {0x7f, 'E', 'L', 'F'},
                                 .file_class = Class::file_class,
                                 .data = elf::data_encoding::little_endian,
                                 .version = 1,
                                 .os_abi = elf::os_abi::none,
                                 .abi_version = 0,
                                 .padding = {}};
        header.type = elf::file_type::shared;
        header.machine = facts_.elf_machine;
        header.version = 1;
        header.program_headers = static_cast<decltype(header.entry)>(segments_);
        header.section_headers = static_cast<decltype(header.entry)>(sections_);
        header.header_size = sizeof(header);
        header.program_header_size = sizeof(typename Class::ProgramHeader);
        header.program_header_count = 3;
        header.section_header_size = sizeof(typename Class::SectionHeader);
        header.section_header_count = section_count_;
        put(0, header);
    }

    static constexpr u16 text_section = 3;

    kit::MachineFacts const& facts_;
    u32 page_size_;
    std::vector<Export> exports_;
    std::vector<u8> file_;
    std::string strings_;
    std::vector<std::string> versions_;
    std::vector<u32> version_names_, names_, traps_;
    u32 soname_ = 0;
    u16 section_count_ = 0;
    u64 segments_ = 0, strings_at_ = 0, hash_ = 0, hash_size_ = 0, gnu_hash_ = 0, symbols_ = 0;
    u64 indices_ = 0, definitions_ = 0, text_ = 0, notes_ = 0, notes_size_ = 0, note_content_ = 0;
    u64 dynamic_ = 0, dynamic_size_ = 0, sections_ = 0;
};

}  // namespace

std::vector<u8> build_image(kit::MachineFacts const& facts, u32 page_size) {
    return facts.elf_class == elf::file_class::bits64
               ? Builder<elf::Class64>{facts, page_size}.build()
               : Builder<elf::Class32>{facts, page_size}.build();
}

}  // namespace vdsokit::test
