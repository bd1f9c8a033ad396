// SPDX-License-Identifier: BSD-2-Clause
// The numbers in the fields of ELF files. [System V gABI, chapters 4 and 5; Linux uapi/linux/elf.h
// for the GNU additions]
// Plain constants, not enum classes: a file may hold any value there.
#pragma once

#include "arch/types.h"
#include "kit/image/text.h"

namespace vdsokit::kit::elf {

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
