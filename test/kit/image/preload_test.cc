// SPDX-License-Identifier: BSD-2-Clause
#include "kit/image/preload.h"

#include <gtest/gtest.h>

#include <cstring>

#include "test/kit/image/fake_memory.h"
#include "test/kit/image/test_image.h"

namespace vdsokit::test {
namespace {

using kit::Access;
using kit::Preload;
using kit::PreloadError;
using kit::PreloadOptions;

kit::Image open(TestImage const& image, kit::ImageMachine machine = kit::host_machine) {
    return kit::open_image(image.bytes(), machine).value();
}
constexpr kit::ImageMachine arm{kit::elf::machine::arm, kit::elf::file_class::bits32};

TEST(Preload, frames_hold_exactly_the_images_bytes_each_copied_once) {
    for (u32 const page_size : {4096u, 16384u, 65536u}) {
        for (u64 const frame_size : {u64{4096}, u64{page_size}}) {
            SCOPED_TRACE(std::to_string(page_size) + " in " + std::to_string(frame_size));
            TestImage const file{"aarch64", page_size};
            FakeFrames source{frame_size};
            auto const preload =
                Preload<FakeFrames>::load(source, open(file), {.frame_size = frame_size}).value();
            EXPECT_EQ(preload.frame_count(), u64{2} * page_size / frame_size);
            EXPECT_EQ(source.held(), preload.frame_count());
            EXPECT_EQ(preload.bytes_copied(), file.bytes().size());
            EXPECT_EQ(preload.size(), 2 * page_size);
            EXPECT_EQ(preload.code_size(), page_size);
            EXPECT_EQ(preload.alignment(), page_size);
            for (u64 index = 0; index < preload.frame_count(); ++index)
                EXPECT_EQ(std::memcmp(source.frame_bytes(preload.frame(index)),
                                      file.bytes().data() + index * frame_size, frame_size),
                          0);
        }
    }
}

TEST(Preload, code_is_read_and_execute_the_time_page_is_read_and_nothing_is_writable) {
    TestImage const file{"aarch64", 65536};
    FakeFrames source;
    auto const preload = Preload<FakeFrames>::load(source, open(file), {}).value();
    for (u64 index = 0; index < 32; ++index)
        EXPECT_EQ(preload.access(index), index < 16 ? Access::read_execute : Access::read);
}

TEST(Preload, only_the_code_frames_are_published_and_after_they_were_written) {
    TestImage const file{"aarch64", 16384};
    FakeFrames source;
    auto const preload = Preload<FakeFrames>::load(source, open(file), {}).value();
    ASSERT_EQ(source.published.size(), 4u);
    for (u64 index = 0; index < 4; ++index)
        EXPECT_EQ(source.published[index], preload.frame(index));
}

TEST(Preload, the_host_gets_its_own_view_of_the_time_page) {
    TestImage const file{"aarch64"};
    FakeFrames source;
    auto const preload = Preload<FakeFrames>::load(source, open(file), {}).value();
    EXPECT_EQ(static_cast<void*>(preload.time_page()), source.frame_bytes(preload.frame(1)));
    EXPECT_EQ(preload.time_page()->header.magic, abi::page_magic);
}

TEST(Preload, exactly_the_listed_traps_are_replaced) {
    TestImage const file{"aarch64"};
    FakeFrames source;
    auto const preload =
        Preload<FakeFrames>::load(source, open(file), {.trap_replacement = u32{0xdead'beef}})
            .value();
    TestImage expected{"aarch64"};
    for (u64 index = 0; index < 2; ++index) expected.put(expected.trap(index), u32{0xdead'beef});
    EXPECT_EQ(std::memcmp(source.frame_bytes(preload.frame(0)), expected.bytes().data(), 4096), 0);
}

TEST(Preload, with_one_frame_too_few_it_fails_and_gives_every_frame_back) {
    TestImage const file{"aarch64", 65536};
    for (u64 left = 0; left < 32; ++left) {
        FakeFrames source;
        source.left = left;
        auto const preload = Preload<FakeFrames>::load(source, open(file), {});
        ASSERT_FALSE(preload);
        EXPECT_EQ(preload.error(), PreloadError::out_of_frames);
        EXPECT_EQ(source.held(), 0u);
        EXPECT_TRUE(source.published.empty());
    }
}

TEST(Preload, what_cannot_be_done_is_refused_before_a_frame_is_taken) {
    struct Row {
        u32 page_size;
        PreloadOptions options;
        PreloadError expect;
        char const* reason;
    };
    Row const rows[] = {
        {4096, {.frame_size = 16384}, PreloadError::frame_size, "image pages below frames"},
        {4096, {.frame_size = 0}, PreloadError::frame_size, "no frame size"},
        {65536, {.frame_size = 2048}, PreloadError::too_many_frames, "64 frames"},
    };
    for (Row const& row : rows) {
        SCOPED_TRACE(row.reason);
        TestImage const file{"aarch64", row.page_size};
        FakeFrames source;
        auto const preload = Preload<FakeFrames>::load(source, open(file), row.options);
        ASSERT_FALSE(preload);
        EXPECT_EQ(preload.error(), row.expect);
        EXPECT_EQ(source.held(), 0u);
    }
}

TEST(Preload, a_replacement_longer_than_the_machines_instruction_is_refused) {
    TestImage const file{"x86_64"};
    kit::Image const image = kit::open_image(file.bytes(), {62, 2}).value();
    FakeFrames source;
    auto const preload =
        Preload<FakeFrames>::load(source, image, {.trap_replacement = u32{0x1'0000}});
    ASSERT_FALSE(preload);
    EXPECT_EQ(preload.error(), PreloadError::replacement_too_wide);
    EXPECT_EQ(source.held(), 0u);
    EXPECT_TRUE(Preload<FakeFrames>::load(source, image, {.trap_replacement = u32{0xffff}}));
}

TEST(Preload, release_gives_every_frame_back_once) {
    TestImage const file{"aarch64"};
    FakeFrames source;
    auto preload = Preload<FakeFrames>::load(source, open(file), {}).value();
    preload.release(source);
    EXPECT_EQ(source.held(), 0u);
    EXPECT_EQ(preload.frame_count(), 0u);
    EXPECT_EQ(preload.time_page(), nullptr);
    preload.release(source);
}

TEST(Preload, it_knows_where_handlers_return_to) {
    TestImage const file{"aarch64"};
    FakeFrames source;
    auto const preload = Preload<FakeFrames>::load(source, open(file), {}).value();
    u64 const at = file.view().symbols.find("__kernel_rt_sigreturn").value().value;
    EXPECT_EQ(preload.sigreturn().value().value, at);
}

TEST(Preload, an_image_of_another_machine_beside_it_shares_its_time_page) {
    TestImage const wide{"aarch64", 4096};
    TestImage const narrow{"arm", 4096};
    FakeFrames source;
    auto first = Preload<FakeFrames>::load(source, open(wide), {}).value();
    first.time_page()->header.magic = 0x1234;  // as if published
    auto second = Preload<FakeFrames>::load_beside(source, open(narrow, arm), {}, first).value();
    EXPECT_EQ(second.frame_count(), 2u);
    EXPECT_EQ(second.own_frame_count(), 1u);
    EXPECT_EQ(second.frame(1), first.frame(1));
    EXPECT_EQ(second.access(1), Access::read);
    EXPECT_EQ(second.time_page(), first.time_page());
    EXPECT_EQ(first.time_page()->header.magic, 0x1234u) << "the second file's page is not copied";
    EXPECT_EQ(std::memcmp(source.frame_bytes(second.frame(0)), narrow.bytes().data(), 4096), 0);
    EXPECT_EQ(source.held(), 3u);
    second.release(source);
    EXPECT_EQ(source.held(), 2u);
    first.release(source);
    EXPECT_EQ(source.held(), 0u);
}

TEST(Preload, beside_one_whose_pages_are_of_another_size_is_refused) {
    TestImage const wide{"aarch64", 16384};
    TestImage const narrow{"arm", 4096};
    FakeFrames source;
    auto const first = Preload<FakeFrames>::load(source, open(wide), {}).value();
    auto const second = Preload<FakeFrames>::load_beside(source, open(narrow, arm), {}, first);
    EXPECT_EQ(second.error(), PreloadError::frame_size);
    EXPECT_EQ(source.held(), first.frame_count());
}

}  // namespace
}  // namespace vdsokit::test
