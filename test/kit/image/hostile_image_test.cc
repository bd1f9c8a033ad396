// SPDX-License-Identifier: BSD-2-Clause
#include <gtest/gtest.h>

#include "test/kit/image/hostile_image.h"

namespace vdsokit::test {
namespace {

class HostileImage : public testing::TestWithParam<char const*> {};

TEST_P(HostileImage, is_refused_at_every_length_below_its_own) {
    examine_truncated(TestImage{GetParam()});
}

TEST_P(HostileImage, with_one_byte_changed_is_refused_or_still_in_range) {
    examine_flipped(TestImage{GetParam()});
}

TEST_P(HostileImage, scrambled_is_refused_or_still_in_range) {
    examine_scrambled(TestImage{GetParam()}, 20'000, 1);
}

// Both classes, both hash tables, two version nodes.
INSTANTIATE_TEST_SUITE_P(machines, HostileImage,
                         testing::Values("aarch64", "arm", "x86_64", "i386"),
                         [](auto const& row) { return std::string{row.param}; });

TEST(HostileBytes, nothing_and_noise_are_refused) {
    examine(TestImage{std::vector<u8>{}});
    std::vector<u8> noise(8192);
    for (u64 at = 0; at < noise.size(); ++at) noise[at] = static_cast<u8>(at * 167 + 13);
    examine(TestImage{noise});
    noise.assign(8192, 0xff);
    examine(TestImage{noise});
}

}  // namespace
}  // namespace vdsokit::test
