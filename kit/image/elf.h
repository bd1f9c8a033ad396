// SPDX-License-Identifier: BSD-2-Clause
// ELF as it lies in a file: structures of both classes and the numbers in their fields, for the
// image, the program loader and the tool. Little-endian files only. [System V gABI, chapters 4
// and 5; Linux uapi/linux/elf.h for the GNU additions]
// Numbers are plain constants, not enum classes: a file may hold any value there.
#pragma once

#include <bit>
#include <type_traits>

#include "arch/types.h"
#include "kit/image/text.h"

namespace vdsokit::kit::elf {

static_assert(std::endian::native == std::endian::little, "structures are copied, not swapped");

// The first 16 bytes of every file.
struct Identification {
    u8 magic[4];
    u8 file_class;
    u8 data;
    u8 version;
    u8 os_abi;
    u8 abi_version;
    u8 padding[7];
};
static_assert(sizeof(Identification) == 16);

inline constexpr u8 magic[4] = {0x7f, 'E', 'L', 'F'};
inline constexpr u32 current_version = 1;

namespace file_class {
inline constexpr u8 bits32 = 1;
inline constexpr u8 bits64 = 2;
}  // namespace file_class

namespace data_encoding {
inline constexpr u8 little_endian = 1;
inline constexpr u8 big_endian = 2;
}  // namespace data_encoding

namespace os_abi {
inline constexpr u8 none = 0;
inline constexpr u8 gnu = 3;
}  // namespace os_abi

namespace file_type {
inline constexpr u16 executable = 2;
inline constexpr u16 shared = 3;  // a library, or a position-independent program
}  // namespace file_type

namespace machine {
inline constexpr u16 i386 = 3;
inline constexpr u16 ppc64 = 21;
inline constexpr u16 s390 = 22;
inline constexpr u16 arm = 40;
inline constexpr u16 x86_64 = 62;
inline constexpr u16 aarch64 = 183;
inline constexpr u16 riscv = 243;
inline constexpr u16 loongarch = 258;
}  // namespace machine

// ProgramHeader::type
namespace segment_type {
inline constexpr u32 load = 1;
inline constexpr u32 dynamic = 2;
inline constexpr u32 interpreter = 3;
inline constexpr u32 note = 4;
inline constexpr u32 program_headers = 6;
inline constexpr u32 tls = 7;
inline constexpr u32 gnu_eh_frame = 0x6474e550;
inline constexpr u32 gnu_stack = 0x6474e551;
inline constexpr u32 gnu_relro = 0x6474e552;
inline constexpr u32 gnu_property = 0x6474e553;
}  // namespace segment_type

// ProgramHeader::flags, a bit set
namespace segment_flag {
inline constexpr u32 execute = 1;
inline constexpr u32 write = 2;
inline constexpr u32 read = 4;
}  // namespace segment_flag

// SectionHeader::type
namespace section_type {
inline constexpr u32 null = 0;
inline constexpr u32 program_bits = 1;
inline constexpr u32 symbols = 2;
inline constexpr u32 strings = 3;
inline constexpr u32 rela = 4;
inline constexpr u32 hash = 5;
inline constexpr u32 dynamic = 6;
inline constexpr u32 note = 7;
inline constexpr u32 no_bits = 8;
inline constexpr u32 rel = 9;
inline constexpr u32 dynamic_symbols = 11;
inline constexpr u32 gnu_hash = 0x6ffffff6;
inline constexpr u32 gnu_version_definitions = 0x6ffffffd;
inline constexpr u32 gnu_version_needs = 0x6ffffffe;
inline constexpr u32 gnu_symbol_versions = 0x6fffffff;
}  // namespace section_type

// SectionHeader::flags, a bit set
namespace section_flag {
inline constexpr u64 write = 1;
inline constexpr u64 allocate = 2;
inline constexpr u64 execute = 4;
}  // namespace section_flag

// Dynamic::tag
namespace dynamic_tag {
inline constexpr u64 null = 0;
inline constexpr u64 needed = 1;
inline constexpr u64 plt_relocations_size = 2;
inline constexpr u64 hash = 4;
inline constexpr u64 strings = 5;
inline constexpr u64 symbols = 6;
inline constexpr u64 rela = 7;
inline constexpr u64 rela_size = 8;
inline constexpr u64 rela_entry_size = 9;
inline constexpr u64 strings_size = 10;
inline constexpr u64 symbol_entry_size = 11;
inline constexpr u64 init = 12;
inline constexpr u64 fini = 13;
inline constexpr u64 soname = 14;
inline constexpr u64 rpath = 15;
inline constexpr u64 symbolic = 16;
inline constexpr u64 rel = 17;
inline constexpr u64 rel_size = 18;
inline constexpr u64 rel_entry_size = 19;
inline constexpr u64 plt_relocation_type = 20;
inline constexpr u64 debug = 21;
inline constexpr u64 text_relocations = 22;
inline constexpr u64 plt_relocations = 23;
inline constexpr u64 bind_now = 24;
inline constexpr u64 init_array = 25;
inline constexpr u64 fini_array = 26;
inline constexpr u64 init_array_size = 27;
inline constexpr u64 fini_array_size = 28;
inline constexpr u64 runpath = 29;
inline constexpr u64 flags = 30;
inline constexpr u64 preinit_array = 32;
inline constexpr u64 relr_size = 35;
inline constexpr u64 relr = 36;
inline constexpr u64 relr_entry_size = 37;
inline constexpr u64 gnu_hash = 0x6ffffef5;
inline constexpr u64 version_symbols = 0x6ffffff0;
inline constexpr u64 flags_1 = 0x6ffffffb;
inline constexpr u64 version_definitions = 0x6ffffffc;
inline constexpr u64 version_definition_count = 0x6ffffffd;
inline constexpr u64 version_needs = 0x6ffffffe;
}  // namespace dynamic_tag

// Symbol::section, where it is no section number
namespace section_index {
inline constexpr u16 undefined = 0;
inline constexpr u16 absolute = 0xfff1;
}  // namespace section_index

namespace symbol_type {
inline constexpr u8 none = 0;
inline constexpr u8 object = 1;
inline constexpr u8 function = 2;
}  // namespace symbol_type

namespace symbol_binding {
inline constexpr u8 local = 0;
inline constexpr u8 global = 1;
inline constexpr u8 weak = 2;
}  // namespace symbol_binding

// Symbol::info
constexpr u8 type_of(u8 info) { return info & 0xf; }
constexpr u8 binding_of(u8 info) { return info >> 4; }

// Version numbers in DT_VERSYM; the top bit hides the symbol from unversioned look-ups.
namespace version_index {
inline constexpr u16 local = 0;
inline constexpr u16 global = 1;
inline constexpr u16 hidden = 0x8000;
}  // namespace version_index

namespace version_flag {
inline constexpr u16 base = 1;
}  // namespace version_flag

struct FileHeader64 {
    Identification identification;
    u16 type;
    u16 machine;
    u32 version;
    u64 entry;
    u64 program_headers;  // file offset
    u64 section_headers;  // file offset
    u32 flags;
    u16 header_size;
    u16 program_header_size;
    u16 program_header_count;
    u16 section_header_size;
    u16 section_header_count;
    u16 section_names;  // index of the section with their names
};
static_assert(sizeof(FileHeader64) == 64);

struct FileHeader32 {
    Identification identification;
    u16 type;
    u16 machine;
    u32 version;
    u32 entry;
    u32 program_headers;
    u32 section_headers;
    u32 flags;
    u16 header_size;
    u16 program_header_size;
    u16 program_header_count;
    u16 section_header_size;
    u16 section_header_count;
    u16 section_names;
};
static_assert(sizeof(FileHeader32) == 52);

struct ProgramHeader64 {
    u32 type;
    u32 flags;
    u64 offset;
    u64 virtual_address;
    u64 physical_address;
    u64 file_size;
    u64 memory_size;
    u64 alignment;
};
static_assert(sizeof(ProgramHeader64) == 56);

struct ProgramHeader32 {
    u32 type;
    u32 offset;
    u32 virtual_address;
    u32 physical_address;
    u32 file_size;
    u32 memory_size;
    u32 flags;
    u32 alignment;
};
static_assert(sizeof(ProgramHeader32) == 32);

struct SectionHeader64 {
    u32 name;
    u32 type;
    u64 flags;
    u64 address;
    u64 offset;
    u64 size;
    u32 link;
    u32 info;
    u64 alignment;
    u64 entry_size;
};
static_assert(sizeof(SectionHeader64) == 64);

struct SectionHeader32 {
    u32 name;
    u32 type;
    u32 flags;
    u32 address;
    u32 offset;
    u32 size;
    u32 link;
    u32 info;
    u32 alignment;
    u32 entry_size;
};
static_assert(sizeof(SectionHeader32) == 40);

struct Dynamic64 {
    u64 tag;
    u64 value;
};
static_assert(sizeof(Dynamic64) == 16);

struct Dynamic32 {
    u32 tag;
    u32 value;
};
static_assert(sizeof(Dynamic32) == 8);

struct Symbol64 {
    u32 name;
    u8 info;
    u8 other;
    u16 section;
    u64 value;
    u64 size;
};
static_assert(sizeof(Symbol64) == 24);

struct Symbol32 {
    u32 name;
    u32 value;
    u32 size;
    u8 info;
    u8 other;
    u16 section;
};
static_assert(sizeof(Symbol32) == 16);

// A name and a descriptor follow, each padded to 4 bytes.
struct NoteHeader {
    u32 name_size;
    u32 descriptor_size;
    u32 type;
};
static_assert(sizeof(NoteHeader) == 12);

// Verdef: one version that the image defines.
struct VersionDefinition {
    u16 version;  // of this structure: 1
    u16 flags;
    u16 index;
    u16 name_count;
    u32 hash;        // System V hash of the name
    u32 names;       // offset of the first VersionName, from here
    u32 next;        // offset of the next definition, from here; 0: the last
};
static_assert(sizeof(VersionDefinition) == 20);

// Verdaux
struct VersionName {
    u32 name;
    u32 next;
};
static_assert(sizeof(VersionName) == 8);

// What code for both classes is written against.
struct Class32 {
    using FileHeader = FileHeader32;
    using ProgramHeader = ProgramHeader32;
    using SectionHeader = SectionHeader32;
    using Dynamic = Dynamic32;
    using Symbol = Symbol32;
    static constexpr u8 file_class = file_class::bits32;
};

struct Class64 {
    using FileHeader = FileHeader64;
    using ProgramHeader = ProgramHeader64;
    using SectionHeader = SectionHeader64;
    using Dynamic = Dynamic64;
    using Symbol = Symbol64;
    static constexpr u8 file_class = file_class::bits64;
};

// The System V hash of a name, as in DT_HASH and in VersionDefinition::hash.
constexpr u32 system_v_hash(Text name) {
    u32 hash = 0;
    for (u64 at = 0; at < name.size(); ++at) {
        hash = (hash << 4) + static_cast<u8>(name.data()[at]);
        u32 const top = hash & 0xf000'0000;
        hash ^= top >> 24;
        hash &= ~top;
    }
    return hash;
}
static_assert(system_v_hash("LINUX_2.6.39") == 0x75fcb89);
static_assert(system_v_hash("LINUX_2.6") == 0x3ae75f6);
static_assert(system_v_hash("LINUX_4.15") == 0xae77f75 && system_v_hash("LINUX_5.10") == 0xae78f70);

// The hash of DT_GNU_HASH.
constexpr u32 gnu_hash(Text name) {
    u32 hash = 5381;
    for (u64 at = 0; at < name.size(); ++at) hash = hash * 33 + static_cast<u8>(name.data()[at]);
    return hash;
}

}  // namespace vdsokit::kit::elf
