// SPDX-License-Identifier: BSD-2-Clause
// unshare(CLONE_NEWTIME), and /proc/<id>/timens_offsets: the offsets of the group in which the
// process's children begin.
#pragma once

#include "hosts/personality/call.h"
#include "hosts/personality/outcome.h"
#include "hosts/personality/process/process.h"
#include "hosts/personality/text.h"

namespace vdsokit::personality {

Outcome unshare_call(Call& call);

void write_time_offsets(Process* process, Text& text);
// What a program wrote to the file. Errors: access (a process is in the group already, or it is the
// host's own), inval, range.
Outcome read_time_offsets(Process& process, u8 const* bytes, u64 size);

}  // namespace vdsokit::personality
