// SPDX-License-Identifier: BSD-2-Clause
// What a group counts of its members, against what a look at each of them says.
#include <gtest/gtest.h>

#include <random>
#include <vector>

#include "guest.h"

namespace vdsokit::personality {
namespace {

constexpr u64 any = ~u64{0}, no_hang = 1;
constexpr u64 nr_setsid = 157;
constexpr u64 hup = 1, kill_signal = 9, term = 15, cont = 18, stop = 19, tstp = 20;

u64 unsigned_of(i32 id) { return static_cast<u64>(id); }
u64 group_of(i32 id) { return static_cast<u64>(-static_cast<i64>(id)); }

// As the standard says it: each of these looks at every process.
bool is_orphaned(i32 group) {
    for (Process* at = Process::next_after(0); at != nullptr; at = at->next())
        if (at->group_id() == group && !at->zombie && at->parent != nullptr &&
            at->parent->group_id() != group && at->parent->session == at->session)
            return false;
    return true;
}
bool has_stopped_member(i32 group) {
    for (Process* at = Process::next_after(0); at != nullptr; at = at->next())
        if (at->group_id() == group && at->stopped && !at->zombie) return true;
    return false;
}

void expect_right_counts() {
    for (Process* at = Process::next_after(0); at != nullptr; at = at->next()) {
        ProcessGroup& group = *at->group;
        EXPECT_EQ(ProcessGroup::find(group.id()), &group);
        EXPECT_EQ(group.is_orphaned(), is_orphaned(group.id())) << group.id();
        EXPECT_EQ(group.has_stopped_member(), has_stopped_member(group.id())) << group.id();
    }
}

TEST(Group, CountsWhatALookAtEachMemberSays) {
    Guest guest;
    Thread& first = guest.first();
    guest.call(first, nr::getpid);
    std::mt19937 random(1);
    auto const below = [&](u32 limit) { return static_cast<u32>(random()) % limit; };
    for (u32 step = 0; step < 4000 && !testing::Test::HasFailure(); ++step) {
        SCOPED_TRACE(step);
        std::vector<Process*> live;
        for (Process* at = Process::next_after(1); at != nullptr; at = at->next())
            if (!at->zombie) live.push_back(at);
        if (live.empty()) live.push_back(&first.process());
        Process& one = *live[below(static_cast<u32>(live.size()))];
        Process& other = *live[below(static_cast<u32>(live.size()))];
        Thread& thread = *one.threads.front();
        bool const runs = thread.runs();
        switch (below(10)) {
        case 0:
        case 1:
        case 2:
            if (runs && live.size() < 30) guest.call(thread, nr::clone, 17 | (below(2) * 0x8000));
            break;
        case 3:
            if (runs) guest.call(thread, nr::setpgid, 0, unsigned_of(other.group_id()));
            break;
        case 4:  // by its parent, when it may be stopped
            if (one.parent != nullptr && one.parent->threads.front()->runs())
                guest.call(*one.parent->threads.front(), nr::setpgid, unsigned_of(one.id()),
                           below(2) * unsigned_of(other.group_id()));
            break;
        case 5:
            if (runs) guest.call(thread, nr_setsid);
            break;
        case 6: guest.call(first, nr::kill, unsigned_of(one.id()), below(2) ? stop : tstp); break;
        case 7: guest.call(first, nr::kill, unsigned_of(one.id()), cont); break;
        case 8:
            if (runs && &one != &first.process()) guest.call(thread, nr::exit_group, 0);
            break;
        case 9:
            if (runs) guest.call(thread, nr::wait4, any, 0, no_hang);
            break;
        }
        expect_right_counts();
    }
}

TEST(Group, IsThereWhileItHasAMemberAndAZombieIsOne) {
    Guest guest;
    Thread& first = guest.first();
    i32 const id = guest.fork(first).id();
    EXPECT_EQ(guest.call(first, nr::setpgid, unsigned_of(id), 0), 0);
    Thread& other = guest.fork(first);
    EXPECT_EQ(guest.call(other, nr::setpgid, 0, unsigned_of(id)), 0);
    EXPECT_EQ(guest.call(other, nr::setpgid, 0, 0), 0);
    guest.call(*Thread::find(id), nr::exit_group, 0);
    EXPECT_EQ(guest.call(first, nr::kill, group_of(id), term), 0);
    EXPECT_EQ(guest.call(first, nr::wait4, unsigned_of(id), 0, 0, 0), id);
    EXPECT_EQ(guest.call(first, nr::kill, group_of(id), term), negative(Errno::srch));
    EXPECT_EQ(guest.call(other, nr::setpgid, 0, unsigned_of(id)), negative(Errno::perm));
    EXPECT_EQ(guest.call(other, nr::wait4, unsigned_of(first.id())), negative(Errno::child))
        << "no child of its own";
}

TEST(Group, AJobThatItsShellLeavesStoppedIsHungUp) {
    Guest guest;
    Thread& first = guest.first();
    Thread& shell = guest.fork(first);
    EXPECT_EQ(guest.call(shell, nr_setsid), shell.id());
    i32 ids[2];
    for (i32& id : ids) {
        id = guest.fork(shell).id();
        EXPECT_EQ(guest.call(shell, nr::setpgid, unsigned_of(id), unsigned_of(ids[0])), 0);
    }
    EXPECT_EQ(guest.call(first, nr::kill, unsigned_of(ids[1]), tstp), 0);
    EXPECT_TRUE(Process::find(ids[1])->stopped);
    guest.call(shell, nr::exit_group, 0);
    for (i32 const id : ids) EXPECT_EQ(Process::find(id)->status.signal, hup);
}

TEST(Group, AStoppedChildIsContinuedByTheVeryEndOfItsParent) {
    Guest guest;
    Thread& first = guest.first();
    Thread& leader = guest.fork(first);
    EXPECT_EQ(guest.call(leader, nr::setpgid), 0);
    i32 const id = guest.fork(leader).id();
    EXPECT_EQ(guest.call(first, nr::kill, unsigned_of(id), stop), 0);
    guest.call(leader, nr::exit_group, 0);
    EXPECT_EQ(Process::find(id)->parent_id(), 1);
    EXPECT_EQ(Process::find(id)->status.signal, hup);
}

TEST(Group, AllOfALargeOneAreKilledAndComeBack) {
    Guest guest;
    Thread& first = guest.first();
    host::fake_host().frames_total = 64 * 1024;
    guest.call(first, nr::getpid);
    u64 const before = host::fake_host().frames_used;
    i32 const leader = guest.fork(first).id();
    EXPECT_EQ(guest.call(first, nr::setpgid, unsigned_of(leader), 0), 0);
    constexpr i32 count = 600;
    // Parents among them too.
    for (i32 i = 1; i < count; ++i) guest.fork(*Thread::find(leader + i / 2));
    EXPECT_EQ(guest.call(first, nr::kill, group_of(leader), kill_signal), 0);
    for (i32 i = 0; i < count; ++i) EXPECT_GT(guest.call(first, nr::wait4, any, 0, 0, 0), 0);
    EXPECT_EQ(guest.call(first, nr::wait4, any, 0, 0, 0), negative(Errno::child));
    EXPECT_EQ(ProcessGroup::find(leader), nullptr);
    EXPECT_EQ(host::fake_host().frames_used, before);
}

TEST(Group, MemoryThatRunsOutLeavesAProcessInItsGroup) {
    Guest guest;
    Thread& first = guest.first();
    // Groups until one needs another frame.
    for (u32 i = 0; i < 200; ++i) {
        Thread& child = guest.fork(first);
        u64 const total = host::fake_host().frames_total;
        host::fake_host().frames_total = host::fake_host().frames_used;
        i64 const answer = guest.call(child, i % 2 == 0 ? nr::setpgid : nr_setsid);
        host::fake_host().frames_total = total;
        if (answer >= 0) continue;
        EXPECT_EQ(answer, negative(Errno::nomem));
        EXPECT_EQ(child.process().group_id(), 1);
        EXPECT_EQ(child.process().session, 1);
        return;
    }
    FAIL() << "a frame holds fewer groups than that";
}

TEST(Group, TheEndOfProcessOneEndsEveryGeneration) {
    Guest guest;
    Thread& child = guest.fork(guest.first());
    guest.fork(guest.fork(child));
    EXPECT_EXIT(guest.call(guest.first(), nr::exit_group, 7), testing::ExitedWithCode(7), "");
}

}  // namespace
}  // namespace vdsokit::personality
