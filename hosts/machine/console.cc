// SPDX-License-Identifier: BSD-2-Clause
#include "hosts/machine/console.h"

#include "hosts/machine/console_input.h"
#include "hosts/personality/personality.h"

namespace vdsokit::machine {
namespace {

using host::Channel;

constinit Pl011 port;
constinit bool is_started = false;
constinit bool messages_shown = false;
constinit Channel current = Channel::output;
constinit ConsoleInput input;
constinit bool listens = false;  // input interrupts are on

u8 mark_of(Channel channel) {
    switch (channel) {
    case Channel::output: return 'o';
    case Channel::errors: return 'e';
    case Channel::messages: return 'm';
    case Channel::failures: return 'a';
    }
    return 'a';
}

void select(Channel channel) {
    port.send(console_escape);
    port.send(mark_of(channel));
    current = channel;
}

// While the ring is full the port's own FIFO fills up, and the launcher has to wait.
void listen_while_there_is_room() {
    if (input.is_full() == !listens) return;
    listens = !input.is_full();
    port.interrupt_on_input(listens);
}

}  // namespace

void start_console(Pl011 with) {
    port = with;
    port.start();
    is_started = true;
    select(Channel::output);
    listen_while_there_is_room();
}

void show_messages(bool on) { messages_shown = on; }

void on_console_interrupt() {
    while (!input.is_full() && port.has_input()) input.receive(port.receive());
    listen_while_there_is_room();
    ConsoleInput::Size size;
    if (input.take_size(size)) personality::on_console_resized(size.rows, size.columns);
    if (!input.is_empty() || input.is_ended()) personality::on_console_input();
}

void send_exit_status(u8 status) {
    if (!is_started) return;
    port.send(console_escape);
    port.send('x');
    port.send(status);
    port.flush();
}

}  // namespace vdsokit::machine

namespace vdsokit::host {

void console_write(Channel channel, u8 const* bytes, u64 size) {
    if (!machine::is_started || size == 0) return;
    if (channel == Channel::messages && !machine::messages_shown) return;
    if (channel != machine::current) machine::select(channel);
    for (u64 at = 0; at < size; ++at) {
        if (bytes[at] == machine::console_escape) machine::port.send(machine::console_escape);
        machine::port.send(bytes[at]);
    }
}

u64 console_read(u8* to, u64 size) {
    u64 const count = machine::input.read(to, size);
    machine::listen_while_there_is_room();
    return count;
}

bool console_ended() { return machine::input.is_ended(); }

}  // namespace vdsokit::host
