// SPDX-License-Identifier: BSD-2-Clause
#include "kit/image/symbols.h"

#include "kit/image/elf.h"
#include "kit/image/hash_tables.h"

namespace vdsokit::kit {
namespace {

// A symbol table does not say how long it is: the hash tables do.
u64 count_symbols(ElfView const& view) {
    auto const sysv = SysvHash::find(view);
    if (sysv) return sysv.value().chain_count();
    auto const gnu = GnuHash::find(view);
    if (gnu && gnu.value().symbol_count()) return gnu.value().symbol_count().value();
    return 0;
}

template <class Class>
Symbol widen_symbol(ElfView const& view, u64 at) {
    auto const raw = view.file().read<typename Class::Symbol>(at);
    auto const name = view.string(raw.name);
    return {.at = {at},
            .name = name ? name.value() : Text{},
            .name_is_readable = static_cast<bool>(name),
            .type = elf::type_of(raw.info),
            .binding = elf::binding_of(raw.info),
            .section = raw.section,
            .value = raw.value,
            .size = raw.size};
}

}  // namespace

SymbolTable::SymbolTable(ElfView const& view) : view_(view) {
    read_versions();
    count_ = count_symbols(view);
    if (count_ == 0 || count_ > count_max) return;
    auto const table = view.find_dynamic(elf::dynamic_tag::symbols);
    if (!table) return;
    u64 const entry = view.is_64_bit() ? sizeof(elf::Symbol64) : sizeof(elf::Symbol32);
    auto const at = view.offset_of(table.value().value, count_ * entry);
    if (!at) return;
    at_ = at.value();
    is_readable_ = true;

    auto const versions = view.find_dynamic(elf::dynamic_tag::version_symbols);
    if (!versions) return;
    auto const indices = view.offset_of(versions.value().value, count_ * sizeof(u16));
    if (indices) version_indices_ = indices.value();
}

Symbol SymbolTable::symbol(u64 index) const {
    if (!is_readable_ || index >= count_) __builtin_trap();
    return view_.is_64_bit()
               ? widen_symbol<elf::Class64>(view_, at_ + index * sizeof(elf::Symbol64))
               : widen_symbol<elf::Class32>(view_, at_ + index * sizeof(elf::Symbol32));
}

bool SymbolTable::is_export(Symbol const& symbol) const {
    return symbol.section != elf::section_index::undefined &&
           symbol.section != elf::section_index::absolute &&
           symbol.binding != elf::symbol_binding::local && !symbol.name.empty();
}

u16 SymbolTable::version_index(u64 symbol) const {
    u16 const raw = view_.file().read<u16>(version_index_at(symbol).value);
    return raw & static_cast<u16>(~elf::version_index::hidden);
}

// Precondition: the definition lies inside the loaded bytes.
Version SymbolTable::version_at(u64 offset) const {
    auto const raw = view_.file().read<elf::VersionDefinition>(offset);
    Version version{.at = {offset},
                    .structure = raw.version,
                    .flags = raw.flags,
                    .index = raw.index,
                    .name_count = raw.name_count,
                    .hash = raw.hash,
                    .name = {},
                    .name_is_readable = false};
    // The offset is inside the file and `names` has 32 bits: the sum does not wrap.
    u64 const names = offset + raw.names;
    if (!view_.is_loaded(names, sizeof(elf::VersionName))) return version;
    auto const name = view_.string(view_.file().read<elf::VersionName>(names).name);
    if (name) version.name = name.value();
    version.name_is_readable = static_cast<bool>(name);
    return version;
}

void SymbolTable::read_versions() {
    auto const entry = view_.find_dynamic(elf::dynamic_tag::version_definitions);
    if (!entry) return;
    auto const first = view_.offset_of(entry.value().value, sizeof(elf::VersionDefinition));
    if (!first) return;
    u64 at = first.value();
    while (view_.is_loaded(at, sizeof(elf::VersionDefinition))) {
        if (!versions_.push(version_at(at))) return;
        u32 const next = view_.file().read<elf::VersionDefinition>(at).next;
        if (next == 0) {
            versions_end_ = true;
            return;
        }
        at += next;
    }
}

Maybe<Version> SymbolTable::version(u16 index) const {
    for (Version const& version : versions_)
        if (version.index == index && (version.flags & elf::version_flag::base) == 0)
            return version;
    return Nothing{};
}

Maybe<Symbol> SymbolTable::find(Text name, Text version_name) const {
    if (!is_readable_ || !has_version_indices()) return Nothing{};
    for (u64 index = 0; index < count_; ++index) {
        Symbol const candidate = symbol(index);
        if (!is_export(candidate) || !(candidate.name == name)) continue;
        auto const defined = version(version_index(index));
        if (defined && defined.value().name == version_name) return candidate;
    }
    return Nothing{};
}

Maybe<Symbol> SymbolTable::find(Text name) const {
    if (!is_readable_) return Nothing{};
    for (u64 index = 0; index < count_; ++index) {
        Symbol const candidate = symbol(index);
        if (is_export(candidate) && candidate.name == name) return candidate;
    }
    return Nothing{};
}

}  // namespace vdsokit::kit
