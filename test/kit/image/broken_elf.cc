// SPDX-License-Identifier: BSD-2-Clause
// Broken headers, segments and dynamic sections.
#include "test/kit/image/mutations.h"

namespace vdsokit::test {
namespace {

BrokenImage const rows[] = {
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
     [](TestImage& i) { i.edit_header([](auto& header) { header.flags |= 0x400; }); }, offset<36>,
     "hard-float only"},
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

    {"one-load", "aarch64", [](TestImage& i) { i.add_segment(elf::segment_type::load, 5, 0, 64); },
     new_segment, "glibc before 2.43 sees no vDSO at all"},
    {"one-load", "arm", [](TestImage& i) { i.edit_segment(0, [](auto& load) { load.type = 0; }); },
     segment_table, "nothing to map"},
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
    {"load-in-file", "aarch64",
     [](TestImage& i) {
         i.edit_segment(0, [](auto& load) { set(load.virtual_address, ~u64{0xfff}); });
     },
     segment<0>, "address plus size wraps"},
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
     [](TestImage const& i) { return i.view().elf.segment(2).offset; }, "a name of 4 GiB"},

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
    {"no-relocations", "aarch64", [](TestImage& i) { i.add_dynamic(elf::dynamic_tag::flags, 4); },
     new_dynamic, "DF_TEXTREL"},
    {"no-needed", "aarch64", set_dynamic<elf::dynamic_tag::needed>, new_dynamic, "a library"},
    {"no-initialisers", "aarch64", set_dynamic<elf::dynamic_tag::init>, new_dynamic, "DT_INIT"},
    {"no-initialisers", "arm", set_dynamic<elf::dynamic_tag::init_array>, new_dynamic,
     "a constructor"},
    {"notes", "arm",
     [](TestImage& i) { i.edit_segment(2, [](auto& entry) { --entry.file_size; }); }, note_start,
     "the last note is cut off"},
};

}  // namespace

std::span<BrokenImage const> broken_elf() { return rows; }

}  // namespace vdsokit::test
