// SPDX-License-Identifier: BSD-2-Clause
// Processes that make random system calls with hostile arguments, under the sanitizers: nothing but
// they themselves may come to harm, and all memory comes back.
#include <gtest/gtest.h>

#include <random>

#include "guest.h"

namespace vdsokit::personality {
namespace {

class Hostile {
public:
    explicit Hostile(u64 seed) : random_(seed) {}

    u64 argument(Thread& thread) {
        u64 const values[] = {0,
                              1,
                              2,
                              3,
                              4,
                              8,
                              16,
                              24,
                              64,
                              4095,
                              4096,
                              ~u64{0},
                              ~u64{0} - 7,
                              0x7fff'ffff,
                              0x8000'0000,
                              0xffff'ffff,
                              u64{1} << 32,
                              u64{1} << 47,
                              u64{1} << 63,
                              read_only_page,
                              data_start,
                              data_start + 8,
                              data_start + 1,
                              data_start + 4096,
                              data_start + data_size - 4,
                              thread.registers().sp,
                              static_cast<u64>(thread.id()),
                              static_cast<u64>(-thread.id()),
                              random_() % 70,
                              random_() % 1024,
                              u64{1} << (random_() % 64),
                              random_()};
        return values[random_() % (sizeof(values) / sizeof(values[0]))];
    }
    u64 next() { return random_(); }

private:
    std::mt19937_64 random_;
};

// A signal to everyone, or to process 1, would end the test.
bool would_end_the_test(u64 number) {
    return number == nr::kill || number == 130 || number == nr::tgkill || number == 138 ||
           number == 240;
}

void scribble(Guest& guest, Thread& thread, Hostile& hostile) {
    for (u64 at = 0; at < 512; at += 8)
        if (thread.process().memory().store({data_start + at}, hostile.argument(thread))) continue;
    static_cast<void>(guest);
}

void run_hostile_process(Guest& guest, u64 seed) {
    Hostile hostile(seed);
    i32 const id = guest.fork(guest.first()).id();
    scribble(guest, *Thread::find(id), hostile);
    for (u32 i = 0; i < 400; ++i) {
        // Any thread that can run: its own threads and children too.
        Thread* thread = nullptr;
        for (Process* at = Process::next_after(1); at != nullptr;
             at = Process::next_after(at->id()))
            for (Thread& candidate : at->threads)
                if (candidate.runs() && (thread == nullptr || hostile.next() % 3 == 0))
                    thread = &candidate;
        if (thread == nullptr) break;
        u64 const number = hostile.next() % 16 == 0 ? hostile.next() : hostile.next() % 300;
        if (would_end_the_test(number)) continue;
        if (hostile.next() % 20 == 0) thread->registers().sp = hostile.argument(*thread);
        if (hostile.next() % 20 == 0 && thread->process().memory().store({data_start}, u64{0}))
            scribble(guest, *thread, hostile);
        u64 arguments[6];
        for (u64& argument : arguments) argument = hostile.argument(*thread);
        guest.call(*thread, number, arguments[0], arguments[1], arguments[2], arguments[3],
                   arguments[4], arguments[5]);
        if (hostile.next() % 10 == 0) guest.pass(hostile.next() % 3'000'000);
    }
    // By id: one that is killed may be gone at once.
    i32 id_of_last = 1;
    while (Process* const at = Process::next_after(id_of_last)) {
        id_of_last = at->id();
        guest.call(guest.first(), nr::kill, static_cast<u64>(id_of_last), 9);
    }
    while (guest.call(guest.first(), nr::wait4, ~u64{0}, 0, 1 | 0x4000'0000, 0) > 0) continue;
}

TEST(RandomCalls, HarmNobodyElseAndGiveAllMemoryBack) {
    Guest guest;
    host::fake_host().frames_total = 20'000;
    // Whatever process 1 is told of its children must not end it.
    for (i32 number = 1; number <= 64; ++number)
        if (!SignalSet{unblockable}.has(number))
            guest.first().process().actions->of(number).handler = ignore_handler;
    guest.first().process().actions->of(signal_number::child).handler = default_handler;
    run_hostile_process(guest, 0);
    guest.call(guest.first(), nr::getpid);
    u64 const before = host::fake_host().frames_used;
    for (u64 seed = 1; seed <= 150; ++seed) {
        run_hostile_process(guest, seed);
        guest.call(guest.first(), nr::getpid);
        Process* const left = Process::next_after(1);
        ASSERT_EQ(left, nullptr) << "seed " << seed << ": process " << left->id() << " of "
                                 << left->parent_id() << (left->zombie ? " is a zombie" : "")
                                 << (left->stopped ? " is stopped" : "");
    }
    // What such a process wrote to /tmp or /dev stays; leaks of process/ would grow with each.
    EXPECT_LT(host::fake_host().frames_used, before + 1000);
}

}  // namespace
}  // namespace vdsokit::personality
