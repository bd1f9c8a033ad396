// SPDX-License-Identifier: BSD-2-Clause
#include "hosts/personality/files/event_counter.h"

#include "hosts/personality/pool.h"

namespace vdsokit::personality {

namespace {
constinit Pool<EventCounter> counters;
}

EventCounter* EventCounter::make(FileSystem& file_system, u64 initial, bool semaphore) {
    return counters.make(file_system, initial, semaphore);
}

void EventCounter::destroy() { counters.free(this); }

Outcome EventCounter::read(Io const& io) {
    if (io.transfer.left() < sizeof(u64)) return Outcome::error(Errno::inval);
    if (value_ == 0) {
        if (io.file.flags().has(OpenFlags::non_blocking)) return Outcome::error(Errno::again);
        return Outcome::wait(queue(reading));
    }
    u64 const taken = is_semaphore_ ? 1 : value_;
    if (!io.transfer.put(&taken, sizeof(taken))) return Outcome::error(Errno::fault);
    value_ -= taken;
    notify(writing);
    return Outcome::done(sizeof(taken));
}

Outcome EventCounter::write(Io const& io) {
    u64 more = 0;
    if (io.transfer.left() < sizeof(more)) return Outcome::error(Errno::inval);
    if (!io.transfer.take(&more, sizeof(more))) return Outcome::error(Errno::fault);
    if (more > greatest) return Outcome::error(Errno::inval);
    if (more > greatest - value_) {
        if (io.file.flags().has(OpenFlags::non_blocking)) return Outcome::error(Errno::again);
        return Outcome::wait(queue(writing));
    }
    value_ += more;
    notify(reading);
    return Outcome::done(sizeof(more));
}

u32 EventCounter::ready(File&) {
    return (value_ > 0 ? Ready::readable : 0) | (value_ < greatest ? Ready::writable : 0);
}

}  // namespace vdsokit::personality
