// SPDX-License-Identifier: BSD-2-Clause
#include "hosts/personality/process/futex_queue.h"

#include "hosts/personality/process/futex.h"

namespace vdsokit::personality {

namespace {

constexpr u64 buckets = 256;
constinit List<FutexWait, ByFutexWord> queues[buckets];

List<FutexWait, ByFutexWord>& queue_of(WaitKey word) {
    u64 const value = reinterpret_cast<std::uintptr_t>(word.object) ^ word.detail;
    return queues[((value >> 2) ^ (value >> 10) ^ (value >> 18)) % buckets];
}

}  // namespace

void queue_futex(Thread& thread, WaitKey word, u32 bits) {
    FutexWait& entry = thread.futex;
    entry.unlink();
    entry.thread = &thread;
    entry.word = word;
    entry.bits = bits;
    queue_of(word).push_back(entry);
}

void leave_futex(Thread& thread) { thread.futex.unlink(); }

u32 wake_word(WaitKey word, u32 count, u32 bits) {
    u32 woken = 0;
    for (FutexWait& entry : queue_of(word)) {
        if (woken == count) break;
        if (entry.word != word || (entry.bits & bits) == 0) continue;
        entry.unlink();
        wake({&entry, 0});
        woken += 1;
    }
    return woken;
}

u32 requeue_word(WaitKey from, WaitKey to, u32 count) {
    u32 moved = 0;
    for (FutexWait& entry : queue_of(from)) {
        if (moved == count) break;
        if (entry.word != from) continue;
        if (from != to) {
            entry.unlink();
            entry.word = to;
            queue_of(to).push_back(entry);
        }
        moved += 1;
    }
    return moved;
}

}  // namespace vdsokit::personality
