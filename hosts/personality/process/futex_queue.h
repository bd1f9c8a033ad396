// SPDX-License-Identifier: BSD-2-Clause
// The queues of threads that wait for words, in the order in which they came.
#pragma once

#include "hosts/personality/process/thread.h"

namespace vdsokit::personality {

inline constexpr u32 any_bits = ~u32{0};

void queue_futex(Thread& thread, WaitKey word, u32 bits);
inline bool is_queued(Thread& thread) { return thread.futex.is_linked(); }
// Wakes up to `count` whose bits meet `bits`; returns how many.
u32 wake_word(WaitKey word, u32 count, u32 bits);
// Moves up to `count` to the queue of `to`; returns how many.
u32 requeue_word(WaitKey from, WaitKey to, u32 count);

}  // namespace vdsokit::personality
