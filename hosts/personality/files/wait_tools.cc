// SPDX-License-Identifier: BSD-2-Clause
#include "hosts/personality/files/wait_tools.h"

#include "abi/conversion.h"
#include "hosts/personality/files/now.h"
#include "hosts/personality/files/status.h"

namespace vdsokit::personality {

bool load_time(Call& call, VirtualAddress from, kit::Timespec& time, bool& valid) {
    StatTime given{};
    if (!call.process.memory().load(given, from)) return false;
    valid = given.seconds >= 0 && given.nanoseconds < abi::nanoseconds_per_second;
    time = {given.seconds, static_cast<u32>(given.nanoseconds)};
    return true;
}

Outcome use_mask(Call& call, VirtualAddress mask, u64 size) {
    if (mask.value == 0) return Outcome::done(0);
    if (size != sizeof(SignalSet)) return Outcome::error(Errno::inval);
    SignalSet set{};
    if (!call.process.memory().load(set, mask)) return Outcome::error(Errno::fault);
    call.thread.use_temporary_mask(set);
    return Outcome::done(0);
}

u64 deadline_after(Call& call, u64 nanoseconds) {
    if (!call.first_attempt) return call.deadline;
    u64 const now = monotonic_now();
    // The last of all times is no deadline; what lies behind it never comes anyway.
    return nanoseconds < no_deadline - now ? now + nanoseconds : no_deadline;
}

bool is_over(Call& call, u64 deadline) {
    return call.timed_out || (deadline != no_deadline && deadline <= monotonic_now());
}

Outcome wait_for_files(Call& call, u64 deadline) {
    call.thread.follow_realtime();
    return Outcome::wait(any_file_ready(), deadline);
}

Outcome begin_wait(Call& call, VirtualAddress timeout, VirtualAddress mask, u64 mask_size,
                   u64& deadline) {
    deadline = no_deadline;
    if (timeout.value != 0) {
        kit::Timespec span{};
        bool valid = false;
        if (!load_time(call, timeout, span, valid)) return Outcome::error(Errno::fault);
        if (!valid) return Outcome::error(Errno::inval);
        deadline = deadline_after(call, nanoseconds_of(span));
    }
    return use_mask(call, mask, mask_size);
}

}  // namespace vdsokit::personality
