// SPDX-License-Identifier: BSD-2-Clause
// The entry points of personality.h: each is one event, from what ended in the one before to what
// the host is to do until the next.
#include "hosts/personality/personality.h"

#include "hosts/personality/alarm.h"
#include "hosts/personality/dispatcher.h"
#include "hosts/personality/files/calls.h"
#include "hosts/personality/files/now.h"
#include "hosts/personality/files/start.h"
#include "hosts/personality/memory/calls.h"
#include "hosts/personality/memory/start.h"
#include "hosts/personality/narrow/translate.h"
#include "hosts/personality/process/calls.h"
#include "hosts/personality/process/deadlines.h"
#include "hosts/personality/process/fault.h"
#include "hosts/personality/process/lifecycle.h"
#include "hosts/personality/stats.h"

namespace vdsokit::personality {

namespace {

// Between one round of alarms and the next, programs run: timers of 1 ns must not stop the machine.
constexpr u64 shortest_pause = 50'000;

constinit u64 timer_set_to = no_deadline;
constinit u64 not_before = 0;

void begin_event(Thread* thread) {
    reap_ended();
    set_current_thread(thread);
}

void end_event() {
    settle();
    u64 next = next_alarm();
    if (next != no_deadline && next < not_before) next = not_before;
    if (next == timer_set_to) return;
    timer_set_to = next;
    host::set_timer(next);
}

[[noreturn]] void refuse(char const* why) {
    u64 length = 0;
    while (why[length] != 0) ++length;
    host::console_write(host::Channel::failures, reinterpret_cast<u8 const*>(why), length);
    host::shut_down(126);
}

Thread& make_first_thread() {
    Memory* const memory = Memory::create();
    Descriptors* const descriptors = Descriptors::create();
    Thread* const thread = memory == nullptr || descriptors == nullptr
                               ? nullptr
                               : Process::create_first(memory, descriptors);
    if (thread == nullptr) refuse("personality: not enough memory for process 1\n");
    return *thread;
}

}  // namespace

void start(Boot const& boot) {
    set_reports(boot);
    add_calls(process_calls, process_call_count);
    add_calls(memory_calls, memory_call_count);
    add_calls(file_calls, file_call_count);
    add_narrow_calls();
    if (!start_files(boot)) host::shut_down(126);
    Thread& thread = make_first_thread();
    Process& process = thread.process();
    if (!open_console(process.descriptors())) refuse("personality: no memory for the console\n");
    start_vdso(process, boot);
    begin_event(&thread);
    auto const started = start_first_program(thread);
    if (!started) host::shut_down(started.error() == Errno::noent ? 127 : 126);
    thread.update_run();
    end_event();
}

void on_system_call(host::Thread& thread) {
    auto& caller = static_cast<Thread&>(thread);
    begin_event(&caller);
    start_call(caller);
    end_event();
}

void on_fault(host::Thread& thread, host::Fault fault) {
    auto& faulter = static_cast<Thread&>(thread);
    begin_event(&faulter);
    answer_fault(faulter, fault);
    end_event();
}

void on_timer() {
    begin_event(nullptr);
    u64 const now = monotonic_now();
    if (next_alarm() <= now) {
        ring_alarms(now);
        not_before = add_saturated(now, shortest_pause);
    }
    // What the host was told is done with, or it came early.
    timer_set_to = no_deadline;
    end_event();
}

void on_console_input() {
    begin_event(nullptr);
    console_input_arrived();
    end_event();
}

void on_console_resized(u16 rows, u16 columns) {
    begin_event(nullptr);
    console_resized(rows, columns);
    end_event();
}

}  // namespace vdsokit::personality
