// SPDX-License-Identifier: BSD-2-Clause
// timerfd(2): a timer whose expirations are read. Its clock is monotonic or realtime. A clock that
// was set back delays it, when the alarm rings; one that was set forward ends the waits for it.
#pragma once

#include "abi/clock_id.h"
#include "hosts/personality/alarm.h"
#include "hosts/personality/files/node.h"

namespace vdsokit::personality {

class TimerFile final : public Node, public Alarm {
public:
    static TimerFile* make(FileSystem& file_system, abi::ClockId clock);

    // Nanoseconds of its clock, 0 for either: disarmed, once. `first` is from now or, absolute, an
    // instant of the host's clock.
    void arm(u64 first, u64 interval, bool absolute);
    void disarm();
    u64 interval() const { return interval_; }
    u64 remaining() const;  // 0: disarmed

    Outcome read(Io const& io) override;
    u32 ready(File& file) override;
    void closed(File& file) override;
    TimerFile* as_timer() override { return this; }

    abi::ClockId clock() const { return clock_; }

    TimerFile(FileSystem& file_system, abi::ClockId clock)
        : Node(file_system, 0600), Alarm(ring), clock_(clock) {}

private:
    static void ring(Alarm& alarm);
    void destroy() override;
    bool is_absolute_realtime() const { return clock_ == abi::ClockId::realtime && is_absolute_; }
    u64 now() const;
    // How often it has expired since it was last read.
    u64 expirations() const;
    void set_alarm();

    abi::ClockId clock_;
    bool is_absolute_ = false;
    u64 expiry_ = 0;  // on the clock of now(); 0: disarmed
    u64 interval_ = 0;
};

}  // namespace vdsokit::personality
