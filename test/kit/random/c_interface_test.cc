// SPDX-License-Identifier: BSD-2-Clause
// The getrandom part of vdsokit.h: each function reaches its namesake, each refusal its number.
#include <gtest/gtest.h>

#include "abi/time_page.h"
#include "kit/vdsokit.h"

extern "C" vdsokit_status c_publish(vdsokit_random* random, void* page, uint32_t page_size);

namespace vdsokit::kit {
namespace {

TEST(RandomInC, APromiseASeedAndAWithdrawalReachThePage) {
    abi::TimePage page = abi::unpublished_page();
    vdsokit_random random;
    ASSERT_EQ(c_publish(&random, &page, 4096), vdsokit_ok);
    EXPECT_EQ(page.random.state, abi::random_state_of(abi::RandomMode::generation));
    EXPECT_EQ(page.random.is_ready, 0u);
    EXPECT_EQ(page.random.map_flags, 0x28u);
    EXPECT_EQ(vdsokit_random_generation(&random), 0u);
    vdsokit_random_reseeded(&random);
    EXPECT_EQ(page.random.is_ready, 1u);
    EXPECT_EQ(vdsokit_random_generation(&random), 1u);
    vdsokit_random_withdraw(&random);
    EXPECT_EQ(page.random.state, 0u);
}

TEST(RandomInC, APageThatIsAddedHearsOfSeedsUntilItIsRemoved) {
    abi::TimePage first = abi::unpublished_page();
    abi::TimePage second = abi::unpublished_page();
    vdsokit_random random;
    vdsokit_random_page entry;
    ASSERT_EQ(c_publish(&random, &first, 4096), vdsokit_ok);
    EXPECT_EQ(vdsokit_random_add(&random, &entry, nullptr), vdsokit_random_bad_page);
    ASSERT_EQ(vdsokit_random_add(&random, &entry, &second), vdsokit_ok);
    EXPECT_EQ(second.random.map_flags, 0x28u);
    vdsokit_random_reseeded(&random);
    EXPECT_EQ(second.random.generation, 1u);
    vdsokit_random_remove(&random, &entry);
    vdsokit_random_reseeded(&random);
    EXPECT_EQ(first.random.generation, 2u);
    EXPECT_NE(second.random.generation, 2u);
}

TEST(RandomInC, EachRefusalHasItsNumber) {
    abi::TimePage page = abi::unpublished_page();
    vdsokit_random random;
    EXPECT_EQ(c_publish(&random, nullptr, 4096), vdsokit_random_bad_page);
    EXPECT_EQ(c_publish(&random, reinterpret_cast<u8*>(&page) + 8, 4096), vdsokit_random_bad_page);
    EXPECT_EQ(c_publish(&random, &page, 1000), vdsokit_random_page_size_out_of_range);
    vdsokit_random_init(&random);
    vdsokit_random_promise const promise{3, 0x28, 4096, 0};
    EXPECT_EQ(vdsokit_random_publish(&random, &promise), vdsokit_random_no_page);
}

}  // namespace
}  // namespace vdsokit::kit
