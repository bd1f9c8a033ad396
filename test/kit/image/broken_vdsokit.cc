// SPDX-License-Identifier: BSD-2-Clause
// Broken notes, layouts, trap sites and exports of images of this project.
#include "test/kit/image/mutations.h"

namespace vdsokit::test {
namespace {

BrokenImage const rows[] = {
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
     [](TestImage& i) { i.edit_note([](auto& header) { header.time_page_version = 0; }); }, note<4>,
     "code that reads another layout"},
    {"page-size", "aarch64",
     [](TestImage& i) { i.edit_note([](auto& header) { header.page_size = 8192; }); }, note<12>,
     "no CPU's page size"},
    {"page-size", "arm", [](TestImage& i) { i.edit_note([](auto& h) { h.page_size = 0; }); },
     note<12>, "a page of nothing"},
    {"time-page-place", "aarch64",
     [](TestImage& i) { i.edit_note([](auto& header) { header.time_page_offset = 0; }); }, note<8>,
     "the time page would be the code"},
    {"time-page-place", "aarch64",
     [](TestImage& i) { i.edit_note([](auto& header) { header.time_page_offset += 8; }); }, note<8>,
     "not at a page"},
    {"time-page-place", "aarch64",
     [](TestImage& i) { i.edit_note([](auto& h) { h.time_page_offset = 0xffff'f000; }); }, note<8>,
     "offset plus page wraps in 32 bits"},
    {"time-page-apart", "aarch64",
     [](TestImage& i) { i.add_segment(elf::segment_type::gnu_property, 4, i.time_page_at(), 16); },
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
     [](TestImage& i) { i.put(i.trap_listed_at(1), static_cast<u32>(i.trap(0))); }, trap_listed<1>,
     "the same site twice"},
    {"trap-in-code", "aarch64", [](TestImage& i) { i.put(i.trap_listed_at(0), u32{0}); },
     trap_listed<0>, "the ELF header would be overwritten"},
    {"trap-in-code", "aarch64",
     [](TestImage& i) { i.put(i.trap_listed_at(1), static_cast<u32>(i.trap(1)) + 2); },
     trap_listed<1>, "half an instruction"},
    {"trap-in-code", "aarch64",
     [](TestImage& i) { i.put(i.trap_listed_at(1), static_cast<u32>(i.time_page_at())); },
     trap_listed<1>, "in the time page"},
    {"trap-in-code", "x86_64", [](TestImage& i) { i.put(i.trap_listed_at(1), ~u32{0}); },
     trap_listed<1>, "site plus size wraps"},
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
    {"export-size", "aarch64", [](TestImage& i) { i.edit_symbol(3, [](auto& s) { s.size = 15; }); },
     symbol<3>, "a patched jump would run over its end"},
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
     [](TestImage& i) { i.add_segment(elf::segment_type::gnu_eh_frame, 4, 0x40, 16); }, new_segment,
     "libgcc cannot cancel a thread through it"},
};

}  // namespace

std::span<BrokenImage const> broken_vdsokit() { return rows; }

}  // namespace vdsokit::test
