// SPDX-License-Identifier: BSD-2-Clause
#include "hosts/sel4/panic.h"

#include "hosts/machine/console.h"
#include "hosts/personality/text.h"
#include "hosts/sel4/host.h"
#include "hosts/sel4/objects/threads.h"

namespace vdsokit::sel4 {
namespace {

constexpr u8 host_failed = 125;
constinit u8 buffer[512];
constinit bool panicking = false;

[[noreturn]] void end(char const* kind, char const* what) {
    // Not twice: the second one is about the first one's message.
    if (!panicking) {
        panicking = true;
        personality::Text text(buffer, sizeof(buffer));
        text.add(kind).add(what).add("\n");
        host::console_write(host::Channel::failures, buffer, text.stored());
    }
    machine::send_exit_status(host_failed);
    stop_running();
}

}  // namespace

void panic(char const* what) { end("root task panic: ", what); }
void stop(char const* why) { end("cannot start: ", why); }

}  // namespace vdsokit::sel4
