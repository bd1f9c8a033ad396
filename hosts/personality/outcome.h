// SPDX-License-Identifier: BSD-2-Clause
// What a system call comes to: a value, a negative errno, or "run me again later".
#pragma once

#include "arch/types.h"

namespace vdsokit::personality {

// Linux's numbers [include/uapi/asm-generic/errno-base.h, errno.h].
enum class Errno : i32 {
    perm = 1,
    noent = 2,
    srch = 3,
    intr = 4,
    io = 5,
    nxio = 6,
    toobig = 7,
    noexec = 8,
    badf = 9,
    child = 10,
    again = 11,
    nomem = 12,
    access = 13,
    fault = 14,
    busy = 16,
    exist = 17,
    xdev = 18,
    nodev = 19,
    notdir = 20,
    isdir = 21,
    inval = 22,
    nfile = 23,
    mfile = 24,
    notty = 25,
    txtbsy = 26,
    fbig = 27,
    nospc = 28,
    spipe = 29,
    rofs = 30,
    mlink = 31,
    pipe = 32,
    dom = 33,
    range = 34,
    deadlk = 35,
    nametoolong = 36,
    nosys = 38,
    notempty = 39,
    loop = 40,
    nodata = 61,
    overflow = 75,
    libbad = 80,
    notsup = 95,
    timedout = 110,
};

// What a blocked thread waits for. wake() with an equal key runs it again. Two objects never share
// an address, so the object's address is the key; `detail` tells its several queues apart.
struct WaitKey {
    void const* object = nullptr;
    u64 detail = 0;
    friend constexpr bool operator==(WaitKey, WaitKey) = default;
};

inline constexpr u64 no_deadline = ~u64{0};

class [[nodiscard]] Outcome {
public:
    static constexpr Outcome done(u64 value) {
        return Outcome(Kind::done, static_cast<i64>(value));
    }
    static constexpr Outcome error(Errno code) {
        return Outcome(Kind::done, -static_cast<i64>(code));
    }
    // Run again when `key` is woken, a signal arrives, or CLOCK_MONOTONIC reaches `deadline` ns.
    // The deadline of the first attempt stands: later attempts pass call.deadline on.
    static constexpr Outcome wait(WaitKey key, u64 deadline = no_deadline) {
        Outcome outcome(Kind::waiting, 0);
        outcome.key_ = key;
        outcome.deadline_ = deadline;
        return outcome;
    }
    // The registers are already what they should be (sigreturn, exec), or the thread is gone.
    static constexpr Outcome leave_registers() { return Outcome(Kind::registers_set, 0); }

    constexpr bool is_done() const { return kind_ == Kind::done; }
    constexpr bool is_waiting() const { return kind_ == Kind::waiting; }
    constexpr i64 value() const { return value_; }  // >= 0, or a negative errno
    constexpr WaitKey key() const { return key_; }
    constexpr u64 deadline() const { return deadline_; }

private:
    enum class Kind : u8 { done, waiting, registers_set };
    constexpr Outcome(Kind kind, i64 value) : value_(value), kind_(kind) {}
    i64 value_;
    WaitKey key_{};
    u64 deadline_ = no_deadline;
    Kind kind_;
};

}  // namespace vdsokit::personality
