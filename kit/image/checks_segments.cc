// SPDX-License-Identifier: BSD-2-Clause
#include "kit/core/memory.h"
#include "kit/image/elf.h"
#include "kit/image/image_checks.h"

namespace vdsokit::kit::check {
namespace {

// No vDSO comes near it; a bound on what one hostile image can cost a host.
constexpr u64 load_size_max = u64{256} * 1024;
constexpr u64 smallest_page = 4096;

// For a rule on the one PT_LOAD.
template <class IsRight>
Finding expect_load(ImageView const& image, IsRight is_right) {
    auto const load = image.elf.find_segment(elf::segment_type::load);
    if (!load) return Finding::unreached();
    return is_right(load.value()) ? Finding::holds() : Finding::fails(load.value().header);
}

// At most one segment of that type: fails at the second.
Finding expect_no_second(ImageView const& image, u32 type) {
    u64 count = 0;
    for (u64 index = 0; index < image.elf.segment_count(); ++index)
        if (image.elf.segment(index).type == type && ++count == 2)
            return Finding::fails(image.elf.segment(index).header);
    return Finding::holds();
}

Finding expect_one(ImageView const& image, u32 type) {
    if (image.elf.segment_count() == 0) return Finding::unreached();
    if (!image.elf.find_segment(type)) return Finding::fails(image.elf.header().program_headers);
    return expect_no_second(image, type);
}

}  // namespace

Finding one_load(ImageView const& image) { return expect_one(image, elf::segment_type::load); }

Finding one_dynamic(ImageView const& image) {
    return expect_one(image, elf::segment_type::dynamic);
}

Finding load_before_dynamic(ImageView const& image) {
    auto const load = image.elf.find_segment(elf::segment_type::load);
    auto const dynamic = image.elf.find_segment(elf::segment_type::dynamic);
    if (!load || !dynamic) return Finding::unreached();
    return load.value().header.value < dynamic.value().header.value
               ? Finding::holds()
               : Finding::fails(dynamic.value().header);
}

Finding load_placed(ImageView const& image) {
    return expect_load(image, [](Segment const& load) {
        bool const is_power_of_two = (load.alignment & (load.alignment - 1)) == 0;
        return load.offset == 0 && load.address % smallest_page == 0 && is_power_of_two;
    });
}

Finding load_in_file(ImageView const& image) {
    return expect_load(image, [&](Segment const& load) {
        return image.elf.file().holds(load.offset, load.file_size) && load.file_size != 0 &&
               load.file_size <= load_size_max && load.address <= ~u64{0} - load.file_size;
    });
}

Finding load_whole(ImageView const& image) {
    return expect_load(image,
                       [](Segment const& load) { return load.file_size == load.memory_size; });
}

Finding load_rights(ImageView const& image) {
    u32 const need = elf::segment_flag::read | elf::segment_flag::execute;
    return expect_load(image, [=](Segment const& load) { return (load.flags & need) == need; });
}

Finding no_writable_segment(ImageView const& image) {
    if (image.elf.segment_count() == 0) return Finding::unreached();
    for (u64 index = 0; index < image.elf.segment_count(); ++index) {
        Segment const segment = image.elf.segment(index);
        // PT_GNU_STACK describes the stack, not the image; Linux's own has it writable.
        if (segment.type == elf::segment_type::gnu_stack) continue;
        if ((segment.flags & elf::segment_flag::write) != 0) return Finding::fails(segment.header);
    }
    return Finding::holds();
}

// Some readers go by offset, some by address: both must lead to the same loaded bytes.
Finding segments_loaded(ImageView const& image) {
    if (image.elf.loaded_size() == 0) return Finding::unreached();
    for (u64 index = 0; index < image.elf.segment_count(); ++index) {
        Segment const segment = image.elf.segment(index);
        if (segment.file_size == 0 && segment.memory_size == 0) continue;
        auto const offset = image.elf.offset_of(segment.address, segment.file_size);
        if (!offset || offset.value() != segment.offset || segment.file_size == 0)
            return Finding::fails(segment.header);
    }
    return Finding::holds();
}

Finding no_tls(ImageView const& image) {
    auto const tls = image.elf.find_segment(elf::segment_type::tls);
    return tls ? Finding::fails(tls.value().header) : Finding::holds();
}

Finding notes(ImageView const& image) {
    for (u64 index = 0; index < image.elf.segment_count(); ++index) {
        Segment const segment = image.elf.segment(index);
        if (segment.type != elf::segment_type::note) continue;
        if (!image.elf.file().holds(segment.offset, segment.file_size)) return Finding::unreached();
        u64 const end = segment.offset + segment.file_size;
        for (u64 at = segment.offset; at != end;) {
            auto const note = note_at(image.elf, segment, at);
            if (!note) return Finding::fails(at);
            at = note.value().end;
        }
    }
    return Finding::holds();
}

}  // namespace vdsokit::kit::check
