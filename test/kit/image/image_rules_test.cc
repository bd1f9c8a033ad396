// SPDX-License-Identifier: BSD-2-Clause
// One mutated image for each rule, and more where a rule has several ways to be broken. In each,
// the rule in question is the first that fails, where a host would stop.
#include "kit/image/image_rules.h"

#include <gtest/gtest.h>

#include <set>

#include "test/kit/image/image_builder.h"

namespace vdsokit::test {
namespace {

using kit::RuleScope;

constexpr u64 unknown_tag = 0x7000'0001;
constexpr u64 prelinked_by = 0x10000;
constexpr u64 free_room = 0xf00;  // nothing lies there in a code page of the builder's

struct Case {
    char const* rule;
    char const* machine;
    void (*mutate)(TestImage&);
    u64 (*at)(TestImage const&);  // asked of the image before it is mutated
    char const* reason;
};

template <u64 Offset>
u64 offset(TestImage const&) {
    return Offset;
}
u64 segment_table(TestImage const& image) { return image.segment_at(0); }
template <u64 Index>
u64 segment(TestImage const& image) {
    return image.segment_at(Index);
}
u64 new_segment(TestImage const& image) { return 2 * image.segment_at(2) - image.segment_at(1); }
template <u64 Index>
u64 symbol(TestImage const& image) {
    return image.symbol_at(Index);
}
template <u64 Index>
u64 version(TestImage const& image) {
    return image.view().symbols.versions()[Index].at.value;
}
template <u64 Tag>
u64 dynamic(TestImage const& image) {
    return image.dynamic_at(Tag);
}
u64 dynamic_table(TestImage const& image) { return image.dynamic_table_at(); }
u64 new_dynamic(TestImage const& image) {
    u64 const size = image.view().elf.is_64_bit() ? 16 : 8;
    return image.dynamic_table_at() + image.view().elf.dynamic_count() * size;
}
template <u32 Type>
u64 section(TestImage const& image) {
    return image.section_at(Type);
}
u64 hash(TestImage const& image) { return image.view().sysv_hash.value().at().value; }
u64 gnu_hash(TestImage const& image) { return image.view().gnu_hash.value().at().value; }
template <u64 Offset>
u64 note(TestImage const& image) {
    return image.note_at() + Offset;
}
u64 note_start(TestImage const& image) {
    return image.view().note.value().note().at.value;
}
template <u64 Index>
u64 trap_listed(TestImage const& image) {
    return image.trap_listed_at(Index);
}
template <u64 Offset>
u64 time_page(TestImage const& image) {
    return image.time_page_at() + Offset;
}
template <abi::ClockId Clock>
u64 clock(TestImage const& image) {
    return image.clock_at(Clock);
}

template <u64 Tag>
void forget_dynamic(TestImage& image) {
    image.edit_dynamic(Tag, [](auto& entry) { entry.tag = unknown_tag; });
}
template <u64 Tag>
void set_dynamic(TestImage& image) {
    image.add_dynamic(Tag, 0);
}
template <u32 Flags>
void set_load_rights(TestImage& image) {
    image.edit_segment(0, [](auto& load) { load.flags = Flags; });
}

// To the width that the field has in the image's class.
template <class Field>
void set(Field& field, u64 value) {
    field = static_cast<Field>(value);
}

void swap_segments(TestImage& image, u64 first, u64 second) {
    image.edit_segment(first, [&](auto& one) {
        auto const kept = one;
        image.edit_segment(second, [&](auto& other) {
            if constexpr (std::is_same_v<std::remove_cvref_t<decltype(other)>,
                                         std::remove_cvref_t<decltype(one)>>) {
                one = other;
                other = kept;
            }
        });
    });
}

// Every address moved, offsets left: as images once were linked.
void prelink(TestImage& image) {
    u64 const tags[] = {elf::dynamic_tag::hash,
                        elf::dynamic_tag::strings,
                        elf::dynamic_tag::symbols,
                        elf::dynamic_tag::version_symbols,
                        elf::dynamic_tag::version_definitions};
    u64 const symbols = image.view().symbols.count();
    for (u64 index = 1; index < symbols; ++index)
        image.edit_symbol(index, [](auto& entry) { set(entry.value, entry.value + prelinked_by); });
    for (u64 const tag : tags)
        image.edit_dynamic(tag, [](auto& entry) { set(entry.value, entry.value + prelinked_by); });
    for (u64 index = 0; index < 3; ++index)
        image.edit_segment(index, [](auto& entry) {
            set(entry.virtual_address, entry.virtual_address + prelinked_by);
        });
}

template <u64 From, u64 To>
void rename_symbol(TestImage& image) {
    u32 name = 0;
    image.edit_symbol(From, [&](auto& entry) { name = entry.name; });
    image.edit_symbol(To, [&](auto& entry) { entry.name = name; });
}

// As the kernel takes a function out of an image.
template <u64 Index>
void withdraw_symbol(TestImage& image) {
    image.edit_symbol(Index, [](auto& entry) { entry.name = 0; });
}

template <class Change>
void edit_line(TestImage& image, abi::ClockId clock, Change change) {
    image.edit_time_page([&](abi::TimePage& page) {
        abi::ClockLine& line = page.clocks[static_cast<u32>(clock)];
        line.state = abi::state_of(abi::ClockMode::counter);
        line.mult = u64{1} << 63;
        line.shift = 1;  // 2^96 / 2^64: 4 GHz
        change(line);
    });
}

Case const cases[] = {
    {"header-complete", "aarch64", [](TestImage& i) { i.file().resize(40); }, offset<40>,
     "40 bytes hold no 64-bit header"},
    {"header-complete", "arm", [](TestImage& i) { i.file().resize(51); }, offset<51>,
     "51 bytes hold no 32-bit header"},
    {"header-complete", "aarch64", [](TestImage& i) { i.file().resize(0); }, offset<0>,
     "an empty file"},
    {"elf-magic", "aarch64", [](TestImage& i) { i.put(3, u8{'f'}); }, offset<0>, "no ELF"},
    {"elf-class", "aarch64", [](TestImage& i) { i.put(4, u8{3}); }, offset<4>, "class 3"},
    {"little-endian", "aarch64", [](TestImage& i) { i.put(5, u8{2}); }, offset<5>,
     "big-endian fields would be read wrongly"},
    {"elf-version", "aarch64", [](TestImage& i) { i.put(6, u8{0}); }, offset<6>,
     "version 0 in the identification"},
    {"elf-version", "arm", [](TestImage& i) { i.put(20, u32{2}); }, offset<20>,
     "version 2 in the header"},
    {"os-abi", "aarch64", [](TestImage& i) { i.put(7, u8{9}); }, offset<7>, "FreeBSD's"},
    {"shared-object", "aarch64", [](TestImage& i) { i.put(16, u16{2}); }, offset<16>,
     "an executable has one fixed place"},
    {"host-machine", "x86_64", [](TestImage&) {}, offset<18>, "the fake CPU is an aarch64"},
    {"host-machine", "arm", [](TestImage&) {}, offset<18>, "another machine and class"},
    {"known-machine", "aarch64", [](TestImage& i) { i.put(18, u16{0x1234}); }, offset<18>,
     "no such machine"},
    {"elf-flags", "arm",
     [](TestImage& i) { i.edit_header([](auto& header) { header.flags |= 0x400; }); },
     offset<36>, "hard-float only"},
    {"program-headers", "aarch64",
     [](TestImage& i) { i.edit_header([](auto& header) { header.program_header_size = 55; }); },
     offset<32>, "entries of a wrong size"},
    {"program-headers", "arm",
     [](TestImage& i) { i.edit_header([](auto& header) { header.program_header_count = 0; }); },
     offset<28>, "no segments"},
    {"program-headers", "aarch64",
     [](TestImage& i) {
         i.edit_header([](auto& header) { set(header.program_headers, ~u64{0}); });
     },
     offset<32>, "the table wraps around the address space"},
    {"program-headers", "aarch64",
     [](TestImage& i) { i.edit_header([](auto& header) { header.program_headers = 4040; }); },
     offset<4040>, "the table leaves the first page"},
    {"program-headers", "aarch64",
     [](TestImage& i) { i.edit_header([](auto& header) { header.program_header_count = 33; }); },
     offset<32>, "more segments than any image has"},
    {"section-headers", "aarch64",
     [](TestImage& i) { i.edit_header([](auto& header) { header.section_headers = 8190; }); },
     offset<40>, "the table ends past the file"},
    {"section-headers", "arm",
     [](TestImage& i) {
         i.edit_section(elf::section_type::dynamic_symbols, [](auto& s) { s.entry_size = 0; });
     },
     section<elf::section_type::dynamic_symbols>, "LLVM's libc divides by the entry size"},
    {"section-headers", "aarch64",
     [](TestImage& i) {
         i.edit_section(elf::section_type::dynamic_symbols, [](auto& s) { s.link = 99; });
     },
     section<elf::section_type::dynamic_symbols>, "the names are in no section"},
    {"section-headers", "aarch64",
     [](TestImage& i) {
         i.edit_section(elf::section_type::strings, [](auto& s) { s.offset = 8192; });
     },
     section<elf::section_type::strings>, "the names are past the file"},

    {"one-load", "aarch64",
     [](TestImage& i) { i.add_segment(elf::segment_type::load, 5, 0, 64); }, new_segment,
     "glibc before 2.43 sees no vDSO at all"},
    {"one-load", "arm",
     [](TestImage& i) { i.edit_segment(0, [](auto& load) { load.type = 0; }); }, segment_table,
     "nothing to map"},
    {"one-dynamic", "aarch64",
     [](TestImage& i) { i.add_segment(elf::segment_type::dynamic, 4, 0, 64); }, new_segment,
     "two dynamic sections"},
    {"one-dynamic", "aarch64",
     [](TestImage& i) { i.edit_segment(1, [](auto& entry) { entry.type = 0; }); }, segment_table,
     "no dynamic section"},
    {"load-before-dynamic", "aarch64", [](TestImage& i) { swap_segments(i, 0, 1); }, segment<0>,
     "a reader that stops when it has both"},
    {"load-placed", "aarch64",
     [](TestImage& i) { i.edit_segment(0, [](auto& load) { load.offset = 4096; }); }, segment<0>,
     "the ELF header would not be mapped"},
    {"load-placed", "aarch64",
     [](TestImage& i) { i.edit_segment(0, [](auto& load) { load.virtual_address = 16; }); },
     segment<0>, "not at a page"},
    {"load-placed", "arm",
     [](TestImage& i) { i.edit_segment(0, [](auto& load) { load.alignment = 3; }); }, segment<0>,
     "no alignment"},
    {"load-in-file", "aarch64",
     [](TestImage& i) { i.edit_segment(0, [](auto& load) { ++load.file_size; }); }, segment<0>,
     "one byte past the file"},
    {"load-in-file", "aarch64",
     [](TestImage& i) { i.edit_segment(0, [](auto& load) { set(load.file_size, ~u64{0}); }); },
     segment<0>, "offset plus size wraps"},
    {"load-in-file", "aarch64", [](TestImage& i) { i.file().resize(0x1fff); }, segment<0>,
     "truncated by one byte"},
    {"load-in-file", "arm",
     [](TestImage& i) { i.edit_segment(0, [](auto& load) { load.file_size = 0; }); }, segment<0>,
     "empty"},
    {"load-in-file", "aarch64",
     [](TestImage& i) {
         i.file().resize(256 * 1024 + 1);
         i.edit_segment(0, [](auto& load) { load.file_size = 256 * 1024 + 1; });
     },
     segment<0>, "larger than any vDSO"},
    {"load-whole", "aarch64",
     [](TestImage& i) { i.edit_segment(0, [](auto& load) { ++load.memory_size; }); }, segment<0>,
     "a .bss"},
    {"load-rights", "aarch64", set_load_rights<4>, segment<0>, "not executable"},
    {"load-rights", "arm", set_load_rights<1>, segment<0>, "not readable"},
    {"no-writable-segment", "aarch64", set_load_rights<7>, segment<0>, "writable code"},
    {"no-writable-segment", "arm",
     [](TestImage& i) { i.edit_segment(1, [](auto& entry) { entry.flags = 6; }); }, segment<1>,
     "glibc relocates a writable PT_DYNAMIC in place: SIGSEGV in every process"},
    {"segments-loaded", "aarch64",
     [](TestImage& i) { i.edit_segment(1, [](auto& entry) { entry.virtual_address += 8; }); },
     segment<1>, "glibc goes by the address, musl by the offset"},
    {"segments-loaded", "aarch64",
     [](TestImage& i) { i.edit_segment(2, [](auto& entry) { entry.file_size = 0x2000; }); },
     segment<2>, "ends outside what is mapped"},
    {"no-tls", "aarch64", [](TestImage& i) { i.add_segment(elf::segment_type::tls, 4, 0, 8); },
     new_segment, "glibc asserts that there is none"},
    {"notes", "aarch64",
     [](TestImage& i) { i.put(i.view().elf.segment(2).offset, u32{0xffff'fff0}); },
     [](TestImage const& i) { return i.view().elf.segment(2).offset; },
     "a name of 4 GiB"},

    {"dynamic-table", "aarch64",
     [](TestImage& i) {
         u64 const size = i.view().elf.dynamic_count() * 16;
         i.edit_segment(1, [=](auto& entry) { set(entry.file_size, size); });
     },
     segment<1>, "nothing ends it"},
    {"dynamic-table", "arm",
     [](TestImage& i) {
         i.edit_segment(1, [](auto& entry) {
             entry.offset += 2;
             entry.virtual_address += 2;
             entry.file_size -= 2;
         });
     },
     segment<1>, "misaligned"},
    {"dynamic-once", "aarch64", set_dynamic<elf::dynamic_tag::strings_size>, new_dynamic,
     "which of the two counts?"},
    {"dynamic-strings", "aarch64", forget_dynamic<elf::dynamic_tag::strings_size>, dynamic_table,
     "CRIU needs DT_STRSZ"},
    {"dynamic-strings", "arm", forget_dynamic<elf::dynamic_tag::strings>, dynamic_table,
     "no names"},
    {"dynamic-strings", "aarch64",
     [](TestImage& i) {
         i.edit_dynamic(elf::dynamic_tag::strings_size, [](auto& entry) { entry.value = 8192; });
     },
     dynamic<elf::dynamic_tag::strings>, "longer than what is mapped"},
    {"dynamic-strings", "aarch64",
     [](TestImage& i) {
         i.edit_dynamic(elf::dynamic_tag::strings_size, [](auto& entry) { --entry.value; });
     },
     dynamic<elf::dynamic_tag::strings>, "the last name has no end"},
    {"soname", "aarch64", forget_dynamic<elf::dynamic_tag::soname>, dynamic_table, "no name"},
    {"soname", "i386",
     [](TestImage& i) {
         i.edit_dynamic(elf::dynamic_tag::soname, [](auto& entry) { ++entry.value; });
     },
     dynamic<elf::dynamic_tag::soname>, "inux-gate.so.1"},
    {"no-relocations", "aarch64", set_dynamic<elf::dynamic_tag::rela>, new_dynamic, "DT_RELA"},
    {"no-relocations", "arm", set_dynamic<elf::dynamic_tag::rel>, new_dynamic, "DT_REL"},
    {"no-relocations", "aarch64", set_dynamic<elf::dynamic_tag::relr>, new_dynamic, "DT_RELR"},
    {"no-relocations", "aarch64", set_dynamic<elf::dynamic_tag::plt_relocations>, new_dynamic,
     "DT_JMPREL"},
    {"no-relocations", "aarch64", set_dynamic<elf::dynamic_tag::text_relocations>, new_dynamic,
     "DT_TEXTREL"},
    {"no-relocations", "aarch64",
     [](TestImage& i) { i.add_dynamic(elf::dynamic_tag::flags, 4); }, new_dynamic, "DF_TEXTREL"},
    {"no-needed", "aarch64", set_dynamic<elf::dynamic_tag::needed>, new_dynamic, "a library"},
    {"no-initialisers", "aarch64", set_dynamic<elf::dynamic_tag::init>, new_dynamic, "DT_INIT"},
    {"no-initialisers", "arm", set_dynamic<elf::dynamic_tag::init_array>, new_dynamic,
     "a constructor"},

    {"hash-table", "aarch64", forget_dynamic<elf::dynamic_tag::hash>, dynamic_table,
     "no hash table at all"},
    {"sysv-hash", "aarch64",
     [](TestImage& i) {
         i.edit_dynamic(elf::dynamic_tag::hash, [](auto& entry) { entry.value = 0x1ffc; });
     },
     dynamic<elf::dynamic_tag::hash>, "outside what is mapped"},
    {"sysv-hash", "aarch64", [](TestImage& i) { i.put(hash(i), u32{0}); }, hash,
     "a reader divides by the number of buckets"},
    {"sysv-hash", "arm", [](TestImage& i) { i.put(hash(i) + 8, u32{99}); },
     [](TestImage const& i) { return hash(i) + 8; }, "a bucket past the symbols"},
    {"sysv-hash", "aarch64", [](TestImage& i) { i.put(hash(i) + 16, u32{99}); },
     [](TestImage const& i) { return hash(i) + 16; }, "a chain past the symbols"},
    {"sysv-hash", "aarch64", [](TestImage& i) { i.put(hash(i) + 16, u32{1}); },
     [](TestImage const& i) { return hash(i) + 16; }, "a search would never end"},
    {"gnu-hash", "x86_64", [](TestImage& i) { i.put(gnu_hash(i), u32{0}); }, gnu_hash,
     "Go divides by the number of buckets"},
    {"gnu-hash", "x86_64", [](TestImage& i) { i.put(gnu_hash(i) + 8, u32{0}); }, gnu_hash,
     "glibc asserts a power of two"},
    {"gnu-hash", "i386", [](TestImage& i) { i.put(gnu_hash(i) + 16 + 4, u32{0}); }, gnu_hash,
     "the table disagrees with DT_HASH on the number of symbols"},
    {"symbol-table", "aarch64",
     [](TestImage& i) {
         i.edit_dynamic(elf::dynamic_tag::symbol_entry_size, [](auto& entry) { entry.value = 16; });
     },
     dynamic<elf::dynamic_tag::symbol_entry_size>, "the other class's size"},
    {"symbol-table", "arm", forget_dynamic<elf::dynamic_tag::symbol_entry_size>, dynamic_table,
     "CRIU needs DT_SYMENT"},
    {"symbol-table", "aarch64",
     [](TestImage& i) {
         i.edit_dynamic(elf::dynamic_tag::symbols, [](auto& entry) { entry.value = 0x1ff0; });
     },
     dynamic<elf::dynamic_tag::symbols>, "the last symbols are not mapped"},
    {"symbol-table", "aarch64",
     [](TestImage& i) {
         i.edit_section(elf::section_type::dynamic_symbols, [](auto& s) { s.size -= 24; });
     },
     section<elf::section_type::dynamic_symbols>, "bionic sees fewer symbols than the others"},
    {"symbol-names", "aarch64",
     [](TestImage& i) { i.edit_symbol(1, [](auto& s) { s.name = 0xffff'ffff; }); }, symbol<1>,
     "a name outside the table"},
    {"no-undefined", "arm",
     [](TestImage& i) { i.edit_symbol(2, [](auto& s) { s.section = 0; }); }, symbol<2>,
     "nobody defines it"},
    {"exports-loaded", "aarch64",
     [](TestImage& i) { i.edit_symbol(1, [](auto& s) { s.value = 0; }); }, symbol<1>,
     "glibc takes 0 for undefined"},
    {"exports-loaded", "aarch64",
     [](TestImage& i) { i.edit_symbol(2, [](auto& s) { set(s.value, ~u64{4}); }); }, symbol<2>,
     "value plus size wraps"},
    {"sysv-hash-finds", "aarch64", [](TestImage& i) { i.put(hash(i) + 16, u32{0}); }, symbol<2>,
     "the chain ends before it"},
    {"gnu-hash-finds", "x86_64", [](TestImage& i) { i.put(gnu_hash(i) + 16, u64{0}); }, symbol<1>,
     "the filter says that nothing is there"},
    {"gnu-hash-finds", "i386", [](TestImage& i) { i.put(gnu_hash(i) + 24 + 4, u32{2}); },
     symbol<2>, "another name's hash"},

    {"version-tables", "aarch64", forget_dynamic<elf::dynamic_tag::version_definitions>,
     dynamic_table, "Go dereferences a null DT_VERDEF"},
    {"version-tables", "aarch64", forget_dynamic<elf::dynamic_tag::version_symbols>,
     dynamic_table, "no version can be checked"},
    {"version-tables", "arm",
     [](TestImage& i) {
         i.edit_dynamic(elf::dynamic_tag::version_symbols, [](auto& e) { e.value = 0x1ffe; });
     },
     dynamic<elf::dynamic_tag::version_symbols>, "not mapped"},
    {"version-definitions", "aarch64",
     [](TestImage& i) { i.edit_version(1, [](auto& v) { ++v.hash; }); }, version<1>,
     "glibc and Go compare the hash first"},
    {"version-definitions", "aarch64",
     [](TestImage& i) { i.edit_version(0, [](auto& v) { v.flags = 0; }); }, version<0>,
     "no base definition"},
    {"version-definitions", "i386",
     [](TestImage& i) { i.edit_version(2, [](auto& v) { v.index = 2; }); }, version<2>,
     "two versions of one index"},
    {"version-definitions", "aarch64",
     [](TestImage& i) { i.edit_version(1, [](auto& v) { v.next = 0xffff'fff0; }); },
     dynamic<elf::dynamic_tag::version_definitions>, "the chain leaves the image"},
    {"version-definitions", "aarch64",
     [](TestImage& i) {
         i.edit_dynamic(elf::dynamic_tag::version_definition_count, [](auto& e) { e.value = 3; });
     },
     dynamic<elf::dynamic_tag::version_definition_count>, "fewer than announced"},
    {"version-node", "aarch64",
     [](TestImage& i) {
         u32 const name = i.get<u32>(version<0>(i) + sizeof(elf::VersionDefinition));
         u32 hash_of_name = 0;
         i.edit_version(0, [&](auto& base) { hash_of_name = base.hash; });
         i.put(version<1>(i) + sizeof(elf::VersionDefinition), name);
         i.edit_version(1, [&](auto& node) { node.hash = hash_of_name; });
     },
     version<0>, "a sound definition of a version that nobody asks for"},
    {"export-versions", "aarch64",
     [](TestImage& i) { i.put(i.view().symbols.version_index_at(1).value, u16{1}); },
     [](TestImage const& i) { return i.view().symbols.version_index_at(1).value; },
     "an export without a version"},
    {"sigreturn", "aarch64", rename_symbol<1, 4>, symbol<0>,
     "glibc on aarch64 passes no restorer"},
    {"sigreturn", "i386", withdraw_symbol<8>, symbol<0>, "in LINUX_2.5 alone"},
    {"time-pair", "arm", withdraw_symbol<2>, symbol<1>,
     "musl refuses a vDSO with one of the two"},

    {"notes", "arm",
     [](TestImage& i) { i.edit_segment(2, [](auto& entry) { --entry.file_size; }); }, note_start,
     "the last note is cut off"},
    {"note-present", "aarch64", [](TestImage& i) { i.put(i.note_at() - 8, u8{'V'}); },
     segment_table, "an ordinary vDSO"},
    {"note-once", "aarch64",
     [](TestImage& i) {
         for (u64 at = 0; at < 40; ++at) i.put(free_room + at, i.get<u8>(note_start(i) + at));
         i.put(free_room + 4, u32{20});
         i.add_segment(elf::segment_type::note, 4, free_room, 40);
     },
     offset<free_room>, "which of them counts?"},
    {"note-shape", "aarch64", [](TestImage& i) { i.put(i.note_at() - 12, u32{2}); }, note_start,
     "another type"},
    {"note-shape", "aarch64",
     [](TestImage& i) { i.edit_note([](auto& header) { header.trap_count = 3; }); }, note_start,
     "more sites than the note has room for"},
    {"note-shape", "arm",
     [](TestImage& i) { i.edit_note([](auto& header) { header.trap_count = 0x4000'0002; }); },
     note_start, "a count whose size wraps in 32 bits"},
    {"note-version", "aarch64",
     [](TestImage& i) { i.edit_note([](auto& header) { header.version = 2; }); }, note<0>,
     "a note from the future"},
    {"note-version", "aarch64",
     [](TestImage& i) { i.edit_note([](auto& header) { header.time_page_version = 0; }); },
     note<4>, "code that reads another layout"},
    {"page-size", "aarch64",
     [](TestImage& i) { i.edit_note([](auto& header) { header.page_size = 8192; }); }, note<12>,
     "no CPU's page size"},
    {"page-size", "arm", [](TestImage& i) { i.edit_note([](auto& h) { h.page_size = 0; }); },
     note<12>, "a page of nothing"},
    {"time-page-place", "aarch64",
     [](TestImage& i) { i.edit_note([](auto& header) { header.time_page_offset = 0; }); },
     note<8>, "the time page would be the code"},
    {"time-page-place", "aarch64",
     [](TestImage& i) { i.edit_note([](auto& header) { header.time_page_offset += 8; }); },
     note<8>, "not at a page"},
    {"time-page-place", "aarch64",
     [](TestImage& i) { i.edit_note([](auto& h) { h.time_page_offset = 0xffff'f000; }); },
     note<8>, "offset plus page wraps in 32 bits"},
    {"time-page-apart", "aarch64",
     [](TestImage& i) {
         i.add_segment(elf::segment_type::gnu_property, 4, i.time_page_at(), 16);
     },
     new_segment, "what the host writes would change it"},
    {"time-page-apart", "arm",
     [](TestImage& i) {
         u32 const page = static_cast<u32>(i.time_page_at());
         i.edit_symbol(1, [=](auto& s) { s.value = page; });
     },
     symbol<1>, "a function in a page that is never executable"},
    {"file-size", "aarch64", [](TestImage& i) { i.file().push_back(0); }, offset<0x2000>,
     "a byte too much"},
    {"file-size", "aarch64",
     [](TestImage& i) {
         i.edit_segment(0, [](auto& load) { load.file_size = load.memory_size = 0x1000; });
         i.file().resize(0x1fff);
     },
     offset<0x1fff>, "a byte of the time page is missing"},
    {"load-first", "aarch64",
     [](TestImage& i) {
         swap_segments(i, 1, 2);
         swap_segments(i, 0, 1);
     },
     segment<0>, "a note in front"},
    {"linked-at-zero", "aarch64", prelink, segment<0>, "addresses are not offsets"},
    {"sections-loaded", "aarch64",
     [](TestImage& i) {
         i.edit_header([](auto& header) {
             header.section_headers = 0;
             header.section_header_count = 0;
         });
     },
     offset<0>, "bionic looks symbols up by section"},
    {"sections-loaded", "aarch64",
     [](TestImage& i) {
         i.edit_section(elf::section_type::strings, [](auto& s) { s.offset = 0x1f00; });
     },
     section<elf::section_type::strings>, "the names lie in the time page"},
    {"served-machine", "loongarch64", [](TestImage&) {}, offset<18>, "no trap instruction known"},
    {"trap-order", "aarch64",
     [](TestImage& i) {
         u32 const first = static_cast<u32>(i.trap(0));
         i.put(i.trap_listed_at(0), static_cast<u32>(i.trap(1)));
         i.put(i.trap_listed_at(1), first);
     },
     trap_listed<1>, "descending"},
    {"trap-order", "arm",
     [](TestImage& i) { i.put(i.trap_listed_at(1), static_cast<u32>(i.trap(0))); },
     trap_listed<1>, "the same site twice"},
    {"trap-in-code", "aarch64", [](TestImage& i) { i.put(i.trap_listed_at(0), u32{0}); },
     trap_listed<0>, "the ELF header would be overwritten"},
    {"trap-in-code", "aarch64",
     [](TestImage& i) {
         i.put(i.trap_listed_at(1), static_cast<u32>(i.trap(1)) + 2);
     },
     trap_listed<1>, "half an instruction"},
    {"trap-in-code", "aarch64",
     [](TestImage& i) { i.put(i.trap_listed_at(1), static_cast<u32>(i.time_page_at())); },
     trap_listed<1>, "in the time page"},
    {"trap-in-code", "x86_64",
     [](TestImage& i) { i.put(i.trap_listed_at(1), ~u32{0}); }, trap_listed<1>,
     "site plus size wraps"},
    {"trap-instruction", "aarch64", [](TestImage& i) { i.put(i.trap(1), u32{0xd503'201f}); },
     [](TestImage const& i) { return i.trap(1); }, "one site of two is replaced"},
    {"trap-listed", "aarch64", [](TestImage& i) { i.put(i.trap(0) + 4, u32{0xd400'0021}); },
     [](TestImage const& i) { return i.trap(0) + 4; }, "svc #1 that no host would replace"},

    {"hash-choice", "x86_64", forget_dynamic<elf::dynamic_tag::gnu_hash>, dynamic_table,
     "both tables are promised"},
    {"hash-choice", "x86_64", forget_dynamic<elf::dynamic_tag::hash>, dynamic_table,
     "musl before 1.2.6 and Rosetta need DT_HASH"},
    {"export-function", "aarch64",
     [](TestImage& i) { i.edit_symbol(1, [](auto& s) { s.info = 0x10; }); }, symbol<1>,
     "the kernel's selftests take functions only"},
    {"export-size", "aarch64",
     [](TestImage& i) { i.edit_symbol(3, [](auto& s) { s.size = 15; }); }, symbol<3>,
     "a patched jump would run over its end"},
    {"export-name", "aarch64",
     [](TestImage& i) {
         u64 const names = i.section_content_at(elf::section_type::strings);
         u32 second = 0;
         i.edit_symbol(2, [&](auto& s) { second = s.name; });
         i.put(names + second - 1, u8{'_'});
     },
     symbol<1>, "two names run together: 43 characters"},
    {"exports", "aarch64", rename_symbol<1, 3>, symbol<0>, "no __kernel_clock_getres"},
    {"no-search-path", "aarch64", set_dynamic<elf::dynamic_tag::runpath>, new_dynamic,
     "left by a linker wrapper"},
    {"no-eh-frame", "aarch64",
     [](TestImage& i) { i.add_segment(elf::segment_type::gnu_eh_frame, 4, 0x40, 16); },
     new_segment, "libgcc cannot cancel a thread through it"},

    {"time-page-header", "aarch64", [](TestImage& i) { i.put(i.time_page_at(), u64{0}); },
     time_page<0>, "no time page"},
    {"time-page-header", "aarch64",
     [](TestImage& i) {
         i.edit_time_page([](auto& page) { page.header.resolution = 1'000'000'000; });
     },
     time_page<0>, "clock_getres would answer 10^9 ns"},
    {"time-page-header", "aarch64",
     [](TestImage& i) { i.edit_time_page([](auto& page) { page.header.timezone_is_set = 2; }); },
     time_page<0>, "neither yes nor no"},
    {"time-page-header", "arm",
     [](TestImage& i) { i.edit_time_page([](auto& page) { page.header.line_count = 13; }); },
     time_page<0>, "a line too many"},
    {"time-page-lines", "aarch64",
     [](TestImage& i) { edit_line(i, abi::ClockId::tai, [](auto& line) { ++line.state; }); },
     clock<abi::ClockId::tai>, "locked: readers would spin before each system call"},
    {"time-page-lines", "aarch64",
     [](TestImage& i) { edit_line(i, abi::ClockId::tai, [](auto& line) { line.state += 12; }); },
     clock<abi::ClockId::tai>, "mode 7 has no meaning"},
    {"time-page-lines", "aarch64",
     [](TestImage& i) {
         edit_line(i, abi::ClockId::tai, [](auto& line) {
             line.state = abi::state_of(abi::ClockMode::chained);
         });
     },
     clock<abi::ClockId::tai>, "a file cannot know where another vDSO will be"},
    {"time-page-lines", "aarch64",
     [](TestImage& i) { edit_line(i, abi::ClockId::realtime, [](auto& l) { l.sequence = 1; }); },
     clock<abi::ClockId::realtime>, "an odd count for good"},
    {"time-page-lines", "aarch64",
     [](TestImage& i) { edit_line(i, abi::ClockId::realtime, [](auto& l) { l.shift = 64; }); },
     clock<abi::ClockId::realtime>, "a shift past the word"},
    {"time-page-lines", "aarch64",
     [](TestImage& i) { edit_line(i, abi::ClockId::realtime, [](auto& l) { l.mult = 0; }); },
     clock<abi::ClockId::realtime>, "a clock that stands still"},
    {"time-page-lines", "aarch64",
     [](TestImage& i) { edit_line(i, abi::ClockId::realtime, [](auto& l) { l.shift = 34; }); },
     clock<abi::ClockId::realtime>, "slower than 1 Hz"},
    {"time-page-lines", "aarch64",
     [](TestImage& i) {
         edit_line(i, abi::ClockId::boottime, [](auto& line) { line.base_seconds = -1; });
     },
     clock<abi::ClockId::boottime>, "before the beginning"},
    {"time-page-lines", "aarch64",
     [](TestImage& i) {
         edit_line(i, abi::ClockId::boottime, [](auto& line) { line.reserved1[1] = 1; });
     },
     clock<abi::ClockId::boottime>, "something hidden"},
    {"time-page-lines", "aarch64",
     [](TestImage& i) { edit_line(i, abi::ClockId::thread_cputime, [](auto&) {}); },
     clock<abi::ClockId::thread_cputime>, "a clock that no page can know"},
    {"time-page-rest", "aarch64", [](TestImage& i) { i.put(0x1fff, u8{1}); }, offset<0x1fff>,
     "something behind the clocks"},
};

// What a host would be told; rules for hosts only where one of them is in question.
struct First {
    std::string rule = "none";
    u64 at = 0;
};

First first_failure(TestImage const& image, bool as_host) {
    kit::ImageView const view = image.view();
    for (kit::ImageRule const& rule : kit::image_rules) {
        if (rule.scope == RuleScope::host && !as_host) continue;
        kit::Finding const finding = rule.check(view);
        if (!finding.is_held())
            return {finding.is_unreached() ? std::string{"unreached "} + rule.name : rule.name,
                    finding.at().value};
    }
    return {};
}

TEST(ImageRules, an_image_that_breaks_one_rule_is_refused_by_that_rule_and_at_that_offset) {
    for (Case const& row : cases) {
        SCOPED_TRACE(std::string{row.rule} + ", " + row.machine + ": " + row.reason);
        TestImage image{row.machine};
        u64 const at = row.at(image);
        row.mutate(image);
        kit::ImageRule const* const rule = kit::find_rule(row.rule);
        ASSERT_NE(rule, nullptr);
        First const first = first_failure(image, rule->scope == RuleScope::host);
        EXPECT_EQ(first.rule, row.rule);
        EXPECT_EQ(first.at, at);
    }
}

TEST(ImageRules, every_rule_has_an_image_that_breaks_it) {
    std::set<std::string> tested;
    for (Case const& row : cases) tested.insert(row.rule);
    for (kit::ImageRule const& rule : kit::image_rules)
        EXPECT_TRUE(tested.contains(rule.name)) << rule.name;
}

TEST(ImageRules, names_are_unique_and_reasons_are_there) {
    std::set<std::string> names;
    for (kit::ImageRule const& rule : kit::image_rules) {
        EXPECT_TRUE(names.insert(rule.name).second) << rule.name;
        EXPECT_GT(std::string{rule.reason}.size(), 10u) << rule.name;
    }
    EXPECT_EQ(kit::find_rule("no-such-rule"), nullptr);
}

TEST(ImageRules, the_builders_image_keeps_every_rule_for_each_machine_and_page_size) {
    for (char const* machine : {"aarch64", "arm", "x86_64", "i386", "riscv64"}) {
        for (u32 const page_size : {4096u, 16384u, 65536u}) {
            SCOPED_TRACE(std::string{machine} + " " + std::to_string(page_size));
            EXPECT_EQ(first_failure(TestImage{machine, page_size}, false).rule, "none");
        }
    }
}

TEST(ImageRules, an_image_whose_segment_ends_with_the_code_is_as_good_as_one_with_the_time_page) {
    TestImage image{"aarch64"};
    image.edit_segment(0, [](auto& load) { load.file_size = load.memory_size = 0xffe; });
    EXPECT_EQ(first_failure(image, true).rule, "none");
}

TEST(ImageRules, a_stamped_image_is_valid_if_all_trap_sites_hold_the_same_replacement) {
    TestImage image{"aarch64"};
    for (u64 index = 0; index < 2; ++index) image.put(image.trap(index), u32{0xdead'beef});
    EXPECT_EQ(first_failure(image, true).rule, "none");
}

TEST(ImageRules, a_published_page_is_valid_from_1_hertz_to_32_gigahertz) {
    struct Row {
        u64 mult;
        u32 shift;
        char const* expect;
        char const* reason;
    };
    Row const rows[] = {{u64{1} << 63, 33, "none", "1 Hz"},
                        {(u64{1} << 63) + 1, 33, "time-page-lines", "below 1 Hz"},
                        {u64{1} << 61, 0, "none", "2^35 Hz"},
                        {(u64{1} << 61) - 1, 0, "time-page-lines", "above"}};
    for (Row const& row : rows) {
        SCOPED_TRACE(row.reason);
        TestImage image{"aarch64"};
        edit_line(image, abi::ClockId::monotonic, [&](abi::ClockLine& line) {
            line.mult = row.mult;
            line.shift = row.shift;
        });
        EXPECT_EQ(first_failure(image, true).rule, row.expect);
    }
}

}  // namespace
}  // namespace vdsokit::test
