// SPDX-License-Identifier: BSD-2-Clause
#include "hosts/personality/process/scheduling.h"

#include "hosts/personality/memory/memory.h"
#include "hosts/personality/process/deadlines.h"
#include "hosts/personality/process/process.h"

namespace vdsokit::personality {

namespace {

constexpr u64 affinity_bytes = 8;  // what Linux answers where there are up to 64 CPUs

bool is_known(Call& call, i32 id) {
    return id == 0 || id == call.thread.id() || Thread::find(id) != nullptr;
}

constexpr i32 policy_other = 0, policy_fifo = 1, policy_round_robin = 2, policy_batch = 3,
              policy_idle = 5;

bool is_policy(i32 policy) {
    return (policy >= policy_other && policy <= policy_batch) || policy == policy_idle;
}
bool is_realtime(i32 policy) { return policy == policy_fifo || policy == policy_round_robin; }

// SCHED_OTHER has priority 0 alone.
Outcome load_priority_zero(Call& call, u32 argument) {
    i32 priority = 0;
    if (call.argument(argument) == 0) return Outcome::error(Errno::inval);
    if (!call.process.memory().load(priority, call.address(argument)))
        return Outcome::error(Errno::fault);
    return priority == 0 ? Outcome::done(0) : Outcome::error(Errno::inval);
}

}  // namespace

// One that becomes runnable stands behind all others that are.
Outcome sched_yield_call(Call& call) {
    call.thread.stop();
    call.thread.run();
    return Outcome::done(0);
}

Outcome sched_getaffinity_call(Call& call) {
    u64 const size = call.argument(1) & 0xffff'ffff;
    if (!is_known(call, call.number(0))) return Outcome::error(Errno::srch);
    if (size < affinity_bytes || size % 8 != 0) return Outcome::error(Errno::inval);
    u64 const first_cpu = 1;
    if (!call.process.memory().store(call.address(2), first_cpu))
        return Outcome::error(Errno::fault);
    return Outcome::done(affinity_bytes);
}

Outcome sched_setaffinity_call(Call& call) {
    u8 first = 0;
    if (!is_known(call, call.number(0))) return Outcome::error(Errno::srch);
    if ((call.argument(1) & 0xffff'ffff) == 0) return Outcome::error(Errno::inval);
    if (!call.process.memory().load(first, call.address(2))) return Outcome::error(Errno::fault);
    return (first & 1) != 0 ? Outcome::done(0) : Outcome::error(Errno::inval);
}

Outcome sched_getscheduler_call(Call& call) {
    if (call.number(0) < 0) return Outcome::error(Errno::inval);
    return is_known(call, call.number(0)) ? Outcome::done(policy_other)
                                          : Outcome::error(Errno::srch);
}

Outcome sched_setscheduler_call(Call& call) {
    if (call.number(0) < 0 || !is_policy(call.number(1))) return Outcome::error(Errno::inval);
    if (!is_known(call, call.number(0))) return Outcome::error(Errno::srch);
    if (call.number(1) != policy_other) return Outcome::error(Errno::perm);
    return load_priority_zero(call, 2);
}

Outcome sched_getparam_call(Call& call) {
    if (call.number(0) < 0 || call.argument(1) == 0) return Outcome::error(Errno::inval);
    if (!is_known(call, call.number(0))) return Outcome::error(Errno::srch);
    if (!call.process.memory().store(call.address(1), i32{0})) return Outcome::error(Errno::fault);
    return Outcome::done(0);
}

Outcome sched_setparam_call(Call& call) {
    if (call.number(0) < 0) return Outcome::error(Errno::inval);
    if (!is_known(call, call.number(0))) return Outcome::error(Errno::srch);
    return load_priority_zero(call, 1);
}

Outcome sched_get_priority_min_call(Call& call) {
    if (!is_policy(call.number(0))) return Outcome::error(Errno::inval);
    return Outcome::done(is_realtime(call.number(0)) ? 1 : 0);
}

Outcome sched_get_priority_max_call(Call& call) {
    if (!is_policy(call.number(0))) return Outcome::error(Errno::inval);
    return Outcome::done(is_realtime(call.number(0)) ? 99 : 0);
}

Outcome sched_rr_get_interval_call(Call& call) {
    if (call.number(0) < 0) return Outcome::error(Errno::inval);
    if (!is_known(call, call.number(0))) return Outcome::error(Errno::srch);
    // Nobody is SCHED_RR.
    if (!store_time(call, call.address(1), {0, 0})) return Outcome::error(Errno::fault);
    return Outcome::done(0);
}

Outcome getpriority_call(Call& call) {
    if (call.number(0) < 0 || call.number(0) > 2) return Outcome::error(Errno::inval);
    constexpr u64 nice_zero = 20;  // 20 - nice, so that it is never negative
    return Outcome::done(nice_zero);
}

Outcome setpriority_call(Call& call) {
    if (call.number(0) < 0 || call.number(0) > 2) return Outcome::error(Errno::inval);
    return Outcome::done(0);
}

Outcome getcpu_call(Call& call) {
    for (u32 i = 0; i < 2; ++i)
        if (call.argument(i) != 0 && !call.process.memory().store(call.address(i), u32{0}))
            return Outcome::error(Errno::fault);
    return Outcome::done(0);
}

// While a call is answered no thread runs, and entering and leaving the host is a full barrier: so
// each command is done before it begins. [include/uapi/linux/membarrier.h]
Outcome membarrier_call(Call& call) {
    constexpr i32 query = 0;
    constexpr u32 global = 1, global_expedited = 2, register_global = 4, private_expedited = 8,
                  register_private = 16;
    constexpr u32 served =
        global | global_expedited | register_global | private_expedited | register_private;
    i32 const command = call.number(0);
    if (call.number(1) != 0) return Outcome::error(Errno::inval);
    if (command == query) return Outcome::done(served);
    u32 const bit = static_cast<u32>(command);
    bool const is_one = command > 0 && (bit & (bit - 1)) == 0;
    return is_one && (bit & served) != 0 ? Outcome::done(0) : Outcome::error(Errno::inval);
}

}  // namespace vdsokit::personality
