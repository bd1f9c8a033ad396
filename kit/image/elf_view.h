// SPDX-License-Identifier: BSD-2-Clause
// A view over untrusted bytes as a little-endian ELF image of either class and any machine. It
// judges nothing: what cannot be read is absent, and the image rules say why that is wrong.
// Offsets are in the file; for an image they are also distances from its first mapped byte.
// Used by the image rules, by Image and by the tool. Keeps no copy: the bytes outlive the view.
#pragma once

#include "arch/types.h"
#include "kit/core/bytes.h"
#include "kit/core/result.h"
#include "kit/image/text.h"

namespace vdsokit::kit {

// Where in the file.
struct FileOffset {
    u64 value;
    friend constexpr bool operator==(FileOffset, FileOffset) = default;
};

// The fields of both classes, widened.
struct ElfHeader {
    u8 file_class;
    u8 data;
    u8 identification_version;
    u8 os_abi;
    u16 type;
    u16 machine;
    u32 version;
    u64 program_headers;
    u64 section_headers;
    u32 flags;
    u16 header_size;
    u16 program_header_size;
    u16 program_header_count;
    u16 section_header_size;
    u16 section_header_count;
    u16 section_names;
};

struct Segment {
    FileOffset header;
    u32 type;
    u32 flags;
    u64 offset;
    u64 address;
    u64 file_size;
    u64 memory_size;
    u64 alignment;
};

struct Section {
    FileOffset header;
    u32 name;
    u32 type;
    u64 flags;
    u64 address;
    u64 offset;
    u64 size;
    u32 link;
    u64 entry_size;
};

struct DynamicEntry {
    FileOffset at;
    u64 tag;
    u64 value;
};

class ElfView {
public:
    explicit ElfView(Bytes file);

    // A table with more entries counts as unreadable. Real images stay far below; the bounds keep
    // a hostile one from costing its reader more than a moment.
    static constexpr u64 segments_max = 32;
    static constexpr u64 sections_max = 128;
    static constexpr u64 dynamic_max = 128;

    Bytes file() const { return file_; }

    // The file holds a whole header of a known class. Everything below is absent otherwise.
    bool has_header() const { return has_header_; }
    ElfHeader const& header() const { return header_; }
    bool is_64_bit() const;
    u64 word_size() const { return is_64_bit() ? 8 : 4; }

    // 0 where the table is not wholly inside the file, or its entries have another size.
    u64 segment_count() const { return segment_count_; }
    Segment segment(u64 index) const;
    Maybe<Segment> find_segment(u32 type) const;

    u64 section_count() const { return section_count_; }
    Section section(u64 index) const;
    Maybe<Section> find_section(u32 type) const;

    // Where a process that has the image mapped finds [address, address + size): inside the first
    // PT_LOAD's bytes in the file.
    Maybe<u64> offset_of(u64 address, u64 size) const;
    // [offset, offset + size) of the file is in there, so a process can read it.
    bool is_loaded(u64 offset, u64 size) const;
    // How many bytes of the file the first PT_LOAD covers; 0 without one, or in too short a file.
    u64 loaded_size() const { return loaded_size_; }

    // Up to, not including, the terminating entry.
    u64 dynamic_count() const { return dynamic_count_; }
    DynamicEntry dynamic(u64 index) const;
    Maybe<DynamicEntry> find_dynamic(u64 tag) const;
    bool dynamic_is_terminated() const { return dynamic_is_terminated_; }

    // DT_STRTAB, DT_STRSZ bytes long. Empty without it.
    Bytes strings() const { return strings_; }
    // Absent where it does not end inside the table, or is longer than any name needs: the bound
    // keeps a hostile table from costing more than it has bytes.
    Maybe<Text> string(u64 offset) const;
    static constexpr u64 string_max = 255;

private:
    void read_header();
    void read_tables();
    void read_dynamic();
    DynamicEntry dynamic_at(u64 offset) const;

    Bytes file_;
    ElfHeader header_{};
    Bytes strings_;
    u64 load_offset_ = 0;
    u64 load_address_ = 0;
    u64 loaded_size_ = 0;
    u64 segment_count_ = 0;
    u64 section_count_ = 0;
    u64 dynamic_offset_ = 0;
    u64 dynamic_count_ = 0;
    bool dynamic_is_terminated_ = false;
    bool has_header_ = false;
};

}  // namespace vdsokit::kit
