// SPDX-License-Identifier: BSD-2-Clause
// Memory runs out at each point in turn: the caller is told, and nothing is lost.
#include <gtest/gtest.h>

#include "guest.h"

namespace vdsokit::personality {
namespace {

// Makes `attempt` with 0, 1, 2, ... free frames beyond the reserve until it succeeds; every failure
// gives back what it took.
void with_each_shortage(Guest& guest, i64 (*attempt)(Guest&, Thread&), void (*undo)(Guest&, i64)) {
    Thread& first = guest.first();
    guest.call(first, nr::getpid);
    u64 const before = host::fake_host().frames_used;
    u64 const total = host::fake_host().frames_total;
    bool succeeded = false;
    for (u64 spare = 0; spare < 60 && !succeeded; ++spare) {
        SCOPED_TRACE(spare);
        host::fake_host().frames_total = before + spare;
        i64 const result = attempt(guest, first);
        host::fake_host().frames_total = total;
        succeeded = result >= 0;
        if (succeeded) undo(guest, result);
        EXPECT_TRUE(succeeded || result == negative(Errno::nomem) ||
                    result == negative(Errno::again))
            << result;
        guest.call(guest.first(), nr::getpid);
        EXPECT_EQ(host::fake_host().frames_used, before);
    }
    EXPECT_TRUE(succeeded);
}

void end_child(Guest& guest, i64 id) {
    guest.call(*Thread::find(static_cast<i32>(id)), nr::exit_group, 0);
    EXPECT_EQ(guest.call(guest.first(), nr::wait4, ~u64{0}, 0, 0, 0), id);
}

TEST(MemoryOut, AForkThatFailsLeavesNothing) {
    Guest guest;
    // The reserve of clone() would refuse before the interesting places are reached.
    with_each_shortage(
        guest, [](Guest& g, Thread& t) { return g.call(t, nr::clone, 17); }, end_child);
}

TEST(MemoryOut, AThreadThatFailsLeavesNothing) {
    Guest guest;
    constexpr u64 flags = 0x100 | 0x200 | 0x400 | 0x800 | 0x1'0000;
    with_each_shortage(
        guest, [](Guest& g, Thread& t) { return g.call(t, nr::clone, flags, data_start + 0x8000); },
        [](Guest& g, i64 id) { g.call(*Thread::find(static_cast<i32>(id)), nr::exit, 0); });
}

}  // namespace
}  // namespace vdsokit::personality
