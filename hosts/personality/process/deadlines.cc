// SPDX-License-Identifier: BSD-2-Clause
#include "hosts/personality/process/deadlines.h"

#include "hosts/personality/files/now.h"
#include "hosts/personality/memory/memory.h"
#include "hosts/personality/process/process.h"

namespace vdsokit::personality {

namespace {

// struct __kernel_timespec.
struct UserTime {
    i64 seconds;
    i64 nanoseconds;
};

}  // namespace

bool load_time(Call& call, VirtualAddress from, kit::Timespec& time, Outcome& failed) {
    UserTime user;
    if (!call.process.memory().load(user, from)) {
        failed = Outcome::error(Errno::fault);
        return false;
    }
    if (user.seconds < 0 || user.nanoseconds < 0 || user.nanoseconds >= 1'000'000'000) {
        failed = Outcome::error(Errno::inval);
        return false;
    }
    time = {user.seconds, static_cast<u32>(user.nanoseconds)};
    return true;
}

bool store_time(Call& call, VirtualAddress to, kit::Timespec time) {
    UserTime const user{time.seconds, time.nanoseconds};
    return call.process.memory().store(to, user);
}

u64 deadline_after(kit::Timespec span) {
    return add_saturated(monotonic_now(), nanoseconds_of(span));
}

u64 realtime_deadline(kit::Timespec at) {
    u64 const target = nanoseconds_of(at);
    u64 const now = nanoseconds_of(realtime_now());
    // Both clocks were rounded down, each on its own: one more, so as not to end too early.
    return target <= now ? monotonic_now() : add_saturated(monotonic_now(), target - now + 1);
}

bool has_passed(u64 deadline) { return deadline <= monotonic_now(); }

}  // namespace vdsokit::personality
