// SPDX-License-Identifier: BSD-2-Clause
#include "kit/image/elf.h"
#include "kit/image/image_checks.h"

namespace vdsokit::kit::check {
namespace {

constexpr u64 flag_text_relocations = 4;  // in DT_FLAGS

// None of these tags may be there: fails at the first that is.
template <u64 Count>
Finding expect_none(ImageView const& image, u64 const (&tags)[Count]) {
    for (u64 index = 0; index < image.elf.dynamic_count(); ++index)
        for (u64 const tag : tags)
            if (image.elf.dynamic(index).tag == tag)
                return Finding::fails(image.elf.dynamic(index).at);
    return Finding::holds();
}

}  // namespace

Finding dynamic_table(ImageView const& image) {
    auto const dynamic = image.elf.find_segment(elf::segment_type::dynamic);
    if (!dynamic || !image.elf.file().holds(dynamic.value().offset, dynamic.value().file_size))
        return Finding::unreached();
    bool const is_right =
        image.elf.dynamic_is_terminated() && dynamic.value().offset % image.elf.word_size() == 0;
    return is_right ? Finding::holds() : Finding::fails(dynamic.value().header);
}

// Readers keep the first or the last of two entries: they must not get to choose.
Finding dynamic_once(ImageView const& image) {
    for (u64 later = 1; later < image.elf.dynamic_count(); ++later)
        for (u64 earlier = 0; earlier < later; ++earlier)
            if (image.elf.dynamic(earlier).tag == image.elf.dynamic(later).tag &&
                image.elf.dynamic(later).tag != elf::dynamic_tag::needed)
                return Finding::fails(image.elf.dynamic(later).at);
    return Finding::holds();
}

Finding dynamic_strings(ImageView const& image) {
    auto const dynamic = image.elf.find_segment(elf::segment_type::dynamic);
    if (!dynamic) return Finding::unreached();
    auto const table = image.elf.find_dynamic(elf::dynamic_tag::strings);
    if (!table || !image.elf.find_dynamic(elf::dynamic_tag::strings_size))
        return Finding::fails(dynamic.value().offset);
    Bytes const strings = image.elf.strings();
    bool const is_right =
        strings.size() != 0 && strings[0] == 0 && strings[strings.size() - 1] == 0;
    return is_right ? Finding::holds() : Finding::fails(table.value().at);
}

Finding soname(ImageView const& image) {
    auto const dynamic = image.elf.find_segment(elf::segment_type::dynamic);
    if (!dynamic || image.facts == nullptr || image.elf.strings().size() == 0)
        return Finding::unreached();
    auto const entry = image.elf.find_dynamic(elf::dynamic_tag::soname);
    if (!entry) return Finding::fails(dynamic.value().offset);
    auto const name = image.elf.string(entry.value().value);
    return name && name.value() == Text{image.facts->soname} ? Finding::holds()
                                                             : Finding::fails(entry.value().at);
}

Finding no_relocations(ImageView const& image) {
    auto const flags = image.elf.find_dynamic(elf::dynamic_tag::flags);
    if (flags && (flags.value().value & flag_text_relocations) != 0)
        return Finding::fails(flags.value().at);
    // ld for riscv64 names a table without entries; so does Linux's own image there.
    struct Table {
        u64 tag;
        u64 size_tag;
    };
    for (Table const table : {Table{elf::dynamic_tag::rel, elf::dynamic_tag::rel_size},
                              Table{elf::dynamic_tag::rela, elf::dynamic_tag::rela_size},
                              Table{elf::dynamic_tag::relr, elf::dynamic_tag::relr_size}}) {
        auto const entry = image.elf.find_dynamic(table.tag);
        auto const size = image.elf.find_dynamic(table.size_tag);
        if (entry && !(size && size.value().value == 0)) return Finding::fails(entry.value().at);
    }
    return expect_none(image,
                       {elf::dynamic_tag::plt_relocations, elf::dynamic_tag::text_relocations});
}

Finding no_needed(ImageView const& image) {
    return expect_none(image, {elf::dynamic_tag::needed, elf::dynamic_tag::version_needs});
}

Finding no_initialisers(ImageView const& image) {
    return expect_none(
        image, {elf::dynamic_tag::init, elf::dynamic_tag::fini, elf::dynamic_tag::init_array,
                elf::dynamic_tag::fini_array, elf::dynamic_tag::preinit_array});
}

}  // namespace vdsokit::kit::check
