// SPDX-License-Identifier: BSD-2-Clause
#include "kit/image/hash_tables.h"

#include "kit/image/elf.h"

namespace vdsokit::kit {

Maybe<SysvHash> SysvHash::find(ElfView const& view) {
    auto const entry = view.find_dynamic(elf::dynamic_tag::hash);
    if (!entry) return Nothing{};
    auto const at = view.offset_of(entry.value().value, 8);
    if (!at) return Nothing{};
    u32 const buckets = view.file().read<u32>(at.value());
    u32 const chains = view.file().read<u32>(at.value() + 4);
    // Two 32-bit counts: the sum has 33 bits and the product 35.
    u64 const size = 8 + (u64{buckets} + chains) * 4;
    if (!view.is_loaded(at.value(), size)) return Nothing{};
    return SysvHash{view.file(), at.value(), buckets, chains};
}

bool SysvHash::reaches(Text name, u32 index) const {
    u32 symbol = bucket(elf::system_v_hash(name) % bucket_count_);
    // More steps than there are symbols are a ring.
    u32 step = 0;
    while (symbol != index && symbol != 0 && symbol < chain_count_ && ++step < chain_count_)
        symbol = chain(symbol);
    return symbol == index;
}

Maybe<GnuHash> GnuHash::find(ElfView const& view) {
    auto const entry = view.find_dynamic(elf::dynamic_tag::gnu_hash);
    if (!entry) return Nothing{};
    u32 header[4];
    auto const at = view.offset_of(entry.value().value, sizeof(header));
    if (!at) return Nothing{};
    for (u64 word = 0; word < 4; ++word)
        header[word] = view.file().read<u32>(at.value() + word * 4);
    // 32-bit counts times 8 and 4: no sum of these wraps.
    u64 const size = sizeof(header) + header[2] * view.word_size() + u64{header[0]} * 4;
    if (!view.is_loaded(at.value(), size)) return Nothing{};
    return GnuHash{view, at.value(), header};
}

GnuHash::GnuHash(ElfView const& view, u64 at, u32 const (&header)[4])
    : file_(view.file()),
      at_(at),
      word_size_(view.word_size()),
      bucket_count_(header[0]),
      first_symbol_(header[1]),
      filter_count_(header[2]),
      filter_shift_(header[3]),
      symbol_count_(count_symbols(view)) {}

FileOffset GnuHash::bucket_at(u32 index) const {
    return {at_ + 16 + filter_count_ * word_size_ + u64{index} * 4};
}

u64 GnuHash::chain_at(u64 symbol) const {
    return bucket_at(bucket_count_).value + (symbol - first_symbol_) * 4;
}

// The chain that begins last ends with the last symbol: the low bit of its hash word is set.
Maybe<u64> GnuHash::count_symbols(ElfView const& view) const {
    u64 last = 0;
    for (u32 index = 0; index < bucket_count_; ++index) {
        if (bucket(index) == 0) continue;
        if (bucket(index) < first_symbol_) return Nothing{};
        if (bucket(index) > last) last = bucket(index);
    }
    if (last == 0) return u64{first_symbol_};
    for (; view.is_loaded(chain_at(last), 4); ++last)
        if ((file_.read<u32>(chain_at(last)) & 1) != 0) return last + 1;
    return Nothing{};
}

bool GnuHash::filter_admits(u32 hash) const {
    u32 const bits = static_cast<u32>(word_size_ * 8);
    u64 const at = at_ + 16 + (hash / bits) % filter_count_ * word_size_;
    u64 const word = word_size_ == 8 ? file_.read<u64>(at) : file_.read<u32>(at);
    u32 const second = filter_shift_ < 32 ? hash >> filter_shift_ : 0;
    return ((word >> (hash % bits)) & (word >> (second % bits)) & 1) != 0;
}

bool GnuHash::reaches(Text name, u32 index) const {
    u32 const hash = elf::gnu_hash(name);
    if (!filter_admits(hash)) return false;
    u64 symbol = bucket(hash % bucket_count_);
    if (symbol == 0) return false;
    for (; symbol < symbol_count_.value(); ++symbol) {
        u32 const word = file_.read<u32>(chain_at(symbol));
        if (symbol == index) return (word | 1) == (hash | 1);
        if ((word & 1) != 0) break;
    }
    return false;
}

}  // namespace vdsokit::kit
