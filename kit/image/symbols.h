// SPDX-License-Identifier: BSD-2-Clause
// The dynamic symbols of an image and the versions they belong to, over untrusted bytes.
// Used by the image rules, by Image (look-up by name and version) and by the tool.
#pragma once

#include "kit/core/fixed_vector.h"
#include "kit/image/elf_view.h"

namespace vdsokit::kit {

struct Symbol {
    FileOffset at;
    Text name;  // empty where it is not readable
    bool name_is_readable;
    u8 type;
    u8 binding;
    u16 section;
    u64 value;  // an address: add the load bias
    u64 size;
};

// One version that the image defines.
struct Version {
    FileOffset at;
    u16 structure;
    u16 flags;
    u16 index;
    u16 name_count;
    u32 hash;
    Text name;
    bool name_is_readable;
};

class SymbolTable {
public:
    // Keeps a copy of the view, which keeps none of the bytes.
    explicit SymbolTable(ElfView const& view);

    // More are refused by a rule; the bound keeps every search short.
    static constexpr u64 count_max = 1024;

    // DT_SYMTAB with as many entries as the hash table says lies inside the loaded bytes.
    bool is_readable() const { return is_readable_; }
    u64 count() const { return count_; }
    Symbol symbol(u64 index) const;
    // Something that a look-up by name can answer with: defined here, not local, named.
    bool is_export(Symbol const& symbol) const;

    // DT_VERSYM has an entry for each symbol.
    bool has_version_indices() const { return version_indices_ != 0; }
    FileOffset version_index_at(u64 symbol) const { return {version_indices_ + symbol * 2}; }
    u16 version_index(u64 symbol) const;  // without the bit that hides it

    // DT_VERDEF's chain as far as it can be read.
    static constexpr u64 versions_max = 8;
    FixedVector<Version, versions_max> const& versions() const { return versions_; }
    // The chain ends by itself, inside the loaded bytes, within versions_max definitions.
    bool versions_end() const { return versions_end_; }
    // The version, base definition excepted, whose index this is.
    Maybe<Version> version(u16 index) const;

    // The export of that name in that version.
    Maybe<Symbol> find(Text name, Text version) const;
    // The first export of that name, whatever its version.
    Maybe<Symbol> find(Text name) const;

private:
    Version version_at(u64 offset) const;
    void read_versions();

    ElfView view_;
    FixedVector<Version, versions_max> versions_;
    u64 at_ = 0;
    u64 count_ = 0;
    u64 version_indices_ = 0;
    bool is_readable_ = false;
    bool versions_end_ = false;
};

}  // namespace vdsokit::kit
