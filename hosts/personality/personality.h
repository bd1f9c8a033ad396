// SPDX-License-Identifier: BSD-2-Clause
// The entry points that a host calls. One at a time, never nested, never from two CPUs.
#pragma once

#include "hosts/personality/seam.h"
#include "kit/core/bytes.h"

namespace vdsokit::personality {

// How the vDSO is given to processes.
enum class VdsoMode : u8 {
    none,    // no AT_SYSINFO_EHDR
    shared,  // checked, preloaded once, mapped at each exec
    rel4,    // as rel4-linux-kit does it: 0x2000 bytes unchecked, fixed at 0x4_0000_0000, no
             // publish, that kit's eight auxv entries only
};

struct Boot {
    kit::Bytes initramfs;  // cpio newc; stays valid for ever
    VdsoMode vdso;
    bool vdso_fixed =
        false;      // shared: at 0x4_0000_0000 in every process instead of a random address
    bool terminal;  // the console is a terminal (line discipline on), else a byte stream
    bool stats;     // one line per process that ends, and one at shutdown
    bool verbose;   // host messages
    u16 rows;       // of the terminal; 0 unknown
    u16 columns;
};

// Unpacks the initramfs, preloads /vdso.so, and starts process 1 as /.boot/argv and /.boot/envp say
// (NUL-terminated strings, one after the other; argv[0] is the path). When process 1 ends, the host
// is shut down with its status (128 + n for a signal). Shuts down with 127 or 126 and a message if
// it cannot be started.
void start(Boot const& boot);

// A thread executed the system call instruction; its registers are as at the trap, pc behind it.
void on_system_call(host::Thread& thread);
void on_fault(host::Thread& thread, host::Fault fault);
// The time that set_timer() asked for has come. A host with a tick may call it at every tick.
void on_timer();
// The host's generator, from which fill_random() takes, was seeded anew; keys that programs drew
// before are out of date. The first seed needs no call: it was there before start().
void on_reseed();
// console_read() has something, or the console's input has ended.
void on_console_input();
// The terminal that the console stands for has changed its size.
void on_console_resized(u16 rows, u16 columns);

}  // namespace vdsokit::personality
