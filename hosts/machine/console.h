// SPDX-License-Identifier: BSD-2-Clause
// The console: several channels over one serial line. Wire format in README.md.
#pragma once

#include "hosts/machine/pl011.h"
#include "hosts/personality/host_types.h"

namespace vdsokit::machine {

// The first bytes that are sent tell the launcher that it may send now.
void start_console(Pl011 port);
void show_messages(bool on);
// Input has arrived; tells the personality.
void on_console_interrupt();
void send_exit_status(u8 status);

}  // namespace vdsokit::machine

namespace vdsokit::host {

// As seam.h says.
void console_write(Channel channel, u8 const* bytes, u64 size);
u64 console_read(u8* to, u64 size);
bool console_ended();

}  // namespace vdsokit::host
