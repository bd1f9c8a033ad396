// SPDX-License-Identifier: BSD-2-Clause
// The file that the linker wrote, before it is packed: sections by name, symbols, dynamic entries.
// Reads the file as it finds it and refuses what it cannot follow; what an image may not contain is
// said in checks.h.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "kit/core/bytes.h"
#include "kit/image/machines.h"
#include "tool/pack/elf_layout.h"
#include "tool/pack/fault.h"

namespace vdsokit::pack {

// SectionHeader::flags, a bit set [gABI, chapter 4].
namespace section_flag {
inline constexpr u64 write = 1;
inline constexpr u64 allocate = 2;
inline constexpr u64 execute = 4;
}  // namespace section_flag

struct Section {
    std::string name;
    Elf::SectionHeader header;

    bool is_loaded() const { return (header.flags & section_flag::allocate) != 0; }
    u64 end() const { return header.address + header.size; }
};

struct NamedSymbol {
    std::string name;
    Elf::Symbol symbol;
};

class LinkedImage {
public:
    // `file` outlives the image.
    Check open(kit::Bytes file);

    kit::Bytes file() const { return file_; }
    ElfLayout const& layout() const { return layout_; }
    kit::MachineFacts const& machine() const { return *machine_; }
    Elf::FileHeader const& header() const { return header_; }
    std::vector<Elf::ProgramHeader> const& segments() const { return segments_; }
    std::vector<Section> const& sections() const { return sections_; }

    // nullptr: there is none of that name.
    Section const* find(std::string_view name) const;
    kit::Bytes contents(Section const& section) const;
    // Of .dynsym or .symtab; empty where there is no such section.
    std::vector<NamedSymbol> symbols(std::string_view table) const;

private:
    std::string text(Section const& strings, u64 offset) const;
    Check read_sections();

    kit::Bytes file_;
    ElfLayout layout_;
    kit::MachineFacts const* machine_ = nullptr;
    Elf::FileHeader header_{};
    std::vector<Elf::ProgramHeader> segments_;
    std::vector<Section> sections_;
};

// "0x1f0", for messages.
std::string hex(u64 value);

}  // namespace vdsokit::pack
