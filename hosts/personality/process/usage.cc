// SPDX-License-Identifier: BSD-2-Clause
#include "hosts/personality/process/usage.h"
#include "hosts/personality/process/clock.h"

#include "linux_call.h"
#include "linux_narrow.h"

#include "hosts/personality/files/now.h"
#include "hosts/personality/memory/memory.h"
#include "hosts/personality/process/lifecycle.h"
#include "hosts/personality/process/relations.h"

namespace vdsokit::personality {

namespace {

struct UserTicks {
    i64 user, system, children_user, children_system;
};

constexpr u64 name_length = 65;
struct UserNames {
    char system[name_length], node[name_length], release[name_length], version[name_length],
        machine[name_length], domain[name_length];
};

void set(char (&field)[name_length], char const* text) {
    for (u64 i = 0; i + 1 < name_length && text[i] != 0; ++i) field[i] = text[i];
}

// A Linux that has every call which a libc takes for granted by its version.
constexpr char const* claimed_release = "6.1.0-vdsokit";

}  // namespace

UserUsage usage_of(u64 run_time) {
    UserUsage usage{};
    usage.user_seconds = static_cast<i64>(run_time / 1'000'000'000);
    usage.user_microseconds = static_cast<i64>(run_time % 1'000'000'000 / 1000);
    return usage;
}

UserUsage usage_of_child(Process& child) {
    return usage_of(child.run_time() + child.children_run_time);
}

Outcome getrusage_call(Call& call) {
    constexpr i32 self = 0, children = -1, thread = 1;
    u64 spent = 0;
    switch (call.number(0)) {
    case self: spent = call.process.run_time(); break;
    case children: spent = call.process.children_run_time; break;
    case thread: spent = call.thread.run_time(); break;
    default: return Outcome::error(Errno::inval);
    }
    if (!call.process.memory().store(call.address(1), usage_of(spent)))
        return Outcome::error(Errno::fault);
    return Outcome::done(0);
}

Outcome times_call(Call& call) {
    UserTicks const ticks{clock_ticks(call.process.run_time()), 0,
                          clock_ticks(call.process.children_run_time), 0};
    if (call.argument(0) != 0 && !call.process.memory().store(call.address(0), ticks))
        return Outcome::error(Errno::fault);
    return Outcome::done(static_cast<u64>(clock_ticks(monotonic_now())));
}

Outcome sysinfo_call(Call& call) {
    host::FrameCount const frames = host::frame_count();
    UserSysinfo info{};
    info.uptime = static_cast<i64>(boottime_of(call.process) / 1'000'000'000);
    info.total_memory = frames.total;
    info.free_memory = frames.free;
    info.unit = 4096;
    u64 const threads = thread_count();
    info.processes = threads > 0xffff ? u16{0xffff} : static_cast<u16>(threads);
    if (!call.process.memory().store(call.address(0), info)) return Outcome::error(Errno::fault);
    return Outcome::done(0);
}

Outcome uname_call(Call& call) {
    UserNames names{};
    set(names.system, "Linux");
    set(names.node, "vdsokit");
    set(names.release, claimed_release);
    set(names.version, "#1");
    set(names.machine,
        call.process.is_narrow() ? arch::narrow::linux_machine : arch::linux_machine);
    set(names.domain, "(none)");
    if (!call.process.memory().store(call.address(0), names)) return Outcome::error(Errno::fault);
    return Outcome::done(0);
}

}  // namespace vdsokit::personality
