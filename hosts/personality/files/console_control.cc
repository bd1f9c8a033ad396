// SPDX-License-Identifier: BSD-2-Clause
// The ioctls of a terminal and the rules of its foreground group [Linux drivers/tty/tty_io.c,
// tty_ioctl.c, tty_jobctrl.c; numbers from include/uapi/asm-generic/ioctls.h].
#include "hosts/personality/files/console.h"
#include "hosts/personality/process/process.h"

namespace vdsokit::personality {

namespace {

enum Request : u32 {
    settings_read = 0x5401,
    settings_set = 0x5402,
    settings_set_drained = 0x5403,
    settings_set_flushed = 0x5404,
    send_break = 0x5409,
    flow = 0x540a,
    flush = 0x540b,
    exclusive_on = 0x540c,
    exclusive_off = 0x540d,
    session_take = 0x540e,
    foreground_read = 0x540f,
    foreground_set = 0x5410,
    output_queued = 0x5411,
    size_read = 0x5413,
    size_set = 0x5414,
    input_queued = 0x541b,
    session_drop = 0x5422,
    discipline_read = 0x5424,
    break_posix = 0x5425,
    session_read = 0x5429,
    settings2_read = 0x802c'542a,
    settings2_set = 0x402c'542b,
    settings2_set_drained = 0x402c'542c,
    settings2_set_flushed = 0x402c'542d,
};

// struct termios2: the same, then two speeds.
struct SpeedySettings {
    TerminalSettings settings;
    u32 input_speed;
    u32 output_speed;
};
static_assert(sizeof(SpeedySettings) == 44);
constexpr u32 nominal_speed = 38400;

template <class T>
Outcome give(Call& call, T const& value) {
    return call.process.memory().store(call.address(2), value) ? Outcome::done(0)
                                                               : Outcome::error(Errno::fault);
}

}  // namespace

// A process of another session has this terminal open for reading and writing only.
Outcome Console::check_foreground(Call& call, i32 signal) {
    Process& process = call.process;
    if (!is_terminal_of(process) || process.group_id() == foreground_) return Outcome::done(0);
    bool const reads = signal == signal_number::ttin;
    if (!process.would_act_on(signal, call.thread))
        return reads ? Outcome::error(Errno::io) : Outcome::done(0);
    if (process.group_is_orphaned()) return Outcome::error(Errno::io);
    Process::signal_group(process.group_id(), signal);
    return Outcome::wait(foreground_key());
}

Outcome Console::set_settings(Call& call, bool discard, bool has_speeds) {
    Outcome const check = check_foreground(call, signal_number::ttou);
    if (!check.is_done() || check.value() != 0) return check;
    SpeedySettings given{};
    u64 const size = has_speeds ? sizeof(SpeedySettings) : sizeof(TerminalSettings);
    if (!call.process.memory().copy_in(&given, call.address(2), size))
        return Outcome::error(Errno::fault);
    if (discard) discipline_.discard_input();
    discipline_.set(given.settings);
    notify_readers();
    return Outcome::done(0);
}

Outcome Console::set_foreground(Call& call) {
    if (!is_terminal_of(call.process)) return Outcome::error(Errno::notty);
    Outcome const check = check_foreground(call, signal_number::ttou);
    if (!check.is_done() || check.value() != 0) return check;
    i32 group = 0;
    if (!call.process.memory().load(group, call.address(2))) return Outcome::error(Errno::fault);
    if (group < 0) return Outcome::error(Errno::inval);
    ProcessGroup* const found = ProcessGroup::find(group);
    if (found == nullptr) return Outcome::error(Errno::srch);
    if (found->session() != session_) return Outcome::error(Errno::perm);
    foreground_ = group;
    wake(foreground_key());
    return Outcome::done(0);
}

Outcome Console::take_session(Call& call) {
    Process& process = call.process;
    if (process.session_id() != process.id()) return Outcome::error(Errno::perm);
    if (session_ != 0 && session_ != process.session_id()) return Outcome::error(Errno::perm);
    session_ = process.session_id();
    if (foreground_ == 0) foreground_ = process.group_id();
    return Outcome::done(0);
}

Outcome Console::control(Call& call) {
    u32 const request = static_cast<u32>(call.argument(1));
    if (request == input_queued) {
        pull();
        return give(call, is_terminal_ ? discipline_.available() : stream_size_);
    }
    if (!is_terminal_) return Outcome::error(Errno::notty);
    switch (request) {
    case settings_read: return give(call, discipline_.settings());
    case settings2_read:
        return give(call, SpeedySettings{discipline_.settings(), nominal_speed, nominal_speed});
    case settings_set:
    case settings_set_drained: return set_settings(call, false, false);
    case settings_set_flushed: return set_settings(call, true, false);
    case settings2_set:
    case settings2_set_drained: return set_settings(call, false, true);
    case settings2_set_flushed: return set_settings(call, true, true);
    case size_read: return give(call, size_);
    case size_set: {
        WindowSize size;
        if (!call.process.memory().load(size, call.address(2))) return Outcome::error(Errno::fault);
        if (size.rows != size_.rows || size.columns != size_.columns) resize(size);
        return Outcome::done(0);
    }
    case foreground_read:
        if (!is_terminal_of(call.process)) return Outcome::error(Errno::notty);
        return give(call, foreground_);
    case foreground_set: return set_foreground(call);
    case session_take: return take_session(call);
    case session_drop:
        if (!is_terminal_of(call.process)) return Outcome::error(Errno::notty);
        if (call.process.id() == session_) session_ended(session_);
        return Outcome::done(0);
    case session_read:
        if (!is_terminal_of(call.process)) return Outcome::error(Errno::notty);
        return give(call, session_);
    case flush:
        if (call.argument(2) > 2) return Outcome::error(Errno::inval);
        if (call.argument(2) != 1) discipline_.discard_input();
        return Outcome::done(0);
    case output_queued:
    case discipline_read: return give(call, i32{0});
    // Output is never held back and there is no line to break.
    case send_break:
    case break_posix:
    case flow:
    case exclusive_on:
    case exclusive_off: return Outcome::done(0);
    default: return Outcome::error(Errno::notty);
    }
}

}  // namespace vdsokit::personality
