// SPDX-License-Identifier: BSD-2-Clause
// What process/ calls to bring the vDSO and process 1 up, in this order, and to say at shutdown
// what exec did.
#pragma once

#include "hosts/personality/memory/memory.h"
#include "hosts/personality/personality.h"

namespace vdsokit::personality {

class Process;
class Thread;

// After start_files() and with process 1 made (its memory may be empty): reads /vdso.so once, and
// /vdso32.so where 32-bit programs run, as `boot` says, and publishes the time in its time page. An
// image that is missing or refused is a host message; every process then runs without
// AT_SYSINFO_EHDR.
void start_vdso(Process& first, Boot const& boot);

// Gives process 1 its program, as /.boot/argv and /.boot/envp say. An error has been shown.
Attempt<Nothing> start_first_program(Thread& thread);

struct ExecCounters {
    u64 preloads = 0;              // times that an image was copied into frames
    u64 vdso_frames = 0;           // which all processes share
    u64 vdso_maps = 0;             // execs that mapped them
    u64 bytes_copied_at_exec = 0;  // of the image, since the preload
};
ExecCounters exec_counters();

}  // namespace vdsokit::personality
