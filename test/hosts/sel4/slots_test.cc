// SPDX-License-Identifier: BSD-2-Clause
#include "hosts/sel4/objects/slots.h"

#include <gtest/gtest.h>

#include <memory>
#include <set>

namespace vdsokit::sel4 {
namespace {

constexpr u32 node_bits = 12;
constexpr u32 node = 1 << node_bits;

class Slots : public testing::Test {
protected:
    Slots() { map->start(node_bits, 100, node); }
    std::unique_ptr<SlotMap> map = std::make_unique<SlotMap>();
};

TEST_F(Slots, those_of_the_kernel_are_never_given_out_and_each_other_one_once) {
    std::set<u32> given;
    while (u32 const slot = map->take()) EXPECT_TRUE(given.insert(slot).second);
    EXPECT_EQ(given.size(), node - 100u);
    EXPECT_EQ(*given.begin(), 100u);
    EXPECT_TRUE(map->is_full());
    EXPECT_EQ(map->take(), SlotMap::none);
}

TEST_F(Slots, one_that_is_given_back_is_found_again_wherever_it_lies) {
    while (map->take() != SlotMap::none) {}
    ASSERT_TRUE(map->give_back(777));
    EXPECT_EQ(map->take(), 777u);
    ASSERT_TRUE(map->give_back(4095));
    EXPECT_EQ(map->take(), 4095u);
    EXPECT_EQ(map->take(), SlotMap::none);
}

TEST_F(Slots, giving_back_twice_is_seen) {
    u32 const slot = map->take();
    EXPECT_TRUE(map->give_back(slot));
    EXPECT_FALSE(map->give_back(slot));
}

TEST_F(Slots, a_run_lies_together_in_one_node) {
    u32 const first = map->take_run(256);
    EXPECT_EQ(first, 256u);  // the first 256 are not all free
    EXPECT_EQ(map->take_run(256), 512u);
    EXPECT_EQ(map->used(), 100u + 512u);
    EXPECT_EQ(map->take(), 100u);
}

TEST_F(Slots, a_node_more_is_room_for_more_until_the_numbers_end) {
    while (map->take() != SlotMap::none) {}
    EXPECT_EQ(map->take_run(256), SlotMap::none);
    map->grow();
    EXPECT_EQ(map->take_run(256), node);
    EXPECT_EQ(map->take(), node + 256);
    while (map->may_grow()) map->grow();
    EXPECT_EQ(map->nodes(), SlotMap::capacity >> node_bits);
}

}  // namespace
}  // namespace vdsokit::sel4
