// SPDX-License-Identifier: BSD-2-Clause
// sigaltstack. [Linux kernel/signal.c do_sigaltstack; include/linux/sched/signal.h]
#pragma once

#include "hosts/personality/process/thread.h"

namespace vdsokit::personality {

inline constexpr u32 stack_is_in_use = 1;  // SS_ONSTACK
inline constexpr u32 stack_disabled = 2;   // SS_DISABLE
inline constexpr u32 stack_auto_disarm = 1u << 31;

// One that disarms itself is never "in use": the handler may leave it by longjmp.
constexpr bool is_on_alternate_stack(AlternateStack const& stack, u64 pointer) {
    if ((stack.flags & stack_auto_disarm) != 0 || stack.size == 0) return false;
    return pointer > stack.base && pointer - stack.base <= stack.size;
}

constexpr i32 alternate_stack_flags(AlternateStack const& stack, u64 pointer) {
    u32 const state = stack.size == 0                         ? stack_disabled
                      : is_on_alternate_stack(stack, pointer) ? stack_is_in_use
                                                              : 0;
    return static_cast<i32>(state | (stack.flags & stack_auto_disarm));
}

// 0, or a negative errno: perm while the thread is on it, inval, nomem when it is too small.
i32 set_alternate_stack(Thread& thread, AlternateStack const& wanted, u64 pointer);

Outcome alternate_stack_call(Call& call);

}  // namespace vdsokit::personality
