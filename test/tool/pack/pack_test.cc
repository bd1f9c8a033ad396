// SPDX-License-Identifier: BSD-2-Clause
#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <fstream>
#include <functional>
#include <iterator>
#include <ostream>
#include <string>
#include <vector>

#include "abi/note.h"
#include "tool/pack/checks.h"
#include "tool/pack/packer.h"
#include "tool/pack/traps.h"

namespace vdsokit::pack {
namespace {

namespace elf = kit::elf;

constexpr u64 page_size = 4096;

std::vector<u8> linked_file() {
    std::ifstream file(LINKED_IMAGE, std::ios::binary);
    std::vector<char> const bytes{std::istreambuf_iterator<char>(file), {}};
    return {bytes.begin(), bytes.end()};
}

kit::Bytes view(std::vector<u8> const& file) { return {file.data(), file.size()}; }

// All steps of the program; the image is left in `out`.
Check pack_file(std::vector<u8> const& file, std::vector<u8>& out) {
    LinkedImage image;
    if (Check fault = image.open(view(file))) return fault;
    if (Check fault = check_linked(image, page_size)) return fault;
    std::vector<u32> traps;
    if (Check fault = find_traps(image, traps)) return fault;
    Packer packer(image, traps, page_size);
    if (Check fault = packer.pack()) return fault;
    out = packer.bytes();
    return {};
}

// A linked file and the places in it that tests change.
class Linked {
public:
    Linked() : bytes(linked_file()) {
        if (image_.open(view(bytes))) bytes.clear();
    }

    template <class T>
    void set(u64 offset, T value) {
        std::memcpy(bytes.data() + offset, &value, sizeof(value));
    }
    u64 offset_of(char const* section) const { return image_.find(section)->header.offset; }
    // The header of that section, in the file.
    u64 header_of(char const* section) const {
        auto const index = image_.find(section) - image_.sections().data();
        return image_.header().section_headers +
               static_cast<u64>(index) * sizeof(elf::SectionHeader64);
    }
    u64 segment(u64 index) const {
        return image_.header().program_headers + index * sizeof(elf::ProgramHeader64);
    }
    // The first exported symbol in the linker's table.
    u64 symbol(u64 index) const { return offset_of(".dynsym") + index * sizeof(elf::Symbol64); }

    std::vector<u8> bytes;

private:
    LinkedImage image_;
};

TEST(Pack, MovesEverythingThatReadersWantIntoTheTwoPages) {
    std::vector<u8> out;
    Check const fault = pack_file(linked_file(), out);
    ASSERT_FALSE(fault) << fault->where << ": " << fault->what;
    EXPECT_EQ(out.size(), 2 * page_size);

    LinkedImage image;
    ASSERT_FALSE(image.open(view(out)));
    EXPECT_LE(
        image.header().section_headers + image.sections().size() * sizeof(elf::SectionHeader64),
        page_size)
        << "bionic reads the section headers of the mapped code page";
    Section const& symbols = *image.find(".dynsym");
    EXPECT_EQ(symbols.header.type, elf::section_type::dynamic_symbols);
    EXPECT_EQ(symbols.header.entry_size, sizeof(elf::Symbol64));
    EXPECT_EQ(image.sections()[symbols.header.link].name, ".dynstr");
    EXPECT_EQ(image.find(".symtab"), nullptr);
    EXPECT_EQ(image.find(".got"), nullptr);
}

TEST(Pack, LeavesOutTheHeadersThatNobodyReadsWhereThePageIsFull) {
    std::vector<u8> out;
    ASSERT_FALSE(pack_file(linked_file(), out));
    LinkedImage image;
    ASSERT_FALSE(image.open(view(out)));
    std::vector<std::string> names;
    for (Section const& section : image.sections()) names.push_back(section.name);
    EXPECT_EQ(names, (std::vector<std::string>{"", ".dynsym", ".dynstr", ".gnu.version",
                                               ".gnu.version_d", ".text", ".shstrtab"}));
}

TEST(Pack, KeepsTheFiveExportsAndNoSymbolNamedLikeTheVersion) {
    std::vector<u8> out;
    ASSERT_FALSE(pack_file(linked_file(), out));
    LinkedImage image;
    ASSERT_FALSE(image.open(view(out)));
    std::vector<std::string> names;
    for (NamedSymbol const& symbol : image.symbols(".dynsym")) {
        names.push_back(symbol.name);
        if (symbol.name.empty()) continue;
        EXPECT_EQ(elf::type_of(symbol.symbol.info), elf::symbol_type::function) << symbol.name;
        EXPECT_GE(symbol.symbol.size, 16u) << symbol.name << ": what patchers of functions need";
        EXPECT_EQ(image.sections()[symbol.symbol.section].name, ".text") << symbol.name;
    }
    std::ranges::sort(names);
    EXPECT_EQ(names, (std::vector<std::string>{"", "__kernel_clock_getres",
                                               "__kernel_clock_gettime", "__kernel_getrandom",
                                               "__kernel_gettimeofday", "__kernel_rt_sigreturn"}));

    kit::Bytes const hash = view(out).part(Linked().offset_of(".hash"), 36);
    u32 const expected[] = {1, 6, 1, 0, 2, 3, 4, 5, 0};
    for (u64 i = 0; i < std::size(expected); ++i)
        EXPECT_EQ(hash.read<u32>(4 * i), expected[i]) << "one bucket, one chain, word " << i;
}

TEST(Pack, FillsTheNote) {
    std::vector<u8> out;
    ASSERT_FALSE(pack_file(linked_file(), out));
    LinkedImage image;
    ASSERT_FALSE(image.open(view(out)));
    u64 const note_at = Linked().offset_of(".note.vdsokit");
    auto const head = view(out).read<elf::NoteHeader>(note_at);
    kit::Bytes const note =
        view(out).part(note_at, sizeof(head) + head.name_size + head.descriptor_size);
    auto const header = note.read<abi::NoteHeader>(sizeof(head) + head.name_size);
    EXPECT_EQ(head.descriptor_size, sizeof(header) + u64{4} * header.trap_count);
    EXPECT_EQ(header.time_page_offset, page_size);
    EXPECT_EQ(header.page_size, page_size);
    EXPECT_EQ(header.trap_count, 7u) << "one system call for each function; getrandom has three";
    u32 last = 0;
    for (u64 i = 0; i < header.trap_count; ++i) {
        u32 const at = note.read<u32>(note.size() - 4 * (header.trap_count - i));
        EXPECT_GT(at, last) << "ascending";
        EXPECT_EQ(view(out).read<u32>(at), 0xd400'0001u);
        last = at;
    }
}

TEST(Pack, WritesTheSameBytesFromTheSameFile) {
    std::vector<u8> first;
    std::vector<u8> second;
    ASSERT_FALSE(pack_file(linked_file(), first));
    ASSERT_FALSE(pack_file(linked_file(), second));
    EXPECT_EQ(first, second);
}

struct Refusal {
    std::function<void(Linked&)> change;
    char const* what;
    char const* where;
    char const* reason;
    friend void PrintTo(Refusal const& row, std::ostream* out) { *out << row.reason; }
};

class PackRefuses : public testing::TestWithParam<Refusal> {};

TEST_P(PackRefuses, AndSaysWhatAndWhere) {
    Linked linked;
    ASSERT_FALSE(linked.bytes.empty()) << LINKED_IMAGE << ": build first";
    GetParam().change(linked);
    std::vector<u8> out;
    Check const fault = pack_file(linked.bytes, out);
    ASSERT_TRUE(fault) << GetParam().reason;
    EXPECT_EQ(fault->what, GetParam().what);
    EXPECT_EQ(fault->where.substr(0, std::strlen(GetParam().where)), GetParam().where);
}

using Sections = elf::SectionHeader64;
using Segments = elf::ProgramHeader64;

INSTANTIATE_TEST_SUITE_P(
    Rows, PackRefuses,
    testing::Values(
        Refusal{[](Linked& f) { f.bytes.resize(63); }, "no ELF header", "offset 0", "truncated"},
        Refusal{[](Linked& f) { f.set<u8>(0, 0x7e); }, "not a little-endian ELF file", "offset 0",
                "not ELF"},
        Refusal{[](Linked& f) { f.set<u8>(4, 1); }, "no image is made for this machine",
                "e_machine 183", "a machine's other class"},
        Refusal{[](Linked& f) { f.set<u8>(4, 3); },
                "neither a file of the 32-bit class nor of the 64-bit class", "offset 4",
                "no class"},
        Refusal{[](Linked& f) { f.set<u16>(16, 2); }, "not a shared object", "offset 16",
                "a program"},
        Refusal{[](Linked& f) { f.set<u16>(18, 22); }, "no image is made for this machine",
                "e_machine 22", "s390"},
        Refusal{[](Linked& f) { f.set<u64>(32, ~u64{0} - 8); },
                "the program headers lie outside the file", "0x", "an offset that wraps"},
        Refusal{[](Linked& f) { f.set<u64>(40, ~u64{0} - 8); },
                "the section headers lie outside the file", "0x", "likewise"},
        Refusal{
            [](Linked& f) { f.set<u64>(f.header_of(".text") + offsetof(Sections, size), ~u64{0}); },
            "a section lies outside the file", "0x", "a size that wraps"},
        Refusal{[](Linked& f) { f.set<u32>(f.segment(0) + offsetof(Segments, flags), 7); },
                "the image's segment is not R-X", "program header 0", "writable code"},
        Refusal{
            [](Linked& f) { f.set<u64>(f.segment(0) + offsetof(Segments, memory_size), 0x3000); },
            "the image's segment is not wholly in the file", "program header 0", "a bss"},
        Refusal{[](Linked& f) {
                    std::vector<u8> const headers{f.bytes.begin() + 64, f.bytes.begin() + 64 + 168};
                    f.set<u64>(32, f.bytes.size());
                    f.bytes.insert(f.bytes.end(), headers.begin(), headers.end());
                },
                "the program headers are not in the image's segment", "0x", "moved behind it"},
        Refusal{[](Linked& f) { f.set<u32>(f.segment(1), elf::segment_type::load); },
                "a second PT_LOAD", "program header 1", "glibc 2.36 then finds no vDSO"},
        Refusal{[](Linked& f) {
                    f.set<u64>(f.header_of(".time_page") + offsetof(Sections, size), 0x800);
                },
                "the time page is not one whole page at the end of the image", ".time_page",
                "a short time page"},
        Refusal{[](Linked& f) {
                    f.set<u32>(f.header_of(".symtab") + offsetof(Sections, type),
                               elf::section_type::rela);
                },
                "a relocation is left", ".symtab at 0x", "a loader would have to apply it"},
        Refusal{[](Linked& f) { f.set<u64>(f.header_of(".text") + offsetof(Sections, flags), 7); },
                "a writable section", ".text at 0x", "no page is written by a process"},
        Refusal{[](Linked& f) {
                    u32 name;
                    std::memcpy(&name, f.bytes.data() + f.header_of(".dynsym"), sizeof(name));
                    f.set(f.header_of(".dynstr"), name);
                },
                "a second section of that name", ".dynsym at 0x",
                "one would be read for the other"},
        Refusal{[](Linked& f) {
                    f.set<u32>(f.header_of(".hash") + offsetof(Sections, type),
                               elf::section_type::gnu_hash);
                },
                "a GNU hash table, which Go reads wrongly on this machine", ".hash at 0x",
                "DT_HASH alone on aarch64"},
        Refusal{[](Linked& f) { f.set<u16>(f.symbol(2) + offsetof(elf::Symbol64, section), 0); },
                "an undefined symbol", "__kernel_", "a call to a library"},
        Refusal{[](Linked& f) { f.set<u32>(f.offset_of(".vdsokit.traps"), 0x10); },
                "a listed trap is no trap instruction", "0x10", "in front of the code"},
        Refusal{[](Linked& f) { f.set<u32>(f.offset_of(".vdsokit.traps"), 0xffff'fffc); },
                "a listed trap is no trap instruction", "0xfffffffc", "far behind it"},
        Refusal{[](Linked& f) {
                    u32 second;
                    std::memcpy(&second, f.bytes.data() + f.offset_of(".vdsokit.traps") + 4, 4);
                    f.set(f.offset_of(".vdsokit.traps"), second);
                },
                "a trap is listed twice", ".vdsokit.traps", "and so another one is not"},
        Refusal{[](Linked& f) {
                    f.set<u64>(f.header_of(".vdsokit.traps") + offsetof(Sections, size), 12);
                },
                "a trap instruction that is not listed", "0x", "a host could not replace it"},
        Refusal{[](Linked& f) {
                    f.set<u64>(f.header_of(".vdsokit.traps") + offsetof(Sections, size), 0);
                },
                "0 traps; the note holds 1 to 32", ".vdsokit.traps", "no fallback at all"},
        Refusal{[](Linked& f) { f.set<u8>(f.offset_of(".note.vdsokit") + 12, 'V'); },
                "not the note that this program knows", ".note.vdsokit", "another name"},
        Refusal{[](Linked& f) { f.set<u32>(f.segment(2), elf::segment_type::gnu_stack); },
                "no PT_NOTE", "program headers", "a host could not find the note"}),
    [](auto const& row) { return "Row" + std::to_string(row.index); });

TEST(Pack, AnyByteChangedEndsInAnImageOrAFault) {
    std::vector<u8> const whole = linked_file();
    std::vector<u8> out;
    // Headers, tables and the ends of sections; the code itself is not looked at byte by byte.
    for (u64 at = 0; at < whole.size(); at += at < 0x440 ? 1 : 37) {
        for (u8 const value : {u8{0}, u8{0xff}, u8{0x80}}) {
            std::vector<u8> file = whole;
            file[at] = value;
            pack_file(file, out);
        }
    }
    for (u64 size = 0; size < whole.size(); size += 61)
        pack_file({whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size)}, out);
}

}  // namespace
}  // namespace vdsokit::pack
