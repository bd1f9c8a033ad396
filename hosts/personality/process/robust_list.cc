// SPDX-License-Identifier: BSD-2-Clause
// Locks whose owner died. The list is the process's own memory: any of it may be forged, and it may
// be a ring. [Linux Documentation/locking/robust-futexes.rst, kernel/futex/core.c]
#include "hosts/personality/process/futex.h"
#include "hosts/personality/process/process.h"

namespace vdsokit::personality {

namespace {

struct RobustHead {
    u64 first;
    i64 word_offset;
    u64 pending;
};

// Three words of the process.
u64 head_size(Memory const& memory) { return 3 * memory.layout().word_size; }

bool load_head(Memory& memory, VirtualAddress from, RobustHead& head) {
    u64 const word_size = memory.layout().word_size;
    u64 offset = 0;
    if (!memory.load_word(head.first, from) ||
        !memory.load_word(offset, {from.value + word_size}) ||
        !memory.load_word(head.pending, {from.value + 2 * word_size}))
        return false;
    head.word_offset =
        word_size == 8 ? static_cast<i64>(offset) : i64{static_cast<i32>(static_cast<u32>(offset))};
    return true;
}

constexpr u32 owner_mask = 0x3fff'ffff, owner_died = 0x4000'0000, has_waiters = 0x8000'0000;
constexpr u32 longest_list = 2048;
constexpr u64 is_inheriting = 1;  // bit 0 of a link: a priority inheritance lock

void mark_dead(Thread& thread, u64 entry, i64 offset, bool is_pending) {
    Memory& memory = thread.process().memory();
    VirtualAddress const word{(entry & ~is_inheriting) + static_cast<u64>(offset)};
    u32 value = 0;
    if (word.value % sizeof(u32) != 0 || !memory.load(value, word)) return;
    // Unlocked but not yet woken: the waiter would sleep for ever.
    if (is_pending && value == 0) wake_futex(memory, word, 1);
    if ((value & owner_mask) != static_cast<u32>(thread.id())) return;
    if (!memory.store(word, (value & has_waiters) | owner_died)) return;
    if ((value & has_waiters) != 0) wake_futex(memory, word, 1);
}

}  // namespace

void leave_robust_list(Thread& thread) {
    VirtualAddress const head_at = thread.robust_list;
    thread.robust_list = {0};
    RobustHead head;
    Memory& memory = thread.process().memory();
    if (head_at.value == 0 || !load_head(memory, head_at, head)) return;
    u64 entry = head.first;
    for (u32 i = 0; i < longest_list; ++i) {
        if ((entry & ~is_inheriting) == head_at.value) break;
        u64 next = 0;
        // Read before the entry is marked: its memory may be freed by whoever gets the lock.
        bool const has_next = memory.load_word(next, {entry & ~is_inheriting});
        if (entry != head.pending) mark_dead(thread, entry, head.word_offset, false);
        if (!has_next) break;
        entry = next;
    }
    if (head.pending != 0) mark_dead(thread, head.pending, head.word_offset, true);
}

Outcome set_robust_list_call(Call& call) {
    if (call.argument(1) != head_size(call.process.memory())) return Outcome::error(Errno::inval);
    call.thread.robust_list = call.address(0);
    return Outcome::done(0);
}

Outcome get_robust_list_call(Call& call) {
    i32 const id = call.number(0);
    Thread* const thread = id == 0 ? &call.thread : Thread::find(id);
    if (thread == nullptr) return Outcome::error(Errno::srch);
    Memory& memory = call.process.memory();
    u64 const size = head_size(memory);
    if (!memory.store(call.address(2), size) ||
        !memory.store(call.address(1), thread->robust_list.value))
        return Outcome::error(Errno::fault);
    return Outcome::done(0);
}

}  // namespace vdsokit::personality
