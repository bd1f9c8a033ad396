// SPDX-License-Identifier: BSD-2-Clause
// The process that a supervisor runs in, and the guardian above it. Where one of them is killed, the
// other starts another with the same files: an exec in the tree would fail for ever if nobody held
// the listener, and a page from the counter would run on with nobody to steer it.
#pragma once

#include "hosts/linux/exec_listener.h"
#include "hosts/linux/injection.h"
#include "hosts/linux/shared_clock.h"

namespace vdsokit::on_linux {

struct SupervisorStart {
    int channel;      // the listener comes by it
    int program_end;  // of the channel: closed here, so that the program's death is seen
    u64 tree;         // the inode of its file
    Payload payload;
    ExecListener& listener;
    SharedClock& clock;
    bool verbose;
};

// Called in a freshly forked process; leaves its session, its directory and its files behind.
[[noreturn]] void run_supervisor_process(SupervisorStart const& start);

}  // namespace vdsokit::on_linux
