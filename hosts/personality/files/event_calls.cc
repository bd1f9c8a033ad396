// SPDX-License-Identifier: BSD-2-Clause
// Calls that make files which are events: pipes, eventfd, timerfd, epoll.
#include "hosts/personality/files/call_functions.h"
#include "hosts/personality/files/epoll.h"
#include "hosts/personality/files/event_counter.h"
#include "hosts/personality/files/now.h"
#include "hosts/personality/files/pipe.h"
#include "hosts/personality/files/status.h"
#include "hosts/personality/files/timer_file.h"
#include "hosts/personality/files/tree.h"
#include "hosts/personality/files/wait_tools.h"
#include "hosts/personality/process/clock.h"
#include "hosts/personality/text.h"

namespace vdsokit::personality::file_call {

namespace {

constexpr u32 status_flags = OpenFlags::non_blocking | OpenFlags::close_on_exec;

Outcome add_anonymous(Call& call, Node* node, char const* label, u32 flags) {
    OpenFlags const kept{OpenFlags::read_write | (flags & OpenFlags::non_blocking)};
    return add_descriptor(call, open_anonymous(node, label, kept),
                          (flags & OpenFlags::close_on_exec) != 0);
}

// struct itimerspec
struct TimerSetting {
    StatTime interval;
    StatTime first;
};

StatTime span_of(u64 nanoseconds) {
    constexpr u64 per_second = 1'000'000'000;
    return {static_cast<i64>(nanoseconds / per_second), nanoseconds % per_second};
}

TimerSetting setting_of(TimerFile const& timer) {
    return {span_of(timer.interval()), span_of(timer.remaining())};
}

TimerFile* timer_at(Call& call, Outcome& failure) {
    File* const file = file_at(call, 0);
    failure = Outcome::error(file == nullptr ? Errno::badf : Errno::inval);
    return file == nullptr ? nullptr : file->node().as_timer();
}

Outcome wait_for_events(Call& call, u64 deadline) {
    File* const file = file_at(call, 0);
    if (file == nullptr) return Outcome::error(Errno::badf);
    Epoll* const epoll = file->node().as_epoll();
    constexpr i32 most_events = 0x7fff'ffff / static_cast<i32>(sizeof(EpollEvent));
    i32 const most = call.number(2);
    if (epoll == nullptr || most <= 0 || most > most_events) return Outcome::error(Errno::inval);
    Outcome const mask = use_mask(call, call.address(4), call.argument(5));
    if (mask.value() != 0) return mask;
    Outcome const collected =
        epoll->collect(call.process.memory(), call.address(1), static_cast<u32>(most));
    if (collected.value() != 0 || is_over(call, deadline)) return collected;
    return wait_for_files(call, deadline);
}

}  // namespace

Outcome pipe2(Call& call) {
    u32 const flags = static_cast<u32>(call.argument(1));
    if ((flags & ~(status_flags | OpenFlags::direct)) != 0) return Outcome::error(Errno::inval);
    Held<Pipe> const pipe(Pipe::make(anonymous_file_system(), 0600));
    if (!pipe) return Outcome::error(Errno::nomem);
    char label[32] = {};
    Text(label, sizeof(label) - 1).add("pipe:[").decimal(pipe->inode()).add("]");
    u32 const kept = flags & ~OpenFlags::close_on_exec;
    bool const closes = (flags & OpenFlags::close_on_exec) != 0;
    pipe->retain();
    Outcome const reader = add_descriptor(
        call, open_anonymous(pipe.get(), label, OpenFlags{OpenFlags::read_only | kept}), closes);
    if (reader.value() < 0) return reader;
    pipe->retain();
    Outcome const writer = add_descriptor(
        call, open_anonymous(pipe.get(), label, OpenFlags{OpenFlags::write_only | kept}), closes);
    i32 const numbers[2] = {static_cast<i32>(reader.value()), static_cast<i32>(writer.value())};
    Outcome const stored = writer.value() < 0 ? writer : store(call, 0, numbers);
    if (stored.value() == 0) return stored;
    Descriptors& descriptors = call.process.descriptors();
    static_cast<void>(descriptors.close(numbers[0]));
    if (writer.value() >= 0) static_cast<void>(descriptors.close(numbers[1]));
    return stored;
}

Outcome eventfd2(Call& call) {
    constexpr u32 semaphore = 1;
    u32 const flags = static_cast<u32>(call.argument(1));
    if ((flags & ~(status_flags | semaphore)) != 0) return Outcome::error(Errno::inval);
    EventCounter* const node = EventCounter::make(
        anonymous_file_system(), static_cast<u32>(call.argument(0)), (flags & semaphore) != 0);
    return add_anonymous(call, node, "anon_inode:[eventfd]", flags);
}

Outcome timerfd_create(Call& call) {
    constexpr u32 realtime = 0, monotonic = 1, boottime = 7;
    u32 const clock = static_cast<u32>(call.argument(0));
    u32 const flags = static_cast<u32>(call.argument(1));
    bool const is_known = clock == realtime || clock == monotonic || clock == boottime;
    if ((flags & ~status_flags) != 0 || !is_known) return Outcome::error(Errno::inval);
    return add_anonymous(call, TimerFile::make(anonymous_file_system(), abi::ClockId{clock}),
                         "anon_inode:[timerfd]", flags);
}

namespace {

// An instant that the caller names, as the host's clock has it. 0 would disarm; what has passed at
// the host's start has passed one ns after it.
u64 on_host_clock(Thread& caller, abi::ClockId id, u64 at) {
    Clock clock;
    if (id == abi::ClockId::realtime || !find_clock(static_cast<i32>(id), caller, clock)) return at;
    u64 const host = host_time(clock, at);
    return host == 0 ? 1 : host;
}

}  // namespace

Outcome timerfd_settime(Call& call) {
    constexpr u32 absolute = 1, cancel_on_set = 2;
    u32 const flags = static_cast<u32>(call.argument(1));
    if ((flags & ~(absolute | cancel_on_set)) != 0) return Outcome::error(Errno::inval);
    kit::Timespec interval{};
    kit::Timespec first{};
    bool interval_valid = false;
    bool first_valid = false;
    VirtualAddress const first_at{call.argument(2) + offsetof(TimerSetting, first)};
    if (!load_time(call, call.address(2), interval, interval_valid) ||
        !load_time(call, first_at, first, first_valid))
        return Outcome::error(Errno::fault);
    if (!interval_valid || !first_valid) return Outcome::error(Errno::inval);
    Outcome failure = Outcome::done(0);
    TimerFile* const timer = timer_at(call, failure);
    if (timer == nullptr) return failure;
    TimerSetting const old = setting_of(*timer);
    u64 wanted = nanoseconds_of(first);
    bool const is_absolute = (flags & absolute) != 0;
    if (wanted == 0) {
        timer->disarm();
    } else {
        if (is_absolute) wanted = on_host_clock(call.thread, timer->clock(), wanted);
        timer->arm(wanted, nanoseconds_of(interval), is_absolute);
    }
    return call.argument(3) == 0 ? Outcome::done(0) : store(call, 3, old);
}

Outcome timerfd_gettime(Call& call) {
    Outcome failure = Outcome::done(0);
    TimerFile* const timer = timer_at(call, failure);
    return timer == nullptr ? failure : store(call, 1, setting_of(*timer));
}

Outcome epoll_create1(Call& call) {
    u32 const flags = static_cast<u32>(call.argument(0));
    if ((flags & ~OpenFlags::close_on_exec) != 0) return Outcome::error(Errno::inval);
    return add_anonymous(call, Epoll::make(anonymous_file_system()), "anon_inode:[eventpoll]",
                         flags);
}

Outcome epoll_ctl(Call& call) {
    enum Operation : u32 { add = 1, remove = 2, change = 3 };
    u32 const operation = static_cast<u32>(call.argument(1));
    EpollEvent event{};
    if (operation != remove && !call.process.memory().load(event, call.address(3)))
        return Outcome::error(Errno::fault);
    File* const epoll_file = file_at(call, 0);
    File* const file = file_at(call, 2);
    if (epoll_file == nullptr || file == nullptr) return Outcome::error(Errno::badf);
    Epoll* const epoll = epoll_file->node().as_epoll();
    if (epoll == nullptr) return Outcome::error(Errno::inval);
    switch (operation) {
    case add: return epoll->add(*file, call.number(2), event);
    case remove: return epoll->remove(*file, call.number(2));
    case change: return epoll->change(*file, call.number(2), event);
    default: return Outcome::error(Errno::inval);
    }
}

Outcome epoll_pwait(Call& call) {
    constexpr u64 per_millisecond = 1'000'000;
    i32 const milliseconds = call.number(3);
    u64 const deadline =
        milliseconds < 0 ? no_deadline
                         : deadline_after(call, static_cast<u64>(milliseconds) * per_millisecond);
    return wait_for_events(call, deadline);
}

Outcome epoll_pwait2(Call& call) {
    u64 deadline = no_deadline;
    Outcome const begun = begin_wait(call, call.address(3), {0}, 0, deadline);
    return begun.value() != 0 ? begun : wait_for_events(call, deadline);
}

}  // namespace vdsokit::personality::file_call
