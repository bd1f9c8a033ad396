// SPDX-License-Identifier: BSD-2-Clause
#include "tool/bench/statistics.h"

#include <gtest/gtest.h>

namespace vdsokit::bench {
namespace {

TEST(Summary, NamesQuantilesWhateverTheOrderOfTheSamples) {
    Samples samples{5, 1, 4, 2, 3};
    Summary const summary = summarise(samples);
    EXPECT_EQ(summary.count, 5u);
    EXPECT_EQ(summary.lower_quartile, 2);
    EXPECT_EQ(summary.median, 3);
    EXPECT_EQ(summary.upper_quartile, 4);
    EXPECT_EQ(summary.spread(), 2);
    EXPECT_NEAR(summary.low, 1.2, 1e-12);
    EXPECT_NEAR(summary.high, 4.8, 1e-12);
}

TEST(Summary, OfAnEvenNumberOfSamplesLiesBetweenTheMiddleTwo) {
    Samples samples{1, 2, 10, 20};
    EXPECT_EQ(summarise(samples).median, 6);
}

TEST(Summary, OfOneSampleIsThatSampleAndOfNoneIsZero) {
    Samples one{7};
    EXPECT_EQ(summarise(one).low, 7);
    EXPECT_EQ(summarise(one).high, 7);
    Samples none;
    EXPECT_EQ(summarise(none).count, 0u);
    EXPECT_EQ(summarise(none).median, 0);
}

TEST(Summary, OfThreeHundredQuietSamplesAndAHundredLongOnesIsTheQuietOnes) {
    Samples samples(300, 20);
    samples.insert(samples.end(), 100, 1e6);
    EXPECT_EQ(summarise(samples).median, 20);
}

TEST(Histogram, CountsEachSampleOnce) {
    Histogram const counts = histogram({0, 0.5, 1, 1.5, 2, 9}, 0, 2, 2);
    EXPECT_EQ(counts.counts, (std::vector<u64>{2, 2}));
    EXPECT_EQ(counts.beyond, 2u) << "the end does not belong to it";
}

}  // namespace
}  // namespace vdsokit::bench
