// SPDX-License-Identifier: BSD-2-Clause
// ELF as it lies in a file: the structures of both classes, for the image, the program loader and
// the tool. Little-endian files only. [System V gABI, chapters 4 and 5]
#pragma once

#include <bit>

#include "arch/types.h"
#include "kit/image/elf_numbers.h"

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
    u32 hash;   // System V hash of the name
    u32 names;  // offset of the first VersionName, from here
    u32 next;   // offset of the next definition, from here; 0: the last
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

}  // namespace vdsokit::kit::elf
