// SPDX-License-Identifier: BSD-2-Clause
// [Linux kernel/futex/syscalls.c, waitwake.c, requeue.c; include/uapi/linux/futex.h]
#include "hosts/personality/process/futex.h"

#include "hosts/personality/files/now.h"
#include "hosts/personality/process/clock.h"
#include "hosts/personality/process/deadlines.h"
#include "hosts/personality/process/futex_queue.h"
#include "hosts/personality/process/process.h"

namespace vdsokit::personality {

namespace {

u64 deadline_of(Thread& thread, kit::Timespec at) {
    Clock clock;
    static_cast<void>(find_clock(static_cast<i32>(abi::ClockId::monotonic), thread, clock));
    return deadline_on(clock, nanoseconds_of(at));
}

constexpr u32 op_wait = 0, op_wake = 1, op_requeue = 3, op_cmp_requeue = 4, op_wake_op = 5,
              op_wait_bitset = 9, op_wake_bitset = 10;
constexpr u32 flag_private = 128, flag_realtime = 256;

// False: not aligned (EINVAL) or not readable (EFAULT).
bool find_word(Call& call, u32 argument, WaitKey& key, Outcome& failed) {
    VirtualAddress const word = call.address(argument);
    if (word.value % sizeof(u32) != 0) {
        failed = Outcome::error(Errno::inval);
        return false;
    }
    failed = Outcome::error(Errno::fault);
    return call.process.memory().word_key(word, key);
}

Outcome wait_on_word(Call& call, bool has_bits, bool is_realtime) {
    Thread& thread = call.thread;
    if (call.first_attempt) {
        u32 const bits = has_bits ? static_cast<u32>(call.argument(5)) : any_bits;
        if (bits == 0) return Outcome::error(Errno::inval);
        WaitKey word;
        Outcome failed = Outcome::done(0);
        if (!find_word(call, 0, word, failed)) return failed;
        u32 now = 0;
        if (!call.process.memory().load(now, call.address(0))) return Outcome::error(Errno::fault);
        kit::Timespec checked{};
        if (call.argument(3) != 0 && !load_time(call, call.address(3), checked, failed))
            return failed;
        if (now != static_cast<u32>(call.argument(2))) return Outcome::error(Errno::again);
        queue_futex(thread, word, bits);
    } else if (!is_queued(thread)) {
        return Outcome::done(0);
    }

    u64 deadline = no_deadline;
    bool const has_deadline = call.argument(3) != 0;
    if (has_deadline && has_bits) {
        kit::Timespec until{};
        Outcome failed = Outcome::done(0);
        if (!load_time(call, call.address(3), until, failed)) {
            leave_futex(thread);
            return failed;
        }
        deadline = is_realtime ? realtime_deadline(until) : deadline_of(thread, until);
        if (is_realtime) thread.follow_realtime();
    } else if (has_deadline) {
        deadline = call.deadline;
        if (call.first_attempt) {
            kit::Timespec span{};
            Outcome failed = Outcome::done(0);
            if (!load_time(call, call.address(3), span, failed)) {
                leave_futex(thread);
                return failed;
            }
            deadline = deadline_after(span);
        }
    }
    if (has_deadline && has_passed(deadline)) {
        leave_futex(thread);
        return Outcome::error(Errno::timedout);
    }
    if (call.interrupted) {
        // A wait with a time limit must not begin anew with the whole of it.
        leave_futex(thread);
        if (has_deadline) return Outcome::error(Errno::intr);
    }
    return Outcome::wait({&thread.futex, 0}, deadline);
}

Outcome requeue(Call& call, bool compares) {
    i32 const wake_count = call.number(2);
    i32 const move_count = call.number(3);
    if (wake_count < 0 || move_count < 0) return Outcome::error(Errno::inval);
    WaitKey from;
    WaitKey to;
    Outcome failed = Outcome::done(0);
    if (!find_word(call, 0, from, failed) || !find_word(call, 4, to, failed)) return failed;
    if (compares) {
        u32 now = 0;
        if (!call.process.memory().load(now, call.address(0))) return Outcome::error(Errno::fault);
        if (now != static_cast<u32>(call.argument(5))) return Outcome::error(Errno::again);
    }
    u32 const woken = wake_word(from, static_cast<u32>(wake_count), any_bits);
    return Outcome::done(woken + requeue_word(from, to, static_cast<u32>(move_count)));
}

// The operation and comparison that FUTEX_WAKE_OP packs into one word.
struct PackedOperation {
    u32 kind, comparison;
    i32 operand, compared;
};

PackedOperation unpack(u32 packed) {
    auto const extend = [](u32 bits) { return static_cast<i32>(bits << 20) >> 20; };
    PackedOperation out{(packed >> 28) & 7, (packed >> 24) & 15, extend((packed >> 12) & 0xfff),
                        extend(packed & 0xfff)};
    if ((packed >> 31) != 0) out.operand = static_cast<i32>(u32{1} << (out.operand & 31));
    return out;
}

bool apply(PackedOperation const& operation, u32 old, u32& changed) {
    u32 const operand = static_cast<u32>(operation.operand);
    switch (operation.kind) {
    case 0: changed = operand; return true;
    case 1: changed = old + operand; return true;
    case 2: changed = old | operand; return true;
    case 3: changed = old & ~operand; return true;
    case 4: changed = old ^ operand; return true;
    }
    return false;
}

bool compare(PackedOperation const& operation, i32 old, bool& holds) {
    switch (operation.comparison) {
    case 0: holds = old == operation.compared; return true;
    case 1: holds = old != operation.compared; return true;
    case 2: holds = old < operation.compared; return true;
    case 3: holds = old <= operation.compared; return true;
    case 4: holds = old > operation.compared; return true;
    case 5: holds = old >= operation.compared; return true;
    }
    return false;
}

Outcome wake_with_operation(Call& call) {
    WaitKey first;
    WaitKey second;
    Outcome failed = Outcome::done(0);
    if (!find_word(call, 0, first, failed) || !find_word(call, 4, second, failed)) return failed;
    Memory& memory = call.process.memory();
    PackedOperation const operation = unpack(static_cast<u32>(call.argument(5)));
    u32 old = 0;
    u32 changed = 0;
    bool holds = false;
    // No thread runs meanwhile, so load and store are one step to all of them.
    if (!memory.load(old, call.address(4))) return Outcome::error(Errno::fault);
    if (!apply(operation, old, changed) || !compare(operation, static_cast<i32>(old), holds))
        return Outcome::error(Errno::nosys);
    if (!memory.store(call.address(4), changed)) return Outcome::error(Errno::fault);
    u32 woken = wake_word(first, static_cast<u32>(call.argument(2)), any_bits);
    if (holds) woken += wake_word(second, static_cast<u32>(call.argument(3)), any_bits);
    return Outcome::done(woken);
}

Outcome wake_words(Call& call, bool has_bits) {
    u32 const bits = has_bits ? static_cast<u32>(call.argument(5)) : any_bits;
    if (bits == 0) return Outcome::error(Errno::inval);
    WaitKey word;
    Outcome failed = Outcome::done(0);
    if (!find_word(call, 0, word, failed)) return failed;
    // Linux looks at the count after the first thread, so 0 and less wake one.
    i32 const count = call.number(2);
    return Outcome::done(wake_word(word, count < 1 ? 1 : static_cast<u32>(count), bits));
}

}  // namespace

void wake_futex(Memory& memory, VirtualAddress word, u32 count) {
    WaitKey key;
    if (word.value % sizeof(u32) == 0 && memory.word_key(word, key))
        static_cast<void>(wake_word(key, count, any_bits));
}

Outcome futex_call(Call& call) {
    u32 const flags = static_cast<u32>(call.argument(1));
    u32 const operation = flags & ~(flag_private | flag_realtime);
    bool const is_realtime = (flags & flag_realtime) != 0;
    if (is_realtime && operation != op_wait && operation != op_wait_bitset)
        return Outcome::error(Errno::nosys);
    switch (operation) {
    case op_wait: return wait_on_word(call, false, is_realtime);
    case op_wait_bitset: return wait_on_word(call, true, is_realtime);
    case op_wake: return wake_words(call, false);
    case op_wake_bitset: return wake_words(call, true);
    case op_requeue: return requeue(call, false);
    case op_cmp_requeue: return requeue(call, true);
    case op_wake_op: return wake_with_operation(call);
    }
    return Outcome::error(Errno::nosys);
}

}  // namespace vdsokit::personality
