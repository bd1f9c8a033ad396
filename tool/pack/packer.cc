// SPDX-License-Identifier: BSD-2-Clause
#include "tool/pack/packer.h"

#include <algorithm>
#include <cstring>

#include <fmt/format.h>

#include "abi/note.h"

namespace vdsokit::pack {

namespace elf = kit::elf;

namespace {

constexpr char const* section_names = ".shstrtab";

bool is_kept(Section const& section) { return section.is_loaded() && section.header.size != 0; }

// Nobody looks for these by section.
bool is_found_otherwise(Section const& section) {
    return section.header.type == elf::section_type::note ||
           section.header.type == elf::section_type::dynamic ||
           section.header.type == elf::section_type::hash ||
           section.header.type == elf::section_type::gnu_hash || section.name == ".time_page";
}

// Where the headers of such sections would end: behind the code, after their names.
template <class HasHeader>
u64 headers_end(LinkedImage const& image, HasHeader has_header) {
    u64 code_end = 0;
    u64 names = 1 + std::strlen(section_names) + 1;
    u64 count = 2;  // the null section and the names'
    for (Section const& section : image.sections()) {
        if (is_kept(section) && section.name != ".time_page")
            code_end = std::max(code_end, section.end());
        if (!has_header(section)) continue;
        names += section.name.size() + 1;
        ++count;
    }
    return ((code_end + names + 7) & ~u64{7}) + count * image.layout().size<Elf::SectionHeader>();
}

}  // namespace

Packer::Packer(LinkedImage const& image, std::vector<u32> const& traps, u64 page_size)
    : image_(image), traps_(traps), page_size_(page_size) {
    u64 const size = image.segments()[0].file_size;
    bytes_.assign(image.file().data(), image.file().data() + size);
    u64 const limit = image.find(".time_page")->header.offset;
    bool const all_fit = headers_end(image, is_kept) <= limit;
    u16 headers = 1;
    for (Section const& section : image.sections()) {
        bool const has_header = is_kept(section) && (all_fit || !is_found_otherwise(section));
        new_index_.push_back(has_header ? headers++ : u16{0});
        if (is_kept(section)) kept_.push_back(section);
    }
}

Section* Packer::kept(std::string_view name) {
    auto const found = std::ranges::find(kept_, name, &Section::name);
    return found == kept_.end() ? nullptr : &*found;
}

void Packer::clear(u64 offset, u64 end) {
    std::fill(bytes_.begin() + static_cast<std::ptrdiff_t>(offset),
              bytes_.begin() + static_cast<std::ptrdiff_t>(end), u8{0});
}

template <class T>
void Packer::put(u64 offset, T const& value) {
    std::memcpy(bytes_.data() + offset, &value, sizeof(T));
}

Check Packer::pack() {
    if (Check fault = pack_symbols()) return fault;
    if (Check fault = pack_hash()) return fault;
    if (image_.machine().hash == kit::HashTables::both)
        if (Check fault = pack_gnu_hash()) return fault;
    if (Check fault = pack_dynamic()) return fault;
    if (Check fault = pack_note()) return fault;
    return pack_sections();
}

// Keeps what the image exports. GNU ld adds an absolute symbol named like the version, which is of
// no use to anyone.
Check Packer::pack_symbols() {
    Section* const table = kept(".dynsym");
    Section* const versions = kept(".gnu.version");
    if (table == nullptr) return Fault{"no table of symbols", ".dynsym"};
    if (versions == nullptr) return Fault{"no table of symbol versions", ".gnu.version"};
    kit::Bytes const indices = image_.contents(*versions);
    u64 const symbol_bytes = image_.layout().size<Elf::Symbol>();
    u64 old_index = 0;
    for (NamedSymbol named : image_.symbols(".dynsym")) {
        u64 const index = old_index++;
        bool const exported = new_index_.size() > named.symbol.section &&
                              new_index_[named.symbol.section] != 0 &&
                              elf::binding_of(named.symbol.info) != elf::symbol_binding::local;
        if (index != 0 && !exported) continue;
        if (!indices.holds(2 * index, 2))
            return Fault{"a symbol without version",
                         fmt::format("symbol {} {}", index, named.name)};
        if (exported) named.symbol.section = new_index_[named.symbol.section];
        image_.layout().write(bytes_, table->header.offset + symbol_count_ * symbol_bytes,
                              named.symbol);
        put(versions->header.offset + symbol_count_ * 2, indices.read<u16>(2 * index));
        ++symbol_count_;
    }
    clear(table->header.offset + symbol_count_ * symbol_bytes, table->end());
    clear(versions->header.offset + symbol_count_ * 2, versions->end());
    table->header.size = symbol_count_ * symbol_bytes;
    table->header.info = 1;  // the first that is not local
    versions->header.size = symbol_count_ * 2;
    return {};
}

// One bucket: Go's look-up finds every name in it, whatever hash it computes.
Check Packer::pack_hash() {
    Section* const table = kept(".hash");
    if (table == nullptr) return Fault{"no hash table", ".hash"};
    u32 const count = static_cast<u32>(symbol_count_);
    std::vector<u32> words{1, count, count > 1 ? 1u : 0u, 0};
    for (u32 i = 1; i < count; ++i) words.push_back(i + 1 < count ? i + 1 : 0);
    u64 const size = words.size() * sizeof(u32);
    if (size > table->header.size) return Fault{"no room for one bucket", ".hash"};
    clear(table->header.offset, table->end());
    std::memcpy(bytes_.data() + table->header.offset, words.data(), size);
    table->header.size = size;
    return {};
}

// One bucket here too, so that the symbols may stay in their order.
// [https://sourceware.org/legacy-ml/binutils/2006-10/msg00377.html]
Check Packer::pack_gnu_hash() {
    Section* const table = kept(".gnu.hash");
    Section const* const symbols = kept(".dynsym");
    Section const* const strings = kept(".dynstr");
    if (table == nullptr || strings == nullptr) return Fault{"no GNU hash table", ".gnu.hash"};
    u32 const count = static_cast<u32>(symbol_count_);
    ElfLayout const& layout = image_.layout();
    u32 const filter_bits = static_cast<u32>(8 * layout.word_size());  // one word
    constexpr u32 filter_shift = 6;
    u64 filter = 0;
    std::vector<u32> chain;
    for (u32 i = 1; i < count; ++i) {
        kit::Bytes const bytes{bytes_.data(), bytes_.size()};
        auto const symbol = layout.read<Elf::Symbol>(
            bytes, symbols->header.offset + i * layout.size<Elf::Symbol>());
        if (symbol.name >= strings->header.size)
            return Fault{"a symbol's name lies outside the names", hex(symbol.name)};
        kit::Bytes const names = bytes.part(strings->header.offset, strings->header.size);
        auto const* const name = reinterpret_cast<char const*>(names.data()) + symbol.name;
        u32 const hash = elf::gnu_hash(kit::Text{name, strnlen(name, names.size() - symbol.name)});
        filter |= u64{1} << (hash % filter_bits) | u64{1} << ((hash >> filter_shift) % filter_bits);
        chain.push_back((hash & ~1u) | (i + 1 == count ? 1 : 0));
    }
    std::vector<u32> words{1, 1, 1, filter_shift, static_cast<u32>(filter)};
    if (filter_bits == 64) words.push_back(static_cast<u32>(filter >> 32));
    words.push_back(count > 1 ? 1 : 0);
    words.insert(words.end(), chain.begin(), chain.end());
    u64 const size = words.size() * sizeof(u32);
    if (size > table->header.size) return Fault{"no room for one bucket", ".gnu.hash"};
    clear(table->header.offset, table->end());
    std::memcpy(bytes_.data() + table->header.offset, words.data(), size);
    table->header.size = size;
    return {};
}

// ld for riscv64 names a table of relocations even where there is none.
Check Packer::pack_dynamic() {
    Section* const table = kept(".dynamic");
    if (table == nullptr) return Fault{"no dynamic section", ".dynamic"};
    using namespace elf::dynamic_tag;
    std::vector<Elf::Dynamic> entries;
    u64 const size = image_.layout().size<Elf::Dynamic>();
    kit::Bytes const bytes = image_.contents(*table);
    for (u64 at = 0; bytes.holds(at, size); at += size) {
        auto const entry = image_.layout().read<Elf::Dynamic>(bytes, at);
        bool const is_of_relocations =
            entry.tag == rela || entry.tag == rela_size || entry.tag == rela_entry_size;
        if (entry.tag == rela_size && entry.value != 0)
            return Fault{"a relocation is left", hex(table->header.offset + at)};
        if (!is_of_relocations) entries.push_back(entry);
    }
    clear(table->header.offset, table->end());
    for (u64 i = 0; i < entries.size(); ++i)
        image_.layout().write(bytes_, table->header.offset + i * size, entries[i]);
    return {};
}

Check Packer::pack_note() {
    Section* const note = kept(".note.vdsokit");
    if (note == nullptr) return Fault{"no room for the image's note", ".note.vdsokit"};
    u64 const start = note->header.offset;
    u64 const descriptor = sizeof(abi::NoteHeader) + traps_.size() * sizeof(u32);
    u64 const header_at = start + sizeof(elf::NoteHeader) + sizeof(abi::note_name);
    u64 const end = header_at + descriptor;
    if (end > note->end()) return Fault{"no room for the list of traps", ".note.vdsokit"};

    auto head = image_.file().read<elf::NoteHeader>(start);
    auto header = image_.file().read<abi::NoteHeader>(header_at);
    if (std::memcmp(bytes_.data() + start + sizeof(head), abi::note_name, sizeof(abi::note_name)) !=
            0 ||
        head.type != abi::note_type || header.version != abi::note_version)
        return Fault{"not the note that this program knows", ".note.vdsokit"};
    head.descriptor_size = static_cast<u32>(descriptor);
    header.time_page_offset = static_cast<u32>(kept(".time_page")->header.offset);
    header.page_size = static_cast<u32>(page_size_);
    header.trap_count = static_cast<u32>(traps_.size());
    clear(start + sizeof(head) + sizeof(abi::note_name), note->end());
    put(start, head);
    put(header_at, header);
    std::memcpy(bytes_.data() + header_at + sizeof(header), traps_.data(),
                traps_.size() * sizeof(u32));
    note->header.size = end - start;

    for (u64 i = 0; i < image_.segments().size(); ++i) {
        Elf::ProgramHeader segment = image_.segments()[i];
        if (segment.type != elf::segment_type::note) continue;
        if (segment.offset > start || segment.offset + segment.file_size < end)
            return Fault{"the note is not in PT_NOTE", ".note.vdsokit"};
        segment.file_size = end - segment.offset;
        segment.memory_size = segment.file_size;
        image_.layout().write(
            bytes_,
            image_.header().program_headers + i * image_.layout().size<Elf::ProgramHeader>(),
            segment);
        return {};
    }
    return Fault{"no PT_NOTE", "program headers"};
}

// bionic and LLVM libc read the section headers of the mapped image.
Check Packer::pack_sections() {
    u64 const limit = kept(".time_page")->header.offset;
    u64 code_end = 0;
    std::vector<Section> shown(1);  // the null section
    for (Section const& section : kept_) {
        if (section.name != ".time_page") code_end = std::max(code_end, section.end());
        auto const linked = std::ranges::find(image_.sections(), section.name, &Section::name);
        auto const index = static_cast<u64>(linked - image_.sections().begin());
        if (new_index_[index] != 0) shown.push_back(section);
    }

    std::string names(1, '\0');
    shown.push_back({section_names, {}});
    for (Section& section : shown) {
        section.header.name = section.name.empty() ? 0 : static_cast<u32>(names.size());
        section.header.flags &= ~section_flag::write;
        section.header.link =
            section.header.link < new_index_.size() ? new_index_[section.header.link] : 0;
        if (!section.name.empty()) names += section.name + '\0';
    }
    Elf::SectionHeader& strings = shown.back().header;
    strings.type = elf::section_type::strings;
    strings.offset = code_end;
    strings.size = names.size();
    strings.alignment = 1;

    u64 const table = (code_end + names.size() + 7) & ~u64{7};
    u64 const entry = image_.layout().size<Elf::SectionHeader>();
    u64 const end = table + shown.size() * entry;
    if (end > limit)
        return Fault{fmt::format("code and section headers end at {}, {} bytes past the code pages",
                                 hex(end), end - limit),
                     ".text"};
    clear(code_end, limit);
    std::memcpy(bytes_.data() + code_end, names.data(), names.size());
    for (u64 i = 0; i < shown.size(); ++i)
        image_.layout().write(bytes_, table + i * entry, shown[i].header);

    Elf::FileHeader header = image_.header();
    header.section_headers = table;
    header.section_header_count = static_cast<u16>(shown.size());
    header.section_names = static_cast<u16>(shown.size() - 1);
    header.flags &= ~image_.machine().cleared_flags;
    image_.layout().write(bytes_, 0, header);
    return {};
}

}  // namespace vdsokit::pack
