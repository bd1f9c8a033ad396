// SPDX-License-Identifier: BSD-2-Clause
#include "hosts/personality/files/timer_file.h"

#include "hosts/personality/files/now.h"
#include "hosts/personality/pool.h"
#include "hosts/personality/process/thread.h"

namespace vdsokit::personality {

namespace {

constinit Pool<TimerFile> timer_files;

constexpr u64 sum(u64 a, u64 b) { return b < no_deadline - a ? a + b : no_deadline - 1; }

}  // namespace

TimerFile* TimerFile::make(FileSystem& file_system, abi::ClockId clock) {
    return timer_files.make(file_system, clock);
}

void TimerFile::destroy() {
    clear();
    timer_files.free(this);
}

u64 TimerFile::now() const {
    return is_absolute_realtime() ? nanoseconds_of(realtime_now()) : monotonic_now();
}

void TimerFile::arm(u64 first, u64 interval, bool absolute) {
    is_absolute_ = absolute;
    interval_ = interval;
    expiry_ = absolute ? first : sum(now(), first);
    set_alarm();
}

void TimerFile::disarm() {
    expiry_ = interval_ = 0;
    clear();
}

void TimerFile::set_alarm() {
    u64 const present = now();
    u64 const left = expiry_ > present ? expiry_ - present : 0;
    set(sum(monotonic_now(), left));
}

void TimerFile::ring(Alarm& alarm) {
    TimerFile& timer = static_cast<TimerFile&>(alarm);
    if (timer.expiry_ == 0) return;
    if (timer.expirations() == 0)
        timer.set_alarm();
    else
        timer.notify(0);
}

u64 TimerFile::expirations() const {
    if (expiry_ == 0) return 0;
    u64 const present = now();
    if (present < expiry_) return 0;
    return interval_ == 0 ? 1 : 1 + (present - expiry_) / interval_;
}

u64 TimerFile::remaining() const {
    if (expiry_ == 0) return 0;
    u64 const passed = expirations();
    if (passed > 0 && interval_ == 0) return 0;
    u64 const next = expiry_ + passed * interval_;
    u64 const present = now();
    return next > present ? next - present : 1;
}

Outcome TimerFile::read(Io const& io) {
    if (io.transfer.left() < sizeof(u64)) return Outcome::error(Errno::inval);
    u64 const passed = expirations();
    if (passed == 0) {
        if (io.file.flags().has(OpenFlags::non_blocking)) return Outcome::error(Errno::again);
        io.call->thread.follow_realtime();
        return Outcome::wait(queue(0));
    }
    if (!io.transfer.put(&passed, sizeof(passed))) return Outcome::error(Errno::fault);
    if (interval_ == 0) {
        disarm();
    } else {
        expiry_ += passed * interval_;
        set_alarm();
    }
    return Outcome::done(sizeof(passed));
}

u32 TimerFile::ready(File&) { return expirations() > 0 ? Ready::readable : 0; }

void TimerFile::closed(File&) { disarm(); }

}  // namespace vdsokit::personality
