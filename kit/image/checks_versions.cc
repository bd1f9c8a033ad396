// SPDX-License-Identifier: BSD-2-Clause
#include "kit/image/elf.h"
#include "kit/image/image_checks.h"

namespace vdsokit::kit::check {
namespace {

constexpr u16 definition_structure = 1;  // the only layout of Verdef there is

// Where to point at when a symbol is missing altogether.
Finding missing_symbol(ImageView const& image) {
    return Finding::fails(image.symbols.symbol(0).at);
}

bool can_look_up(ImageView const& image) {
    return image.facts != nullptr && image.symbols.is_readable() &&
           image.symbols.has_version_indices();
}

}  // namespace

Finding version_tables(ImageView const& image) {
    auto const dynamic = image.elf.find_segment(elf::segment_type::dynamic);
    if (!dynamic || !image.symbols.is_readable()) return Finding::unreached();
    auto const indices = image.elf.find_dynamic(elf::dynamic_tag::version_symbols);
    if (!indices || !image.elf.find_dynamic(elf::dynamic_tag::version_definitions) ||
        !image.elf.find_dynamic(elf::dynamic_tag::version_definition_count))
        return Finding::fails(dynamic.value().offset);
    return image.symbols.has_version_indices() ? Finding::holds()
                                               : Finding::fails(indices.value().at);
}

Finding version_definitions(ImageView const& image) {
    auto const entry = image.elf.find_dynamic(elf::dynamic_tag::version_definitions);
    auto const count = image.elf.find_dynamic(elf::dynamic_tag::version_definition_count);
    if (!entry || !count) return Finding::unreached();
    if (!image.symbols.versions_end()) return Finding::fails(entry.value().at);
    auto const& versions = image.symbols.versions();
    for (u64 at = 0; at < versions.size(); ++at) {
        Version const& version = versions[at];
        bool const is_base = (version.flags & elf::version_flag::base) != 0;
        bool const is_right =
            version.structure == definition_structure && version.name_count != 0 &&
            version.name_is_readable && version.hash == elf::system_v_hash(version.name) &&
            // The base definition names the image itself and comes first.
            is_base == (at == 0) && (version.index > elf::version_index::global) == (at != 0);
        if (!is_right) return Finding::fails(version.at);
        for (u64 before = 0; before < at; ++before)
            if (versions[before].index == version.index) return Finding::fails(version.at);
    }
    return count.value().value == versions.size() ? Finding::holds()
                                                  : Finding::fails(count.value().at);
}

Finding version_node(ImageView const& image) {
    if (image.facts == nullptr || image.symbols.versions().empty()) return Finding::unreached();
    auto const& versions = image.symbols.versions();
    for (u64 at = 1; at < versions.size(); ++at)
        if (versions[at].name == Text{image.facts->version}) return Finding::holds();
    return Finding::fails(versions[0].at);
}

Finding export_versions(ImageView const& image) {
    if (!image.symbols.is_readable() || !image.symbols.has_version_indices())
        return Finding::unreached();
    for (u64 index = 1; index < image.symbols.count(); ++index) {
        if (!image.symbols.is_export(image.symbols.symbol(index))) continue;
        if (!image.symbols.version(image.symbols.version_index(index)))
            return Finding::fails(image.symbols.version_index_at(index));
    }
    return Finding::holds();
}

Finding sigreturn(ImageView const& image) {
    if (!can_look_up(image)) return Finding::unreached();
    if (image.facts->sigreturn == nullptr) return Finding::holds();
    return image.symbols.find(image.facts->sigreturn, image.facts->sigreturn_version)
               ? Finding::holds()
               : missing_symbol(image);
}

Finding time_pair(ImageView const& image) {
    if (!can_look_up(image)) return Finding::unreached();
    char const* const(&pair)[2] = image.facts->paired;
    if (pair[0] == nullptr) return Finding::holds();
    auto const first = image.symbols.find(pair[0], image.facts->version);
    auto const second = image.symbols.find(pair[1], image.facts->version);
    if (static_cast<bool>(first) == static_cast<bool>(second)) return Finding::holds();
    return Finding::fails(first ? first.value().at : second.value().at);
}

}  // namespace vdsokit::kit::check
