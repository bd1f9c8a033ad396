// SPDX-License-Identifier: BSD-2-Clause
// DT_HASH and DT_GNU_HASH as a reader of symbols walks them, over untrusted words: no walk runs
// longer than the table has entries. Used by the symbol table and by the image rules.
#pragma once

#include "kit/image/elf_view.h"

namespace vdsokit::kit {

// [System V gABI, chapter 5, "Hash Table"]
class SysvHash {
public:
    // Absent: no DT_HASH, or it is not wholly inside the loaded bytes.
    static Maybe<SysvHash> find(ElfView const& view);

    u32 bucket_count() const { return bucket_count_; }
    u32 chain_count() const { return chain_count_; }  // the number of symbols
    FileOffset at() const { return {at_}; }
    u64 size() const { return chain_at(chain_count_).value - at_; }
    FileOffset bucket_at(u32 index) const { return {at_ + 8 + u64{index} * 4}; }
    FileOffset chain_at(u32 index) const { return bucket_at(bucket_count_ + index); }
    u32 bucket(u32 index) const { return file_.read<u32>(bucket_at(index).value); }
    u32 chain(u32 index) const { return file_.read<u32>(chain_at(index).value); }

    // A search for `name` meets symbol `index`. Precondition: bucket_count() is not 0.
    bool reaches(Text name, u32 index) const;

private:
    SysvHash(Bytes file, u64 at, u32 bucket_count, u32 chain_count)
        : file_(file), at_(at), bucket_count_(bucket_count), chain_count_(chain_count) {}

    Bytes file_;
    u64 at_;
    u32 bucket_count_;
    u32 chain_count_;
};

// [https://sourceware.org/legacy-ml/binutils/2006-10/msg00377.html: the GNU hash section]
class GnuHash {
public:
    // Absent: no DT_GNU_HASH, or its header, filter or buckets are not inside the loaded bytes.
    static Maybe<GnuHash> find(ElfView const& view);

    u32 bucket_count() const { return bucket_count_; }
    u32 first_symbol() const { return first_symbol_; }  // those before it are not in the table
    u32 filter_count() const { return filter_count_; }
    FileOffset at() const { return {at_}; }
    // Precondition: symbol_count() is there.
    u64 size() const { return chain_at(symbol_count_.value()) - at_; }
    FileOffset bucket_at(u32 index) const;
    u32 bucket(u32 index) const { return file_.read<u32>(bucket_at(index).value); }

    // Absent: a bucket names a symbol before first_symbol(), or a chain does not end inside the
    // loaded bytes.
    Maybe<u64> symbol_count() const { return symbol_count_; }

    // A search for `name` meets symbol `index`. Precondition: symbol_count() is there, and
    // neither bucket_count() nor filter_count() is 0.
    bool reaches(Text name, u32 index) const;

private:
    GnuHash(ElfView const& view, u64 at, u32 const (&header)[4]);
    u64 chain_at(u64 symbol) const;
    Maybe<u64> count_symbols(ElfView const& view) const;
    bool filter_admits(u32 hash) const;

    Bytes file_;
    u64 at_;
    u64 word_size_;
    u32 bucket_count_;
    u32 first_symbol_;
    u32 filter_count_;
    u32 filter_shift_;
    Maybe<u64> symbol_count_;
};

}  // namespace vdsokit::kit
