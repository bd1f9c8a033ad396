// SPDX-License-Identifier: BSD-2-Clause
#include "hosts/personality/process/control.h"

#include "hosts/personality/memory/memory.h"
#include "hosts/personality/process/process.h"

namespace vdsokit::personality {

namespace {

// [include/uapi/linux/prctl.h]
constexpr i32 set_death_signal = 1, get_death_signal = 2, get_dumpable = 3, set_dumpable = 4,
              get_keep_capabilities = 7, set_keep_capabilities = 8, set_name = 15, get_name = 16,
              get_seccomp = 21, read_bounding = 23, set_timer_slack = 29, get_timer_slack = 30,
              set_subreaper = 36, get_subreaper = 37, set_no_new_privileges = 38,
              get_no_new_privileges = 39;
constexpr u64 timer_slack = 50'000;  // ns, Linux's default; timers here are exact
constexpr u64 last_capability = 40;

template <class T>
Outcome store(Call& call, T value) {
    if (!call.process.memory().store(call.address(1), value)) return Outcome::error(Errno::fault);
    return Outcome::done(0);
}

Outcome change_name(Call& call) {
    char name[Thread::name_size] = {};
    i64 const length =
        call.process.memory().copy_string_in(name, call.address(1), sizeof(name) - 1);
    if (length == -static_cast<i64>(Errno::fault)) return Outcome::error(Errno::fault);
    name[sizeof(name) - 1] = 0;
    call.thread.set_name(name);
    return Outcome::done(0);
}

Outcome tell_name(Call& call) {
    char name[Thread::name_size] = {};
    for (u64 i = 0; i + 1 < sizeof(name) && call.thread.name()[i] != 0; ++i)
        name[i] = call.thread.name()[i];
    if (!call.process.memory().store(call.address(1), name)) return Outcome::error(Errno::fault);
    return Outcome::done(0);
}

}  // namespace

Outcome prctl_call(Call& call) {
    Process& process = call.process;
    u64 const value = call.argument(1);
    switch (call.number(0)) {
    case set_death_signal:
        if (value > 64) return Outcome::error(Errno::inval);
        process.parent_death_signal = static_cast<i32>(value);
        return Outcome::done(0);
    case get_death_signal: return store(call, process.parent_death_signal);
    case get_dumpable: return Outcome::done(1);
    case set_dumpable: return value > 1 ? Outcome::error(Errno::inval) : Outcome::done(0);
    case get_keep_capabilities: return Outcome::done(0);
    case set_keep_capabilities: return value > 1 ? Outcome::error(Errno::inval) : Outcome::done(0);
    case set_name: return change_name(call);
    case get_name: return tell_name(call);
    case get_seccomp: return Outcome::done(0);
    case read_bounding:
        return value > last_capability ? Outcome::error(Errno::inval) : Outcome::done(1);
    case set_timer_slack: return Outcome::done(0);
    case get_timer_slack: return Outcome::done(timer_slack);
    case set_subreaper: process.is_subreaper = value != 0; return Outcome::done(0);
    case get_subreaper: return store(call, i32{process.is_subreaper});
    case set_no_new_privileges: return value == 1 ? Outcome::done(0) : Outcome::error(Errno::inval);
    case get_no_new_privileges: return Outcome::done(0);
    }
    return Outcome::error(Errno::inval);
}

// ~0 asks without changing. The flags are kept and inherited, and change nothing.
Outcome personality_call(Call& call) {
    u64 const old = call.process.personality_flags;
    u64 const wanted = call.argument(0) & 0xffff'ffff;
    if (wanted != 0xffff'ffff) call.process.personality_flags = wanted;
    return Outcome::done(old);
}

Outcome getrandom_call(Call& call) {
    constexpr u32 nonblocking = 1, blocking_pool = 2, insecure = 4;
    // A larger request is answered in part, as Linux may: all others stand still meanwhile.
    constexpr u64 most = u64{256} * 1024;
    u32 const flags = static_cast<u32>(call.argument(2));
    if ((flags & ~(nonblocking | blocking_pool | insecure)) != 0 ||
        (flags & (blocking_pool | insecure)) == (blocking_pool | insecure))
        return Outcome::error(Errno::inval);
    u64 const size = call.argument(1) < most ? call.argument(1) : most;
    u8 bytes[256];
    u64 done = 0;
    while (done < size) {
        u64 const part = size - done < sizeof(bytes) ? size - done : sizeof(bytes);
        host::fill_random(bytes, part);
        if (!call.process.memory().copy_out({call.argument(0) + done}, bytes, part)) break;
        done += part;
    }
    return done == 0 && size != 0 ? Outcome::error(Errno::fault) : Outcome::done(done);
}

// Everyone may do everything. [include/uapi/linux/capability.h, version 3]
Outcome capget_call(Call& call) {
    constexpr u32 version_3 = 0x2008'0522;
    struct Header {
        u32 version;
        i32 process;
    } header;
    struct Sets {
        u32 effective, permitted, inheritable;
    };
    Memory& memory = call.process.memory();
    if (!memory.load(header, call.address(0))) return Outcome::error(Errno::fault);
    if (header.version != version_3) {
        if (!memory.store(call.address(0), version_3)) return Outcome::error(Errno::fault);
        return call.argument(1) == 0 ? Outcome::done(0) : Outcome::error(Errno::inval);
    }
    if (header.process < 0) return Outcome::error(Errno::inval);
    if (header.process != 0 && Thread::find(header.process) == nullptr)
        return Outcome::error(Errno::srch);
    constexpr u32 high = (u32{1} << (last_capability + 1 - 32)) - 1;
    Sets const sets[2] = {{~u32{0}, ~u32{0}, 0}, {high, high, 0}};
    if (call.argument(1) != 0 && !memory.store(call.address(1), sets))
        return Outcome::error(Errno::fault);
    return Outcome::done(0);
}

}  // namespace vdsokit::personality
