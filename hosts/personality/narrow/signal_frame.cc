// SPDX-License-Identifier: BSD-2-Clause
#include "hosts/personality/narrow/signal_frame.h"

#include "linux_narrow.h"
#include "linux_signal.h"

#include "hosts/personality/memory/memory.h"
#include "hosts/personality/narrow/forms.h"
#include "hosts/personality/process/alternate_stack.h"
#include "hosts/personality/process/delivery.h"
#include "hosts/personality/process/process.h"

namespace vdsokit::personality {

namespace {

using arch::narrow::InfoFrame;
using arch::narrow::UserContext;

// One event at a time uses it. A plain frame is the last part of one with a siginfo.
constinit InfoFrame frame_buffer{};
constexpr u64 plain_at = offsetof(InfoFrame, signal);

u8* bytes_of(InfoFrame& frame) { return static_cast<u8*>(static_cast<void*>(&frame)); }

void fill(Thread& thread, SignalInfo const& info, SignalSet saved_mask, bool has_info) {
    frame_buffer = InfoFrame{};
    u8 wide[siginfo_size] = {};
    __builtin_memcpy(wide, &info, sizeof(info));
    narrow_info(wide, frame_buffer.info);
    UserContext& context = frame_buffer.signal.context;
    if (!has_info) context.flags = arch::narrow::plain_frame_flags;
    host::Registers const& registers = thread.registers();
    AlternateStack const& alternate = thread.alternate_stack;
    i32 const state = alternate_stack_flags(alternate, arch::signal_stack_pointer(registers));
    context.stack = {static_cast<u32>(alternate.base), state, static_cast<u32>(alternate.size)};
    arch::narrow::save_context(context, registers, is_fault(info.number) ? info.fault.address : 0);
    context.mask[0] = context.machine.old_mask = static_cast<u32>(saved_mask.bits);
    context.mask[1] = static_cast<u32>(saved_mask.bits >> 32);
}

}  // namespace

bool enter_narrow_handler(Thread& thread, SignalAction const& action, SignalInfo const& info,
                          SignalSet saved_mask, u64 top) {
    bool const has_info = (action.flags & action_flag::siginfo) != 0;
    u64 const skipped = has_info ? 0 : plain_at;
    u64 const size = sizeof(InfoFrame) - skipped;
    u64 place = 0;
    if (!arch::narrow::place_signal_frame(top, size, place)) return false;
    AlternateStack const& alternate = thread.alternate_stack;
    if (is_on_alternate_stack(alternate, top) && !is_on_alternate_stack(alternate, place))
        return false;
    fill(thread, info, saved_mask, has_info);
    Process& process = thread.process();
    if (!process.memory().copy_out({place}, bytes_of(frame_buffer) + skipped, size)) return false;

    bool const has_restorer = (action.flags & action_flag::restorer) != 0;
    u64 const offset = arch::narrow::signal_return_offset((action.handler & 1) != 0, has_info);
    arch::narrow::enter_handler(
        thread.registers(),
        {.frame = place,
         .handler = action.handler,
         .return_to = has_restorer ? action.restorer : process.signal_return.value + offset,
         .signal = info.number,
         .wants_info = has_info});
    if ((alternate.flags & stack_auto_disarm) != 0) thread.alternate_stack = AlternateStack{};
    return true;
}

bool leave_narrow_handler(Thread& thread, bool has_info) {
    host::Registers& registers = thread.registers();
    u64 const at = arch::signal_stack_pointer(registers);
    u64 const skipped = has_info ? 0 : plain_at;
    if (at % 8 != 0 || !thread.process().memory().copy_in(bytes_of(frame_buffer) + skipped, {at},
                                                          sizeof(InfoFrame) - skipped))
        return false;
    UserContext const& context = frame_buffer.signal.context;
    if (!arch::narrow::restore_context(context, registers)) return false;
    thread.blocked.bits = (context.mask[0] | u64{context.mask[1]} << 32) & ~unblockable;
    if (has_info) {
        // A stack that cannot be set stays as it is, as in Linux.
        AlternateStack const wanted{context.stack.base, context.stack.size,
                                    static_cast<u32>(context.stack.flags)};
        static_cast<void>(
            set_alternate_stack(thread, wanted, arch::signal_stack_pointer(registers)));
    }
    thread.want_attention();
    return true;
}

}  // namespace vdsokit::personality
