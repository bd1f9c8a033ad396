// SPDX-License-Identifier: BSD-2-Clause
#include "hosts/machine/run_queue.h"

#include <gtest/gtest.h>

namespace vdsokit::machine {
namespace {

TEST(RunQueue, each_has_its_turn_in_the_order_in_which_they_came) {
    RunQueue queue;
    Runnable one, two, three;
    EXPECT_EQ(queue.turn(), nullptr);
    for (Runnable* each : {&one, &two, &three}) queue.add(*each);
    queue.add(two);  // again: nothing changes
    for (Runnable* each : {&one, &two, &three, &one}) {
        EXPECT_EQ(queue.turn(), each);
        queue.pass_on();
    }
    EXPECT_EQ(queue.turn(), &two);
    queue.remove(two);
    EXPECT_EQ(queue.turn(), &three);
    queue.remove(three);
    queue.remove(one);
    queue.remove(one);
    EXPECT_EQ(queue.turn(), nullptr);
}

TEST(RunQueue, time_counts_for_the_one_that_ran_last_until_another_one_runs) {
    RunQueue queue;
    Runnable one, two;
    queue.set_running(&one, {100});
    EXPECT_EQ(queue.cycles_run(one, {130}), 30u);
    queue.set_running(&one, {140});
    queue.set_running(&two, {150});
    EXPECT_EQ(queue.cycles_run(one, {500}), 50u);
    EXPECT_EQ(queue.cycles_run(two, {160}), 10u);
    queue.set_running(nullptr, {170});
    queue.set_running(&two, {1000});
    EXPECT_EQ(queue.cycles_run(two, {1001}), 21u);
    queue.forget(two);
    EXPECT_EQ(queue.running(), nullptr);
}

TEST(RunQueue, nanoseconds_are_exact_where_the_product_would_wrap) {
    EXPECT_EQ(nanoseconds_of(u64{1} << 59, 62'500'000), u64{1} << 63);
    EXPECT_EQ(nanoseconds_of(24, 24'000'000), 1000u);
}

}  // namespace
}  // namespace vdsokit::machine
