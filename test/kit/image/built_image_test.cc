// SPDX-License-Identifier: BSD-2-Clause
// The images as built. Here their absence skips a test; the tool's tests fail without them.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>

#include "kit/image/image.h"
#include "test/kit/image/hostile_image.h"

namespace vdsokit::test {
namespace {

class BuiltImage : public testing::TestWithParam<char const*> {
protected:
    void SetUp() override {
        std::string const path = std::string{VDSOKIT_IMAGES} + "/aarch64/" + GetParam();
        if (!std::filesystem::exists(path))
            GTEST_SKIP() << path << " is not built: build the target cross-aarch64";
        std::ifstream file(path, std::ios::binary);
        std::vector<char> const content{std::istreambuf_iterator<char>(file), {}};
        image_ = TestImage{std::vector<u8>(content.begin(), content.end())};
    }
    TestImage image_{std::vector<u8>{}};
};

TEST_P(BuiltImage, is_taken_by_a_host) {
    auto const opened = kit::open_image(image_.bytes());
    ASSERT_TRUE(opened) << opened.error().rule->name << " at " << opened.error().at.value;
    EXPECT_EQ(opened.value().code_pages(), 1u);
    EXPECT_GE(opened.value().trap_count(), 1u);
    EXPECT_TRUE(opened.value().sigreturn());
}

TEST_P(BuiltImage, scrambled_is_refused_or_still_in_range) { examine_scrambled(image_, 5'000, 2); }

INSTANTIATE_TEST_SUITE_P(page_sizes, BuiltImage,
                         testing::Values("vdso.so", "vdso-16k.so", "vdso-64k.so"),
                         [](auto const& row) {
                             std::string name = row.param;
                             for (char& letter : name)
                                 if (letter == '-' || letter == '.') letter = '_';
                             return name;
                         });

class BuiltSmallImage : public BuiltImage {};

TEST_P(BuiltSmallImage, is_refused_at_every_length_below_its_own) { examine_truncated(image_); }

TEST_P(BuiltSmallImage, with_one_byte_changed_is_refused_or_still_in_range) {
    examine_flipped(image_);
}

INSTANTIATE_TEST_SUITE_P(page_4k, BuiltSmallImage, testing::Values("vdso.so"),
                         [](auto const&) { return std::string{"vdso_so"}; });

}  // namespace
}  // namespace vdsokit::test
