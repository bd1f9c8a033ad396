// SPDX-License-Identifier: BSD-2-Clause
// Files of both classes by one set of structures: the 64-bit ones hold what either class can say,
// and this is how they lie in a file. A number that a 32-bit file has no room for is cut; an image is
// some pages long.
#pragma once

#include <algorithm>
#include <vector>

#include "kit/core/bytes.h"
#include "kit/image/elf.h"

namespace vdsokit::pack {

using Elf = kit::elf::Class64;

class ElfLayout {
public:
    ElfLayout() = default;
    explicit ElfLayout(u8 file_class) : is_32_bit_(file_class == kit::elf::file_class::bits32) {}

    u64 word_size() const { return is_32_bit_ ? 4 : 8; }

    // What `Wide`, one of Elf's structures, takes up in the file.
    template <class Wide>
    u64 size() const {
        return is_32_bit_ ? sizeof(typename Stored<Wide>::Narrow) : sizeof(Wide);
    }

    // Precondition: file.holds(at, size<Wide>()).
    template <class Wide>
    Wide read(kit::Bytes file, u64 at) const {
        if (!is_32_bit_) return file.read<Wide>(at);
        Wide wide{};
        Stored<Wide>::copy(wide, file.read<typename Stored<Wide>::Narrow>(at));
        return wide;
    }

    // Precondition: bytes.size() >= at + size<Wide>().
    template <class Wide>
    void write(std::vector<u8>& bytes, u64 at, Wide const& wide) const {
        if (!is_32_bit_) return store(bytes, at, wide);
        typename Stored<Wide>::Narrow narrow{};
        Stored<Wide>::copy(narrow, wide);
        store(bytes, at, narrow);
    }

private:
    // The 32-bit form of a structure, and how to copy one to the other, either way.
    template <class Wide>
    struct Stored;

    template <class T>
    static void store(std::vector<u8>& bytes, u64 at, T const& value) {
        auto const* const first = reinterpret_cast<u8 const*>(&value);
        std::copy(first, first + sizeof(T), bytes.begin() + static_cast<std::ptrdiff_t>(at));
    }
    template <class To, class From>
    static void assign(To& to, From from) {
        to = static_cast<To>(from);
    }

    bool is_32_bit_ = false;
};

template <>
struct ElfLayout::Stored<kit::elf::FileHeader64> {
    using Narrow = kit::elf::FileHeader32;
    static void copy(auto& to, auto const& from) {
        to.identification = from.identification;
        to.type = from.type;
        to.machine = from.machine;
        to.version = from.version;
        assign(to.entry, from.entry);
        assign(to.program_headers, from.program_headers);
        assign(to.section_headers, from.section_headers);
        to.flags = from.flags;
        to.header_size = from.header_size;
        to.program_header_size = from.program_header_size;
        to.program_header_count = from.program_header_count;
        to.section_header_size = from.section_header_size;
        to.section_header_count = from.section_header_count;
        to.section_names = from.section_names;
    }
};

template <>
struct ElfLayout::Stored<kit::elf::ProgramHeader64> {
    using Narrow = kit::elf::ProgramHeader32;
    static void copy(auto& to, auto const& from) {
        to.type = from.type;
        to.flags = from.flags;
        assign(to.offset, from.offset);
        assign(to.virtual_address, from.virtual_address);
        assign(to.physical_address, from.physical_address);
        assign(to.file_size, from.file_size);
        assign(to.memory_size, from.memory_size);
        assign(to.alignment, from.alignment);
    }
};

template <>
struct ElfLayout::Stored<kit::elf::SectionHeader64> {
    using Narrow = kit::elf::SectionHeader32;
    static void copy(auto& to, auto const& from) {
        to.name = from.name;
        to.type = from.type;
        assign(to.flags, from.flags);
        assign(to.address, from.address);
        assign(to.offset, from.offset);
        assign(to.size, from.size);
        to.link = from.link;
        to.info = from.info;
        assign(to.alignment, from.alignment);
        assign(to.entry_size, from.entry_size);
    }
};

template <>
struct ElfLayout::Stored<kit::elf::Dynamic64> {
    using Narrow = kit::elf::Dynamic32;
    static void copy(auto& to, auto const& from) {
        assign(to.tag, from.tag);
        assign(to.value, from.value);
    }
};

template <>
struct ElfLayout::Stored<kit::elf::Symbol64> {
    using Narrow = kit::elf::Symbol32;
    static void copy(auto& to, auto const& from) {
        to.name = from.name;
        to.info = from.info;
        to.other = from.other;
        to.section = from.section;
        assign(to.value, from.value);
        assign(to.size, from.size);
    }
};

}  // namespace vdsokit::pack
