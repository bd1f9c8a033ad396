// SPDX-License-Identifier: BSD-2-Clause
#include "kit/image/elf.h"
#include "kit/image/image_checks.h"

namespace vdsokit::kit::check {
namespace {

constexpr bool is_power_of_two(u32 value) { return value != 0 && (value & (value - 1)) == 0; }

// For a rule on every symbol but the first, which is no symbol.
template <class IsRight>
Finding expect_each(ImageView const& image, IsRight is_right) {
    if (!image.symbols.is_readable()) return Finding::unreached();
    for (u64 index = 1; index < image.symbols.count(); ++index) {
        Symbol const symbol = image.symbols.symbol(index);
        if (!is_right(symbol, static_cast<u32>(index))) return Finding::fails(symbol.at);
    }
    return Finding::holds();
}

}  // namespace

Finding hash_table(ImageView const& image) {
    auto const dynamic = image.elf.find_segment(elf::segment_type::dynamic);
    if (!dynamic) return Finding::unreached();
    bool const is_there = image.elf.find_dynamic(elf::dynamic_tag::hash) ||
                          image.elf.find_dynamic(elf::dynamic_tag::gnu_hash);
    return is_there ? Finding::holds() : Finding::fails(dynamic.value().offset);
}

Finding sysv_hash(ImageView const& image) {
    auto const entry = image.elf.find_dynamic(elf::dynamic_tag::hash);
    if (!entry) return Finding::holds();
    if (!image.sysv_hash) return Finding::fails(entry.value().at);
    SysvHash const& hash = image.sysv_hash.value();
    u32 const symbols = hash.chain_count();
    if (hash.bucket_count() == 0 || symbols == 0) return Finding::fails(hash.at());
    if (symbols > SymbolTable::count_max) return Finding::fails(hash.at());
    for (u32 index = 0; index < hash.bucket_count(); ++index) {
        if (hash.bucket(index) >= symbols) return Finding::fails(hash.bucket_at(index));
    }
    for (u32 index = 0; index < symbols; ++index)
        if (hash.chain(index) >= symbols) return Finding::fails(hash.chain_at(index));
    // A chain with as many steps as there are symbols has come round: readers would for ever.
    for (u32 start = 0; start < symbols; ++start) {
        u32 symbol = start;
        for (u32 step = 0; symbol != 0; ++step) {
            if (step == symbols) return Finding::fails(hash.chain_at(start));
            symbol = hash.chain(symbol);
        }
    }
    return Finding::holds();
}

Finding gnu_hash(ImageView const& image) {
    auto const entry = image.elf.find_dynamic(elf::dynamic_tag::gnu_hash);
    if (!entry) return Finding::holds();
    if (!image.gnu_hash) return Finding::fails(entry.value().at);
    GnuHash const& hash = image.gnu_hash.value();
    if (hash.bucket_count() == 0 || !is_power_of_two(hash.filter_count()))
        return Finding::fails(hash.at());
    if (!hash.symbol_count() || hash.symbol_count().value() > SymbolTable::count_max)
        return Finding::fails(hash.at());
    bool const agrees =
        !image.sysv_hash || hash.symbol_count().value() == image.sysv_hash.value().chain_count();
    return agrees ? Finding::holds() : Finding::fails(hash.at());
}

Finding symbol_table(ImageView const& image) {
    auto const dynamic = image.elf.find_segment(elf::segment_type::dynamic);
    if (!dynamic) return Finding::unreached();
    auto const table = image.elf.find_dynamic(elf::dynamic_tag::symbols);
    auto const entry_size = image.elf.find_dynamic(elf::dynamic_tag::symbol_entry_size);
    if (!table || !entry_size) return Finding::fails(dynamic.value().offset);
    if (image.symbols.count() == 0) return Finding::unreached();
    if (!image.symbols.is_readable()) return Finding::fails(table.value().at);
    u64 const entry = image.elf.is_64_bit() ? sizeof(elf::Symbol64) : sizeof(elf::Symbol32);
    if (entry_size.value().value != entry) return Finding::fails(entry_size.value().at);

    Symbol const first = image.symbols.symbol(0);
    if (first.section != elf::section_index::undefined || first.value != 0)
        return Finding::fails(first.at);
    auto const section = image.elf.find_section(elf::section_type::dynamic_symbols);
    if (!section) return Finding::holds();
    bool const agrees = section.value().offset == first.at.value &&
                        section.value().size == image.symbols.count() * entry;
    return agrees ? Finding::holds() : Finding::fails(section.value().header);
}

Finding symbol_names(ImageView const& image) {
    if (image.elf.strings().size() == 0) return Finding::unreached();
    return expect_each(image, [](Symbol const& symbol, u32) { return symbol.name_is_readable; });
}

Finding no_undefined(ImageView const& image) {
    return expect_each(image, [](Symbol const& symbol, u32) {
        // The kernel withdraws a function by taking its name away.
        return symbol.section != elf::section_index::undefined || symbol.name.empty();
    });
}

Finding exports_loaded(ImageView const& image) {
    if (image.elf.loaded_size() == 0) return Finding::unreached();
    return expect_each(image, [&](Symbol const& symbol, u32) {
        if (!image.symbols.is_export(symbol)) return true;
        return symbol.value != 0 && image.elf.offset_of(symbol.value, symbol.size);
    });
}

Finding sysv_hash_finds(ImageView const& image) {
    if (!image.elf.find_dynamic(elf::dynamic_tag::hash)) return Finding::holds();
    if (!sysv_hash(image).is_held()) return Finding::unreached();
    return expect_each(image, [&](Symbol const& symbol, u32 index) {
        return !image.symbols.is_export(symbol) ||
               image.sysv_hash.value().reaches(symbol.name, index);
    });
}

Finding gnu_hash_finds(ImageView const& image) {
    if (!image.elf.find_dynamic(elf::dynamic_tag::gnu_hash)) return Finding::holds();
    if (!gnu_hash(image).is_held()) return Finding::unreached();
    return expect_each(image, [&](Symbol const& symbol, u32 index) {
        return !image.symbols.is_export(symbol) ||
               (index >= image.gnu_hash.value().first_symbol() &&
                image.gnu_hash.value().reaches(symbol.name, index));
    });
}

}  // namespace vdsokit::kit::check
