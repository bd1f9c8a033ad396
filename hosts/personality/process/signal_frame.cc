// SPDX-License-Identifier: BSD-2-Clause
// Into a handler and back. The frame's bytes are the CPU's (arch/<cpu>/linux_signal.h).
#include "linux_signal.h"

#include "hosts/personality/memory/memory.h"
#include "hosts/personality/narrow/signal_frame.h"
#include "hosts/personality/process/alternate_stack.h"
#include "hosts/personality/process/delivery.h"

namespace vdsokit::personality {

namespace {

// Too large for a host's stack; one event at a time uses it.
constinit arch::SignalFrame frame_buffer{};

// Where the handler's stack begins.
u64 stack_top(Thread& thread, SignalAction const& action) {
    u64 const now = arch::signal_stack_pointer(thread.registers());
    AlternateStack const& alternate = thread.alternate_stack;
    bool const wants_alternate = (action.flags & action_flag::on_stack) != 0 && alternate.size != 0;
    return wants_alternate && !is_on_alternate_stack(alternate, now)
               ? alternate.base + alternate.size
               : now;
}

}  // namespace

bool enter_signal_handler(Thread& thread, SignalAction const& action, SignalInfo const& info,
                          SignalSet saved_mask) {
    Process& process = thread.process();
    host::Registers& registers = thread.registers();
    u64 const top = stack_top(thread, action);
    if (arch::is_narrow(registers))
        return enter_narrow_handler(thread, action, info, saved_mask, top);
    arch::SignalPlaces places;
    if (!arch::place_signal_frame(top, places)) return false;
    AlternateStack const& alternate = thread.alternate_stack;
    // Growing out of the alternate stack would write over what lies below it.
    if (is_on_alternate_stack(alternate, top) && !is_on_alternate_stack(alternate, places.frame))
        return false;

    thread.fetch_vectors();
    arch::SignalFrame& frame = frame_buffer;
    frame = arch::SignalFrame{};
    __builtin_memcpy(frame.info, &info, sizeof(info));
    frame.context.mask = saved_mask.bits;
    frame.context.stack = {alternate.base,
                           alternate_stack_flags(alternate, arch::signal_stack_pointer(registers)),
                           0, alternate.size};
    arch::save_context(frame, registers, is_fault(info.number) ? info.fault.address : 0);
    arch::FrameRecord const record = arch::interrupted_record(registers);
    Memory& memory = process.memory();
    if (!memory.store({places.frame}, frame) || !memory.store({places.record}, record))
        return false;

    bool const has_restorer = (action.flags & action_flag::restorer) != 0;
    arch::enter_handler(registers, places,
                        {.handler = action.handler,
                         .return_to = has_restorer ? action.restorer : process.signal_return.value,
                         .signal = info.number,
                         .wants_info = (action.flags & action_flag::siginfo) != 0});
    if ((alternate.flags & stack_auto_disarm) != 0) thread.alternate_stack = AlternateStack{};
    return true;
}

bool leave_signal_handler(Thread& thread) {
    host::Registers& registers = thread.registers();
    u64 const at = arch::signal_stack_pointer(registers);
    arch::SignalFrame& frame = frame_buffer;
    if (at % 16 != 0 || !thread.process().memory().load(frame, {at})) return false;
    if (!arch::restore_context(frame, registers)) return false;
    thread.put_vectors();
    thread.blocked.bits = frame.context.mask & ~unblockable;
    arch::UserStack const& stack = frame.context.stack;
    // A stack that cannot be set stays as it is, as in Linux.
    AlternateStack const wanted{stack.base, stack.size, static_cast<u32>(stack.flags)};
    static_cast<void>(set_alternate_stack(thread, wanted, arch::signal_stack_pointer(registers)));
    thread.want_attention();
    return true;
}

}  // namespace vdsokit::personality
