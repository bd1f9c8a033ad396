// SPDX-License-Identifier: BSD-2-Clause
#include "hosts/sel4/objects/boot_memory.h"

#include <gtest/gtest.h>

namespace vdsokit::sel4 {
namespace {

TEST(BootMemory, the_smallest_untyped_that_has_the_room_is_used_up_first) {
    BootMemory memory;
    ASSERT_TRUE(memory.add({.slot = 1, .size_bits = 20, .physical = 0x100000}));
    ASSERT_TRUE(memory.add({.slot = 2, .size_bits = 14, .physical = 0x4000}));
    BootUntyped* found = memory.smallest_with_room(3, 12);
    ASSERT_NE(found, nullptr);
    EXPECT_EQ(found->slot, 2u);
    found->use(3, 12);
    EXPECT_EQ(memory.smallest_with_room(1, 12)->slot, 2u);
    EXPECT_EQ(memory.smallest_with_room(2, 12)->slot, 1u);
    EXPECT_EQ(memory.smallest_with_room(257, 12), nullptr);
    EXPECT_EQ(memory.smallest_with_room(1, 21), nullptr);
    EXPECT_EQ(memory.bytes_left(), (1u << 20) + (1u << 12));
}

TEST(BootMemory, an_object_lies_at_a_multiple_of_its_size) {
    BootUntyped untyped{.slot = 1, .size_bits = 14, .physical = 0};
    untyped.use(1, 4);
    EXPECT_TRUE(untyped.has_room(1, 13));
    untyped.use(1, 13);  // passes over the rest of the first half
    EXPECT_EQ(untyped.used, u64{1} << 14);
    EXPECT_FALSE(untyped.has_room(1, 4));
}

TEST(BootMemory, a_device_is_found_in_the_untyped_that_holds_it) {
    BootMemory devices;
    ASSERT_TRUE(devices.add({.slot = 7, .size_bits = 24, .physical = 0x9000000}));
    EXPECT_EQ(devices.holding(0x9010000)->slot, 7u);
    EXPECT_EQ(devices.holding(0xa000000), nullptr);
    EXPECT_EQ(devices.holding(0x8ffffff), nullptr);
}

}  // namespace
}  // namespace vdsokit::sel4
