// SPDX-License-Identifier: BSD-2-Clause
#include "hosts/personality/narrow/narrow_calls.h"

#include "linux_call.h"
#include "linux_narrow.h"

#include "hosts/personality/files/call_functions.h"
#include "hosts/personality/files/call_tools.h"
#include "hosts/personality/narrow/signal_frame.h"
#include "hosts/personality/process/signal_calls.h"

namespace vdsokit::personality {

namespace {

// The same call with other arguments.
Call with(Call& call, u64 const (&arguments)[6]) {
    return {.thread = call.thread,
            .process = call.process,
            .arguments = arguments,
            .first_attempt = call.first_attempt,
            .timed_out = call.timed_out,
            .deadline = call.deadline,
            .progress = call.progress,
            .interrupted = call.interrupted};
}

// llseek(file, high, low, *position, whence)
Outcome llseek(Call& call) {
    u64 const arguments[6] = {call.argument(0), call.argument(1) << 32 | call.argument(2),
                              call.argument(4)};
    Call seek = with(call, arguments);
    Outcome const moved = file_call::lseek(seek);
    if (moved.value() < 0) return moved;
    return store(call, 3, moved.value());
}

// Unlike dup3, it does nothing where both numbers are one.
Outcome dup2(Call& call) {
    if (call.number(0) != call.number(1)) {
        u64 const arguments[6] = {call.argument(0), call.argument(1)};
        Call duplicate = with(call, arguments);
        return file_call::dup3(duplicate);
    }
    if (file_or_path_at(call, 0) == nullptr) return Outcome::error(Errno::badf);
    return Outcome::done(call.argument(0));
}

Outcome return_from(Call& call, bool has_info) {
    if (leave_narrow_handler(call.thread, has_info)) return Outcome::leave_registers();
    return forged_frame(call);
}
Outcome sigreturn(Call& call) { return return_from(call, false); }
Outcome rt_sigreturn(Call& call) { return return_from(call, true); }

// Instructions that were written through one mapping are made visible where they are executed.
Outcome cacheflush(Call& call) {
    u64 const start = call.argument(0);
    u64 const end = call.argument(1);
    if (end < start || call.argument(2) != 0) return Outcome::error(Errno::inval);
    Memory& memory = call.process.memory();
    for (VirtualAddress page = memory.space().next_mapped({kit::align_down(start, page_size)});
         page.value < end; page = memory.space().next_mapped({page.value + page_size})) {
        auto const mapped = memory.space().lookup(page);
        if (mapped.access == Access::read_execute) host::publish_code(mapped.frame);
    }
    return Outcome::done(0);
}

Outcome set_tls(Call& call) {
    arch::set_linux_tls(call.thread.registers(), call.argument(0));
    return Outcome::done(0);
}

namespace number = arch::narrow::call;

}  // namespace

constinit SystemCallRow const narrow_calls[] = {
    {number::dup2, "dup2", dup2},
    {number::sigreturn, "sigreturn", sigreturn},
    {number::llseek, "_llseek", llseek},
    {number::rt_sigreturn, "rt_sigreturn", rt_sigreturn},
    {number::cacheflush, "cacheflush", cacheflush},
    {number::set_tls, "set_tls", set_tls},
};
constinit u64 const narrow_call_count = sizeof(narrow_calls) / sizeof(narrow_calls[0]);

}  // namespace vdsokit::personality
