// SPDX-License-Identifier: BSD-2-Clause
#include "test/kit/image/hostile_image.h"

#include <gtest/gtest.h>

#include <random>

#include "kit/image/mapping.h"
#include "test/kit/image/fake_memory.h"

namespace vdsokit::test {
namespace {

// Whatever the bytes were, an accepted image keeps its promises.
void examine_accepted(TestImage const& file, kit::Image const& image) {
    u64 const page = image.page_size();
    ASSERT_TRUE(page == 4096 || page == 16384 || page == 65536);
    ASSERT_EQ(image.size(), file.bytes().size());
    ASSERT_EQ(image.code_size() % page, 0u);
    ASSERT_EQ(image.code_size() + page, image.size());
    for (u64 index = 0; index < image.trap_count(); ++index)
        ASSERT_TRUE(
            kit::inside(image.trap_site(index).value, image.trap_size(), image.code_size()));
    kit::ImageView const view = file.view();
    for (u64 index = 1; index < view.symbols.count(); ++index) {
        kit::Symbol const symbol = view.symbols.symbol(index);
        if (view.symbols.is_export(symbol)) {
            ASSERT_TRUE(kit::inside(symbol.value, symbol.size, image.code_size()));
        }
    }
    FakeFrames frames;
    auto const preload =
        kit::Preload<FakeFrames>::load(frames, image, {.trap_replacement = u32{0}}).value();
    for (u64 clock = 0; clock < abi::clock_lines; ++clock) {
        abi::ClockLine const& line = preload.time_page()->clocks[clock];
        ASSERT_TRUE(abi::is_line_state(line.state));
        ASSERT_EQ(line.state & abi::state_locked, 0u);
        ASSERT_LE(line.shift, 63u);
    }
    FakeSpace space;
    ASSERT_TRUE(kit::map_image<FakeFrames>(space, preload, {0x4'0000'0000}));
    for (auto const& [at, mapped] : space.pages) ASSERT_NE(mapped.access, kit::Access::read_write);
}

}  // namespace

void examine(TestImage const& file) {
    kit::ImageView const view = file.view();
    u64 failed = 0;
    u64 unreached = 0;
    for (kit::ImageRule const& rule : kit::image_rules) {
        if (rule.scope == kit::RuleScope::host) continue;
        if (rule.scope == kit::RuleScope::vdsokit && !view.note) continue;
        kit::Finding const finding = rule.check(view);
        if (finding.is_failed()) ++failed;
        if (finding.is_unreached()) ++unreached;
    }
    ASSERT_TRUE(failed != 0 || unreached == 0) << "a rule was skipped, and nothing says why";
    auto const image = kit::open_image(file.bytes());
    if (!image) {
        ASSERT_NE(image.error().rule, nullptr);
        return;
    }
    ASSERT_EQ(failed, 0u);
    examine_accepted(file, image.value());
}

void examine_truncated(TestImage const& image) {
    for (u64 size = 0; size < image.bytes().size(); ++size) {
        // A buffer of its own, so that the sanitizer sees a read past its end.
        TestImage const cut{std::vector<u8>(image.bytes().data(), image.bytes().data() + size)};
        ASSERT_FALSE(kit::open_image(cut.bytes())) << size;
        ASSERT_NO_FATAL_FAILURE(examine(cut)) << "cut to " << size;
    }
}

void examine_flipped(TestImage const& original) {
    TestImage image = original;
    for (u64 at = 0; at < image.bytes().size(); ++at) {
        u8 const kept = image.get<u8>(at);
        for (u32 bit = 0; bit < 10; ++bit) {
            u32 const changed = bit < 8 ? kept ^ (1u << bit) : bit == 8 ? 0 : 0xff;
            u8 const value = static_cast<u8>(changed);
            image.put(at, value);
            ASSERT_NO_FATAL_FAILURE(examine(image)) << "byte " << at << " = " << int{value};
        }
        image.put(at, kept);
    }
}

void examine_scrambled(TestImage const& original, u64 count, u64 seed) {
    std::mt19937_64 random{seed};
    u64 const values[] = {0,           1,           4095,        4097,    0x7fff'ffff,
                          0x8000'0000, 0xffff'ffff, 0xffff'fff0, ~u64{0}, ~u64{0} - 4095,
                          u64{1} << 63};
    // Where an image says something about itself: the rest is code and zeros.
    u64 const interesting = original.view().elf.header().section_headers + 1024;
    for (u64 turn = 0; turn < count; ++turn) {
        TestImage image = original;
        for (u64 change = random() % 8 + 1; change != 0; --change) {
            u64 const at = random() % interesting & ~u64{3};
            u64 const value = random() % 4 == 0 ? random() : values[random() % std::size(values)];
            if (!image.bytes().holds(at, 8)) continue;
            switch (random() % 3) {
            case 0: image.put(at, value); break;
            case 1: image.put(at, static_cast<u32>(value)); break;
            case 2: image.put(at, static_cast<u16>(value)); break;
            }
        }
        ASSERT_NO_FATAL_FAILURE(examine(image)) << "seed " << seed << ", image " << turn;
    }
}

}  // namespace vdsokit::test
