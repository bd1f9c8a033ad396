// SPDX-License-Identifier: BSD-2-Clause
#include "kit/image/mapping.h"

#include <gtest/gtest.h>

#include "test/kit/image/fake_memory.h"
#include "test/kit/image/test_image.h"

namespace vdsokit::test {
namespace {

using kit::Access;
using kit::MapError;
using kit::VirtualAddress;

constexpr VirtualAddress base{0x4'0000'0000};

class MappingTest : public testing::Test {
protected:
    kit::Preload<FakeFrames> preload(u32 page_size = 4096) {
        TestImage const file{"aarch64", page_size};
        return kit::Preload<FakeFrames>::load(source_, kit::open_image(file.bytes()).value(), {})
            .value();
    }
    FakeFrames source_;
};

TEST_F(MappingTest, the_shared_frames_appear_in_order_with_their_rights) {
    auto const image = preload();
    FakeSpace space;
    auto const mapping = kit::map_image<FakeFrames>(space, image, base).value();
    std::map<u64, FakeSpace::Page> const expect = {
        {base.value, {image.frame(0), Access::read_execute}},
        {base.value + 4096, {image.frame(1), Access::read}}};
    EXPECT_EQ(space.pages, expect);
    EXPECT_EQ(mapping.base, base);
    EXPECT_EQ(mapping.size, 8192u);
    EXPECT_EQ(mapping.time_page().value, base.value + 4096);
    EXPECT_EQ(mapping.address({0x123}).value, base.value + 0x123);
}

TEST_F(MappingTest, a_thousand_processes_hold_the_same_two_frames_and_nothing_more_is_copied) {
    auto const image = preload();
    u64 const copied = image.bytes_copied();
    std::vector<FakeSpace> spaces(1000);
    for (FakeSpace& space : spaces) {
        ASSERT_TRUE(kit::map_image<FakeFrames>(space, image, base));
        EXPECT_EQ(space.pages, spaces.front().pages);
    }
    EXPECT_EQ(source_.held(), 2u);
    EXPECT_EQ(image.bytes_copied(), copied);
}

TEST_F(MappingTest, whatever_page_fails_nothing_stays_mapped) {
    auto const image = preload(65536);
    for (u64 left = 0; left < image.frame_count(); ++left) {
        FakeSpace space;
        space.left = left;
        auto const mapping = kit::map_image<FakeFrames>(space, image, base);
        ASSERT_FALSE(mapping);
        EXPECT_EQ(mapping.error(), MapError::out_of_memory);
        EXPECT_TRUE(space.pages.empty());
    }
}

TEST_F(MappingTest, what_was_mapped_there_before_stays) {
    auto const image = preload();
    FakeSpace space;
    FakeSpace::Page const other{7, Access::read_write};
    space.pages[base.value + 4096] = other;
    auto const mapping = kit::map_image<FakeFrames>(space, image, base);
    ASSERT_FALSE(mapping);
    EXPECT_EQ(mapping.error(), MapError::in_use);
    EXPECT_EQ(space.pages, (std::map<u64, FakeSpace::Page>{{base.value + 4096, other}}));
}

TEST_F(MappingTest, unmapping_takes_exactly_its_own_pages_away) {
    auto const image = preload();
    FakeSpace space;
    space.pages[base.value - 4096] = {7, Access::read};
    space.pages[base.value + 8192] = {8, Access::read};
    auto const neighbours = space.pages;
    auto const mapping = kit::map_image<FakeFrames>(space, image, base).value();
    kit::unmap_image(space, mapping);
    EXPECT_EQ(space.pages, neighbours);
    EXPECT_EQ(source_.held(), 2u);
}

TEST_F(MappingTest, a_base_that_cannot_be_is_refused_before_anything_is_mapped) {
    struct Row {
        u64 at;
        char const* reason;
    };
    Row const rows[] = {{base.value + 1, "not at a page"},
                        {base.value + 4096, "at a frame, but not at the image's page size"},
                        {~u64{0} - 0x3fff, "the end would wrap"}};
    auto const image = preload(16384);
    for (Row const& row : rows) {
        SCOPED_TRACE(row.reason);
        FakeSpace space;
        auto const mapping = kit::map_image<FakeFrames>(space, image, VirtualAddress{row.at});
        ASSERT_FALSE(mapping);
        EXPECT_EQ(mapping.error(), MapError::out_of_range);
        EXPECT_TRUE(space.pages.empty());
    }
}

}  // namespace
}  // namespace vdsokit::test
