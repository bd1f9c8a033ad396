// SPDX-License-Identifier: BSD-2-Clause
#include "kit/random/random_publisher.h"

#include <gtest/gtest.h>

#include <vector>

#include "cpu.h"

namespace vdsokit::kit {
namespace {

constexpr u32 published = abi::random_state_of(abi::RandomMode::generation);

class RandomPublisherTest : public testing::Test {
protected:
    RandomPublisherTest() { arch::fake = {}; }

    abi::TimePage page = abi::unpublished_page();
    RandomPublisher publisher;
};

TEST_F(RandomPublisherTest, APageThatNobodyPublishesSaysMakeTheSystemCall) {
    EXPECT_EQ(page.random.state, 0u);
    publisher.attach(page);
    publisher.reseeded();
    EXPECT_EQ(page.random.state, 0u);
}

TEST_F(RandomPublisherTest, AnUnseededGeneratorIsPublishedAsNotReady) {
    publisher.attach(page);
    ASSERT_TRUE(publisher.publish({.map_protection = 3, .map_flags = 0x28, .page_size = 16384}));
    EXPECT_EQ(page.random.state, published);
    EXPECT_EQ(page.random.is_ready, 0u);
    EXPECT_EQ(page.random.map_protection, 3u);
    EXPECT_EQ(page.random.map_flags, 0x28u);
    EXPECT_EQ(page.random.page_size, 16384u);
    EXPECT_NE(page.random.generation, 0u) << "a state without a key carries 0";
    publisher.reseeded();
    EXPECT_EQ(page.random.is_ready, 1u);
    EXPECT_EQ(page.random.generation, publisher.generation());
}

TEST_F(RandomPublisherTest, EverySeedHasAnotherGenerationAndNoneIsZero) {
    publisher.attach(page);
    ASSERT_TRUE(publisher.publish({}));
    u64 last = 0;
    for (u64 seed = 1; seed <= 1000; ++seed) {
        publisher.reseeded();
        EXPECT_EQ(page.random.generation, seed);
        EXPECT_GT(page.random.generation, last);
        last = page.random.generation;
    }
}

TEST_F(RandomPublisherTest, SeedsBeforeThePageCount) {
    publisher.reseeded();
    publisher.reseeded();
    publisher.attach(page);
    ASSERT_TRUE(publisher.publish({}));
    EXPECT_EQ(page.random.generation, 2u);
    EXPECT_EQ(page.random.is_ready, 1u);
}

// Not ready and another number at once: whoever sees the first must not see the old of the second.
TEST_F(RandomPublisherTest, TheModeComesAfterWhatItStandsForAndTheGenerationBeforeReady) {
    static abi::TimePage* seen;
    static std::vector<u32> states;
    seen = &page;
    states.clear();
    publisher.attach(page);
    publisher.reseeded();
    arch::fake.hook = [](arch::Step) {
        states.push_back(seen->random.state);
        if (states.size() == 2) {
            EXPECT_EQ(seen->random.page_size, 4096u);
            EXPECT_EQ(seen->random.map_flags, 0x28u);
            EXPECT_EQ(seen->random.generation, 1u);
        }
    };
    ASSERT_TRUE(publisher.publish({}));
    arch::fake.hook = nullptr;
    EXPECT_EQ(states, (std::vector<u32>{0, 0}));
    EXPECT_EQ(page.random.state, published);
}

TEST_F(RandomPublisherTest, AnotherPageTakesOverAndTheOldOneSaysSo) {
    abi::TimePage other = abi::unpublished_page();
    publisher.attach(page);
    publisher.reseeded();
    ASSERT_TRUE(publisher.publish({}));
    publisher.attach(other);
    EXPECT_EQ(page.random.state, 0u);
    EXPECT_EQ(other.random.state, published);
    EXPECT_EQ(other.random.generation, 1u);
}

TEST_F(RandomPublisherTest, WithdrawnProgramsMakeTheSystemCallAndSeedsGoOnUnseen) {
    publisher.attach(page);
    publisher.reseeded();
    ASSERT_TRUE(publisher.publish({}));
    publisher.withdraw();
    EXPECT_EQ(page.random.state, 0u);
    publisher.reseeded();
    EXPECT_EQ(page.random.state, 0u);
    ASSERT_TRUE(publisher.publish({}));
    EXPECT_EQ(page.random.generation, 2u);
}

TEST_F(RandomPublisherTest, EveryPageOfANamespaceSaysTheSameUntilItIsRemoved) {
    abi::TimePage more[3] = {abi::unpublished_page(), abi::unpublished_page(),
                             abi::unpublished_page()};
    RandomPublisher::Page entries[3];
    publisher.add(entries[0], more[0]);
    publisher.attach(page);
    publisher.reseeded();
    ASSERT_TRUE(publisher.publish({}));
    publisher.add(entries[1], more[1]);
    publisher.add(entries[2], more[2]);
    publisher.reseeded();
    for (abi::TimePage const& other : more) {
        EXPECT_EQ(other.random.state, published);
        EXPECT_EQ(other.random.generation, 2u);
    }
    publisher.remove(entries[1]);
    publisher.reseeded();
    EXPECT_EQ(more[1].random.state, 0u);
    EXPECT_EQ(more[0].random.generation, 3u);
    EXPECT_EQ(more[2].random.generation, 3u);
    publisher.withdraw();
    for (abi::TimePage const& other : more) EXPECT_EQ(other.random.state, 0u);
}

struct RefusedRow {
    u32 page_size;
    char const* reason;
};

TEST_F(RandomPublisherTest, APageSizeThatCannotBeIsRefused) {
    publisher.attach(page);
    RefusedRow const rows[] = {{0, "none"},
                               {1, "shorter than a state"},
                               {128, "shorter than a state"},
                               {4095, "no power of two"},
                               {6144, "no power of two"}};
    for (RefusedRow const& row : rows) {
        auto const result = publisher.publish({.page_size = row.page_size});
        ASSERT_FALSE(result) << row.reason;
        EXPECT_EQ(result.error(), RandomError::page_size_out_of_range) << row.reason;
        EXPECT_EQ(page.random.state, 0u) << row.reason;
    }
    EXPECT_TRUE(publisher.publish({.page_size = 256}));
}

TEST(RandomPublisher, WithoutAPageThereIsNothingToPublishOn) {
    RandomPublisher publisher;
    auto const result = publisher.publish({});
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error(), RandomError::no_page);
    publisher.withdraw();
}

}  // namespace
}  // namespace vdsokit::kit
