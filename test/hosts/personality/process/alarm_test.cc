// SPDX-License-Identifier: BSD-2-Clause
#include "hosts/personality/alarm.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <random>
#include <vector>

#include "hosts/personality/outcome.h"

namespace vdsokit::personality {
namespace {

struct Bell : Alarm {
    Bell() : Alarm([](Alarm& alarm) { static_cast<Bell&>(alarm).rung(); }) {}
    void rung() {
        order.push_back(at());
        if (again != 0) set(again);
        again = 0;
    }
    u64 again = 0;
    static inline std::vector<u64> order;
};

TEST(Alarm, RingsEarliestFirstAndNothingBeforeItsTime) {
    Bell::order.clear();
    Bell bells[5];
    u64 const times[] = {50, 10, 40, 20, 30};
    for (u32 i = 0; i < 5; ++i) bells[i].set(times[i]);
    EXPECT_EQ(next_alarm(), 10u);
    ring_alarms(35);
    EXPECT_EQ(Bell::order, (std::vector<u64>{10, 20, 30}));
    EXPECT_EQ(next_alarm(), 40u);
    ring_alarms(100);
    EXPECT_EQ(next_alarm(), no_deadline);
}

TEST(Alarm, MayBeSetAgainWhileItRings) {
    Bell::order.clear();
    Bell bell;
    bell.set(5);
    bell.again = 7;
    ring_alarms(6);
    EXPECT_TRUE(bell.is_set());
    EXPECT_EQ(next_alarm(), 7u);
    bell.clear();
    EXPECT_EQ(next_alarm(), no_deadline);
}

TEST(Alarm, AgreesWithASortedListOverAHundredThousandChanges) {
    Bell::order.clear();
    std::mt19937_64 random(1);
    auto const bells = std::make_unique<Bell[]>(300);
    std::vector<u64> expected(300, no_deadline);
    u64 now = 0;
    for (u32 step = 0; step < 100'000; ++step) {
        u64 const which = random() % 300;
        switch (random() % 4) {
        case 0:
        case 1:
            expected[which] = now + random() % 1000;
            bells[which].set(expected[which]);
            break;
        case 2:
            expected[which] = no_deadline;
            bells[which].clear();
            break;
        case 3: {
            now += random() % 20;
            std::vector<u64> due;
            for (u64& at : expected)
                if (at <= now) {
                    due.push_back(at);
                    at = no_deadline;
                }
            std::sort(due.begin(), due.end());
            Bell::order.clear();
            ring_alarms(now);
            ASSERT_EQ(Bell::order, due) << "step " << step;
            break;
        }
        }
        ASSERT_EQ(next_alarm(), *std::min_element(expected.begin(), expected.end())) << step;
    }
    for (u32 i = 0; i < 300; ++i) bells[i].clear();
}

TEST(Alarm, AMillionInRisingOrderNeedNoDeepStack) {
    std::vector<std::unique_ptr<Bell>> bells;
    for (u64 i = 0; i < 1'000'000; ++i) {
        bells.push_back(std::make_unique<Bell>());
        bells.back()->set(i);
    }
    Bell::order.clear();
    ring_alarms(1'000'000);
    EXPECT_EQ(Bell::order.size(), 1'000'000u);
    EXPECT_TRUE(std::is_sorted(Bell::order.begin(), Bell::order.end()));
}

}  // namespace
}  // namespace vdsokit::personality
