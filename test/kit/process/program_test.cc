// SPDX-License-Identifier: BSD-2-Clause
#include "kit/process/program.h"

#include <gtest/gtest.h>

#include <functional>
#include <set>

#include "test/kit/process/program_builder.h"

namespace vdsokit::test {
namespace {

using kit::Access;
using kit::ProgramError;
using kit::ProgramFault;
namespace flag = elf::segment_flag;

template <class Class>
class ProgramOfClass : public testing::Test {};
using Classes = testing::Types<elf::Class32, elf::Class64>;
TYPED_TEST_SUITE(ProgramOfClass, Classes);

TYPED_TEST(ProgramOfClass, AnOrdinaryProgramIsReadAsItIsWritten) {
    auto const opened =
        open_bytes(ProgramBuilder<TypeParam>::ordinary().bytes(), rules_for<TypeParam>());
    ASSERT_TRUE(opened);
    kit::Program const& program = opened.value();
    EXPECT_FALSE(program.is_position_independent());
    EXPECT_EQ(program.file_class(), TypeParam::file_class);
    EXPECT_EQ(program.entry(), 0x400400u);
    EXPECT_EQ(program.start(), 0x400000u);
    EXPECT_EQ(program.end(), 0x414000u);
    EXPECT_EQ(program.alignment(), 0x1000u);
    EXPECT_EQ(program.interpreter(), nullptr);
    EXPECT_EQ(program.program_headers(), 0x400000 + sizeof(typename TypeParam::FileHeader));
    EXPECT_EQ(program.program_header_count(), 2);
    EXPECT_EQ(program.program_header_size(), sizeof(typename TypeParam::ProgramHeader));
    ASSERT_EQ(program.segments().size(), 2u);
    EXPECT_EQ(program.segments()[0].access, Access::read_execute);
    EXPECT_EQ(program.segments()[1].access, Access::read_write);
    EXPECT_EQ(program.segments()[1].address, 0x411000u);
    EXPECT_EQ(program.segments()[1].memory_size, 0x2800u);
    EXPECT_EQ(program.segments()[1].offset, 0x1000u);
    EXPECT_EQ(program.segments()[1].file_size, 0x800u);
}

TYPED_TEST(ProgramOfClass, AnInterpreterIsReadUpToItsNul) {
    auto builder = ProgramBuilder<TypeParam>::ordinary();
    builder.header.type = elf::file_type::shared;
    builder.interpret_by("/lib/ld-musl-aarch64.so.1");
    auto const opened = open_bytes(builder.bytes(), rules_for<TypeParam>());
    ASSERT_TRUE(opened);
    EXPECT_TRUE(opened.value().is_position_independent());
    EXPECT_STREQ(opened.value().interpreter(), "/lib/ld-musl-aarch64.so.1");
}

TYPED_TEST(ProgramOfClass, AFileCutOffAnywhereIsRefusedNeverReadBeyondItsEnd) {
    auto builder = ProgramBuilder<TypeParam>::ordinary();
    builder.interpret_by("/lib/ld.so");
    std::vector<u8> const whole = builder.bytes();
    for (u64 size = 0; size < whole.size(); ++size) {
        std::vector<u8> const part(whole.begin(), whole.begin() + static_cast<i64>(size));
        auto const opened = open_bytes(part, rules_for<TypeParam>());
        ASSERT_FALSE(opened) << size;
        ProgramError const error = opened.error().error;
        if (size < 4)
            EXPECT_EQ(opened.error(), (ProgramFault{ProgramError::not_elf, 0}));
        else
            EXPECT_TRUE(error == ProgramError::truncated || error == ProgramError::segment_past_end)
                << size;
        EXPECT_LE(opened.error().at, whole.size());
    }
}

// What is wrong, how the file is made so, and the exact fault.
template <class Class>
struct Spoiled {
    using Builder = ProgramBuilder<Class>;
    using Header = typename Class::ProgramHeader;
    char const* reason;
    std::function<void(Builder&)> spoil;
    ProgramError error;
    u64 at;
};

template <class Class>
std::vector<Spoiled<Class>> spoiled_programs() {
    using B = ProgramBuilder<Class>;
    using F = typename Class::FileHeader;
    using H = typename Class::ProgramHeader;
    using Word = typename B::Word;
    Word const top = static_cast<Word>(~Word{0});
    u64 const first = B::header_at(0);
    u64 const second = B::header_at(1);
    return {
        {"no magic number", [](B& b) { b.header.identification.magic[1] = 'e'; },
         ProgramError::not_elf, 0},
        {"the other class", [](B& b) { b.header.identification.file_class ^= 3; },
         ProgramError::wrong_class, 4},
        {"no class at all", [](B& b) { b.header.identification.file_class = 0; },
         ProgramError::wrong_class, 4},
        {"big-endian", [](B& b) { b.header.identification.data = 2; },
         ProgramError::wrong_byte_order, 5},
        {"version 0 in e_ident", [](B& b) { b.header.identification.version = 0; },
         ProgramError::wrong_version, 6},
        {"version 2 in e_version", [](B& b) { b.header.version = 2; }, ProgramError::wrong_version,
         offsetof(F, version)},
        {"an object file", [](B& b) { b.header.type = 1; }, ProgramError::wrong_type,
         offsetof(F, type)},
        {"a core file", [](B& b) { b.header.type = 4; }, ProgramError::wrong_type,
         offsetof(F, type)},
        {"for x86", [](B& b) { b.header.machine = elf::machine::x86_64; },
         ProgramError::wrong_machine, offsetof(F, machine)},
        {"program headers of a newer ELF", [](B& b) { b.header.program_header_size += 8; },
         ProgramError::bad_program_header_size, offsetof(F, program_header_size)},
        {"65,535 program headers",
         [](B& b) {
             b.header.program_header_count = 0xffff;
             b.keep_count = true;
         },
         ProgramError::too_many_program_headers, offsetof(F, program_header_count)},
        {"program headers at the end of the address space",
         [top](B& b) { b.header.program_headers = top - 8; }, ProgramError::truncated,
         offsetof(F, program_headers)},
        {"program headers that begin inside and end outside",
         [](B& b) { b.header.program_headers = static_cast<Word>(b.size - sizeof(H)); },
         ProgramError::truncated, offsetof(F, program_headers)},
        {"no program header", [](B& b) { b.segments.clear(); }, ProgramError::no_loadable_segment,
         offsetof(F, program_header_count)},
        {"nothing to load",
         [](B& b) {
             for (H& s : b.segments) s.type = elf::segment_type::note;
         },
         ProgramError::no_loadable_segment, offsetof(F, program_header_count)},
        {"segments without memory",
         [](B& b) {
             for (H& s : b.segments) s.memory_size = s.file_size = 0;
         },
         ProgramError::no_loadable_segment, offsetof(F, program_header_count)},
        {"a segment past the end by one byte", [](B& b) { b.segments[1].file_size += 1; },
         ProgramError::segment_past_end, second + offsetof(H, offset)},
        {"offset + size wraps to a small number",
         [top](B& b) {
             b.segments[1].offset = static_cast<Word>(top - 0xfff);
             b.segments[1].file_size = 0x2000;
             b.segments[1].memory_size = 0x2000;
         },
         ProgramError::segment_past_end, second + offsetof(H, offset)},
        {"address + size wraps to a small number",
         [top](B& b) {
             b.segments[1].virtual_address = static_cast<Word>(top - 0xfff);
             b.segments[1].memory_size = 0x10000;
         },
         ProgramError::segment_wraps, second + offsetof(H, memory_size)},
        {"the largest size there is", [top](B& b) { b.segments[1].memory_size = top; },
         ProgramError::segment_wraps, second + offsetof(H, memory_size)},
        {"a segment that ends one page beyond what a process has",
         [](B& b) {
             u64 const end = rules_for<Class>().process_end;
             b.segments[1].virtual_address = static_cast<Word>(end - 0x2000);
             b.segments[1].memory_size = 0x3000;
         },
         ProgramError::segment_out_of_range, second + offsetof(H, virtual_address)},
        {"more in the file than in memory", [](B& b) { b.segments[1].memory_size = 0x7ff; },
         ProgramError::file_part_above_memory, second + offsetof(H, file_size)},
        {"an alignment of 3 pages", [](B& b) { b.segments[0].alignment = 0x3000; },
         ProgramError::bad_alignment, first + offsetof(H, alignment)},
        {"an address that cannot be mapped from that offset",
         [](B& b) { b.segments[1].virtual_address += 0x10; }, ProgramError::misaligned_segment,
         second + offsetof(H, virtual_address)},
        {"segments in descending order", [](B& b) { std::swap(b.segments[0], b.segments[1]); },
         ProgramError::segments_unsorted, second + offsetof(H, virtual_address)},
        {"the same segment twice", [](B& b) { b.segments[1] = b.segments[0]; },
         ProgramError::segments_overlap, second + offsetof(H, virtual_address)},
        {"a segment that begins in the page where the one before ends",
         [](B& b) {
             b.segments[0].file_size = b.segments[0].memory_size = 0x800;
             b.segments[1].offset = 0xc00;
             b.segments[1].virtual_address = 0x400c00;
         },
         ProgramError::segments_overlap, second + offsetof(H, virtual_address)},
        {"writable code", [](B& b) { b.segments[0].flags |= flag::write; },
         ProgramError::writable_and_executable, first + offsetof(H, flags)},
        {"executable data", [](B& b) { b.segments[1].flags |= flag::execute; },
         ProgramError::writable_and_executable, second + offsetof(H, flags)},
        {"writable and executable, without the read bit",
         [](B& b) { b.segments[1].flags = flag::write | flag::execute; },
         ProgramError::writable_and_executable, second + offsetof(H, flags)},
        {"zeros in the middle of a read-only page", [](B& b) { b.segments[1].flags = flag::read; },
         ProgramError::read_only_zero_fill, second + offsetof(H, file_size)},
        {"an entry point in data", [](B& b) { b.header.entry = 0x411000; },
         ProgramError::entry_outside_code, offsetof(F, entry)},
        {"an entry point right behind the code", [](B& b) { b.header.entry = 0x401000; },
         ProgramError::entry_outside_code, offsetof(F, entry)},
        {"no entry point", [](B& b) { b.header.entry = 0; }, ProgramError::entry_outside_code,
         offsetof(F, entry)},
        {"33 segments",
         [](B& b) {
             b.segments.resize(1);
             for (u32 i = 1; i < 33; ++i)
                 b.load(0, 0x500000 + Word{i} * 0x1000, 0, 0x1000, flag::read);
         },
         ProgramError::too_many_segments, B::header_at(32)},
        {"two interpreters",
         [](B& b) {
             b.interpret_by("/lib/ld.so");
             b.segments.insert(b.segments.begin(), b.segments[0]);
         },
         ProgramError::second_interpreter, second},
        {"an interpreter without a name", [](B& b) { b.interpret_by(""); },
         ProgramError::bad_interpreter_name, first + offsetof(H, file_size)},
        {"an interpreter's name that begins with its end",
         [](B& b) {
             b.interpret_by("");
             b.segments[0].file_size = 5;
         },
         ProgramError::bad_interpreter_name, 0x800},
        {"an interpreter's name of 257 bytes", [](B& b) { b.interpret_by(std::string(256, 'x')); },
         ProgramError::bad_interpreter_name, first + offsetof(H, file_size)},
        {"an interpreter's name without end",
         [](B& b) {
             b.interpret_by("/lib/ld.so");
             b.segments[0].file_size -= 1;
         },
         ProgramError::unterminated_interpreter, 0x800 + 9},
        {"an interpreter's name past the end of the file",
         [](B& b) {
             b.interpret_by("/lib/ld.so");
             b.segments[0].offset = static_cast<Word>(b.size - 4);
         },
         ProgramError::truncated, first + offsetof(H, offset)},
    };
}

TYPED_TEST(ProgramOfClass, ADamagedProgramIsRefusedAndTheFaultNamesTheField) {
    for (auto const& row : spoiled_programs<TypeParam>()) {
        auto builder = ProgramBuilder<TypeParam>::ordinary();
        row.spoil(builder);
        auto const opened = open_bytes(builder.bytes(), rules_for<TypeParam>());
        ASSERT_FALSE(opened) << row.reason;
        EXPECT_EQ(opened.error().error, row.error)
            << row.reason << ": " << text_of(opened.error().error);
        EXPECT_EQ(opened.error().at, row.at) << row.reason;
    }
}

TYPED_TEST(ProgramOfClass, WhatIsUnusualButRightIsTaken) {
    using B = ProgramBuilder<TypeParam>;
    using Word = typename B::Word;
    struct Row {
        char const* reason;
        std::function<void(B&)> change;
    };
    Row const rows[] = {
        {"alignment 0 and 1 both mean none", [](B& b) { b.segments[0].alignment = 0; }},
        {"an interpreter's name of 256 bytes", [](B& b) { b.interpret_by(std::string(255, 'x')); }},
        {"32 segments",
         [](B& b) {
             b.segments.resize(1);
             for (u32 i = 1; i < 32; ++i)
                 b.load(0, 0x500000 + Word{i} * 0x1000, 0, 0x1000, flag::read);
         }},
        {"a segment of zeros alone, read-only",
         [](B& b) { b.load(0, 0x500000, 0, 0x1234, flag::read); }},
        {"a segment without any right", [](B& b) { b.load(0, 0x500000, 0, 0x1000, 0); }},
        {"an empty segment out of order", [](B& b) { b.load(0, 0x1000, 0, 0, flag::read); }},
        {"a segment up to the last byte of a process",
         [](B& b) {
             u64 const end = rules_for<TypeParam>().process_end;
             b.load(0, static_cast<Word>(end - 0x1000), 0, 0x1000, flag::read);
         }},
        {"code that ends in the last byte of the file",
         [](B& b) {
             b.segments.resize(1);
             b.size = 0x1000;
         }},
    };
    for (Row const& row : rows) {
        auto builder = B::ordinary();
        row.change(builder);
        auto const opened = open_bytes(builder.bytes(), rules_for<TypeParam>());
        EXPECT_TRUE(opened) << row.reason << ": " << (opened ? "" : text_of(opened.error().error));
    }
}

TYPED_TEST(ProgramOfClass, ProgramHeadersOutsideEverySegmentHaveNoAddress) {
    auto builder = ProgramBuilder<TypeParam>::ordinary();
    builder.segments[0].offset = 0x1000;
    builder.size = 0x2000;
    builder.segments[1].file_size = 0;
    auto const opened = open_bytes(builder.bytes(), rules_for<TypeParam>());
    ASSERT_TRUE(opened);
    EXPECT_EQ(opened.value().program_headers(), 0u);
}

TEST(Program, AFileThatCannotBeReadIsRefusedWithTheOffset) {
    std::vector<u8> const bytes = Builder64::ordinary().bytes();
    struct Broken {
        std::vector<u8> const& bytes;
        u64 from;  // reads that touch this offset or more fail
    };
    for (u64 const from : {u64{0}, u64{64}, u64{64 + 56}}) {
        Broken const broken{bytes, from};
        kit::ProgramFile const file{&broken,
                                    [](void const* context, u64 offset, void* to, u64 size) {
                                        Broken const& source = *static_cast<Broken const*>(context);
                                        if (offset + size > source.from) return false;
                                        std::memcpy(to, source.bytes.data() + offset, size);
                                        return true;
                                    },
                                    bytes.size()};
        auto const opened = kit::Program::open(file, rules_for<elf::Class64>());
        ASSERT_FALSE(opened);
        EXPECT_EQ(opened.error(), (ProgramFault{ProgramError::unreadable, from})) << from;
    }
}

TEST(Program, AnInterpretersNameThatCannotBeReadIsRefusedWhereItStands) {
    auto builder = Builder64::ordinary();
    builder.interpret_by("/lib/ld.so");
    std::vector<u8> const bytes = builder.bytes();
    kit::ProgramFile const file{&bytes,
                                [](void const* context, u64 offset, void* to, u64 size) {
                                    auto const& source =
                                        *static_cast<std::vector<u8> const*>(context);
                                    if (offset == 0x800) return false;
                                    std::memcpy(to, source.data() + offset, size);
                                    return true;
                                },
                                bytes.size()};
    auto const opened = kit::Program::open(file, rules_for<elf::Class64>());
    ASSERT_FALSE(opened);
    EXPECT_EQ(opened.error(), (ProgramFault{ProgramError::unreadable, 0x800}));
}

TEST(Program, EveryErrorHasATextOfItsOwn) {
    std::set<std::string> texts;
    u32 const count = static_cast<u32>(ProgramError::unterminated_interpreter) + 1;
    for (u32 error = 0; error < count; ++error)
        texts.insert(text_of(static_cast<ProgramError>(error)));
    EXPECT_EQ(texts.size(), count);
    EXPECT_EQ(texts.count(""), 0u);
    EXPECT_STREQ(text_of(static_cast<ProgramError>(count)), "") << "not an error of this version";
}

TEST(Program, NoSingleByteOfAHeaderCanBeSpoiledIntoACrash) {
    std::vector<u8> whole = Builder64::ordinary().bytes();
    kit::Bytes const view(whole.data(), whole.size());
    for (u64 at = 0; at < 64 + 2 * 56; ++at) {
        u8 const right = whole[at];
        for (u32 value = 0; value < 256; ++value) {
            whole[at] = static_cast<u8>(value);
            auto const opened =
                kit::Program::open(kit::program_file(view), rules_for<elf::Class64>());
            if (!opened) continue;
            kit::Program const& program = opened.value();
            // What was accepted keeps every promise.
            u64 last = 0;
            for (kit::ProgramSegment const& segment : program.segments()) {
                EXPECT_GE(segment.address / 4096, last);
                EXPECT_LE(segment.address + segment.memory_size, u64{1} << 47);
                EXPECT_LE(segment.offset + segment.file_size, whole.size());
                last = (segment.address + segment.memory_size + 4095) / 4096;
            }
        }
        whole[at] = right;
    }
}

}  // namespace
}  // namespace vdsokit::test
