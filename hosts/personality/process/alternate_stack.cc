// SPDX-License-Identifier: BSD-2-Clause
#include "hosts/personality/process/alternate_stack.h"

#include "linux_signal.h"

#include "hosts/personality/memory/memory.h"
#include "hosts/personality/process/process.h"

namespace vdsokit::personality {

i32 set_alternate_stack(Thread& thread, AlternateStack const& wanted, u64 pointer) {
    if (is_on_alternate_stack(thread.alternate_stack, pointer))
        return -static_cast<i32>(Errno::perm);
    u32 const mode = wanted.flags & ~stack_auto_disarm;
    if (mode != 0 && mode != stack_is_in_use && mode != stack_disabled)
        return -static_cast<i32>(Errno::inval);
    if (mode == stack_disabled) {
        thread.alternate_stack = {.base = 0, .size = 0, .flags = wanted.flags};
        return 0;
    }
    if (wanted.size < arch::smallest_signal_stack(thread.registers()))
        return -static_cast<i32>(Errno::nomem);
    if (wanted.base > ~u64{0} - wanted.size) return -static_cast<i32>(Errno::nomem);
    thread.alternate_stack = wanted;
    return 0;
}

Outcome alternate_stack_call(Call& call) {
    Thread& thread = call.thread;
    Memory& memory = call.process.memory();
    u64 const pointer = arch::signal_stack_pointer(thread.registers());
    arch::UserStack wanted{};
    bool const sets = call.argument(0) != 0;
    if (sets && !memory.load(wanted, call.address(0))) return Outcome::error(Errno::fault);
    AlternateStack const& now = thread.alternate_stack;
    arch::UserStack const old{now.base, alternate_stack_flags(now, pointer), 0, now.size};
    if (sets) {
        i32 const error = set_alternate_stack(
            thread, {wanted.base, wanted.size, static_cast<u32>(wanted.flags)}, pointer);
        if (error != 0) return Outcome::done(static_cast<u64>(i64{error}));
    }
    if (call.argument(1) != 0 && !memory.store(call.address(1), old))
        return Outcome::error(Errno::fault);
    return Outcome::done(0);
}

}  // namespace vdsokit::personality
