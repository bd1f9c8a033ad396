// SPDX-License-Identifier: BSD-2-Clause
// Threads: those of programs, whose faults come to wait(), and the root task's own.
#pragma once

#include "hosts/sel4/objects/capabilities.h"

namespace vdsokit::sel4 {

// It runs below the root task.
[[nodiscard]] bool configure_thread(ThreadCap thread, SpaceCap space);
void read_registers(ThreadCap thread, seL4_UserContext& context);              // and stops it
void write_registers(ThreadCap thread, seL4_UserContext& context, u64 count);  // and resumes it

// A thread in the root task's own space: where it begins, with what in x0, on which stack, and its
// thread-local variables.
struct OwnThread {
    void (*entry)(u64);
    u64 argument;
    u8* stack_top;
    u8* thread_block;
};

// The helper has the programs' priority; it begins at once. `entry` is given the argument for
// signal_tick().
[[nodiscard]] bool start_helper(PageUntyped page, OwnThread start);
void signal_tick(u64 argument);
void resume_helper();
void stop_helper();

// The watcher has the root task's priority, and what it waits for are the faults of the root task
// and of its helper. Its IPC buffer is a frame of the root task's at this address.
[[nodiscard]] bool start_watcher(PageUntyped page, FrameCap buffer, u64 address, OwnThread start);
// Returns at once after a fault; the thread stands still. By the watcher alone.
seL4_MessageInfo_t wait_for_own_fault();

// Nothing of the root task runs on.
[[noreturn]] void stop_running();

}  // namespace vdsokit::sel4
