// SPDX-License-Identifier: BSD-2-Clause
#include "hosts/sel4/own_threads.h"

#include "hosts/personality/text.h"
#include "hosts/sel4/memory/frames.h"
#include "hosts/sel4/objects/threads.h"
#include "hosts/sel4/panic.h"

extern "C" {
// libsel4's inline functions find the IPC buffer by it: a thread-local variable.
__thread seL4_IPCBuffer* __sel4_ipc_buffer;
// root.ld
extern char helper_stack_top[], watcher_stack_top[], watcher_thread_block[];
}

namespace vdsokit::sel4 {
namespace {

u8* bytes_of(char* symbol) { return reinterpret_cast<u8*>(symbol); }

[[noreturn]] void help(u64 argument) {
    for (;;) {
        signal_tick(argument);
        seL4_Yield();
    }
}

void describe(personality::Text& text, seL4_MessageInfo_t fault) {
    auto const at = [&](int word) { text.add(" at 0x").hexadecimal(seL4_GetMR(word)); };
    auto const number = [&](char const* what, int word) {
        text.add(what).hexadecimal(seL4_GetMR(word));
    };
    switch (seL4_MessageInfo_get_label(fault)) {
    case seL4_Fault_VMFault:
        at(seL4_VMFault_IP);
        number(": no access to 0x", seL4_VMFault_Addr);
        number(", syndrome 0x", seL4_VMFault_FSR);
        return;
    case seL4_Fault_UserException:
        at(seL4_UserException_FaultIP);
        number(": syndrome 0x", seL4_UserException_Number);
        return;
    case seL4_Fault_UnknownSyscall:
        at(seL4_UnknownSyscall_FaultIP);
        text.add(": a call that the kernel does not know");
        return;
    case seL4_Fault_CapFault:
        at(seL4_CapFault_IP);
        number(": no capability at 0x", seL4_CapFault_Addr);
        return;
    default: return;
    }
}

[[noreturn]] void watch(u64 ipc_buffer) {
    __sel4_ipc_buffer = reinterpret_cast<seL4_IPCBuffer*>(ipc_buffer);
    seL4_MessageInfo_t const fault = wait_for_own_fault();
    static constinit u8 buffer[160];
    personality::Text text(buffer, sizeof(buffer) - 1);
    text.add("a fault of its own");
    describe(text, fault);
    buffer[text.stored()] = 0;
    panic(reinterpret_cast<char const*>(buffer));
}

}  // namespace

void start_watcher_or_stop() {
    host::Frame const buffer = host::allocate_frame();
    Page const page = take_page();
    u64 const address = reinterpret_cast<u64>(host::frame_bytes(buffer));
    if (buffer == host::no_frame || page.is_none() ||
        !start_watcher(untyped_of(page), frame_cap(buffer), address,
                       {.entry = watch,
                        .argument = address,
                        .stack_top = bytes_of(watcher_stack_top),
                        .thread_block = bytes_of(watcher_thread_block)}))
        stop("there is not enough memory");
}

void start_helper_or_stop() {
    Page const page = take_page();
    if (page.is_none() || !start_helper(untyped_of(page), {.entry = help,
                                                           .argument = 0,
                                                           .stack_top = bytes_of(helper_stack_top),
                                                           .thread_block = nullptr}))
        stop("there is not enough memory");
    resume_helper();
}

}  // namespace vdsokit::sel4
