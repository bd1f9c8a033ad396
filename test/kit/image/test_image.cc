// SPDX-License-Identifier: BSD-2-Clause
#include "test/kit/image/test_image.h"

#include <string>

namespace vdsokit::test {
namespace {

struct Known {
    u16 machine;
    u8 file_class;
};

kit::MachineFacts const& facts_named(std::string const& name) {
    Known const known[] = {{elf::machine::aarch64, elf::file_class::bits64},
                           {elf::machine::arm, elf::file_class::bits32},
                           {elf::machine::x86_64, elf::file_class::bits64},
                           {elf::machine::i386, elf::file_class::bits32},
                           {elf::machine::riscv, elf::file_class::bits64},
                           {elf::machine::riscv, elf::file_class::bits32},
                           {elf::machine::loongarch, elf::file_class::bits64}};
    for (Known const& row : known) {
        kit::MachineFacts const* facts = kit::find_machine(row.machine, row.file_class);
        if (facts != nullptr && name == facts->name) return *facts;
    }
    throw std::invalid_argument("no machine " + name);
}

}  // namespace

TestImage::TestImage(char const* machine, u32 page_size)
    : file_(build_image(facts_named(machine), page_size)) {}

u64 TestImage::symbol_index(kit::Text name) const {
    kit::ImageView const image = view();
    for (u64 index = 0; index < image.symbols.count(); ++index)
        if (image.symbols.symbol(index).name == name) return index;
    throw std::invalid_argument("no such symbol");
}

u64 TestImage::clock_at(abi::ClockId clock) const {
    return time_page_at() + offsetof(abi::TimePage, clocks) +
           static_cast<u64>(clock) * sizeof(abi::ClockLine);
}

void TestImage::add_dynamic(u64 tag, u64 value) {
    u64 const size = view().elf.is_64_bit() ? sizeof(elf::Dynamic64) : sizeof(elf::Dynamic32);
    u64 const at = dynamic_table_at() + view().elf.dynamic_count() * size;
    edit<elf::Dynamic64, elf::Dynamic32>(at, [&](auto& entry) {
        entry.tag = static_cast<decltype(entry.tag)>(tag);
        entry.value = static_cast<decltype(entry.value)>(value);
    });
}

void TestImage::add_segment(u32 type, u32 flags, u64 offset, u64 size) {
    u64 const index = view().elf.segment_count();
    edit_header([](auto& header) { ++header.program_header_count; });
    edit_segment(index, [&](auto& segment) {
        using Word = decltype(segment.offset);
        segment.type = type;
        segment.flags = flags;
        segment.offset = static_cast<Word>(offset);
        segment.virtual_address = static_cast<Word>(offset);
        segment.file_size = static_cast<Word>(size);
        segment.memory_size = static_cast<Word>(size);
        segment.alignment = 4;
    });
}

}  // namespace vdsokit::test
