// SPDX-License-Identifier: BSD-2-Clause
// Signals as Linux numbers and describes them, and the sets of those that wait to be delivered.
#pragma once

#include "arch/types.h"
#include "hosts/personality/list.h"

namespace vdsokit::personality {

// [include/uapi/asm-generic/signal.h]
namespace signal_number {
inline constexpr i32 hup = 1, interrupt = 2, quit = 3, ill = 4, trap = 5, abort = 6, bus = 7,
                     fpe = 8, kill = 9, user1 = 10, segv = 11, user2 = 12, pipe = 13, alarm = 14,
                     term = 15, stkflt = 16, child = 17, cont = 18, stop = 19, tstp = 20, ttin = 21,
                     ttou = 22, urg = 23, xcpu = 24, xfsz = 25, vtalrm = 26, prof = 27, winch = 28,
                     io = 29, pwr = 30, sys = 31, realtime_first = 32, last = 64;
}

constexpr bool is_signal(i32 number) { return number >= 1 && number <= signal_number::last; }

// Its siginfo says at which address.
constexpr bool is_fault(i32 number) {
    using namespace signal_number;
    return number == segv || number == bus || number == ill || number == trap;
}

// Bit n - 1 stands for signal n, as in the kernel's sigset_t.
struct SignalSet {
    u64 bits = 0;
    static constexpr SignalSet of(i32 number) { return {u64{1} << (number - 1)}; }
    constexpr bool has(i32 number) const { return ((bits >> (number - 1)) & 1) != 0; }
    constexpr void add(i32 number) { bits |= of(number).bits; }
    constexpr void remove(i32 number) { bits &= ~of(number).bits; }
    friend constexpr bool operator==(SignalSet, SignalSet) = default;
};

// No process can block these two.
inline constexpr u64 unblockable =
    SignalSet::of(signal_number::kill).bits | SignalSet::of(signal_number::stop).bits;

// The front of siginfo_t; the 80 bytes behind it are zero. [include/uapi/asm-generic/siginfo.h]
struct SignalInfo {
    i32 number = 0;
    i32 error = 0;
    i32 code = 0;  // SI_USER 0, SI_KERNEL 0x80, SI_QUEUE -1, ... or CLD_*, SEGV_*
    i32 unused = 0;
    union {
        u64 words[4] = {};
        struct {
            i32 process;
            u32 user;
            u64 value;
        } sender;
        struct {
            i32 timer;
            i32 overrun;
            u64 value;
        } timer;
        struct {
            i32 process;
            u32 user;
            i32 status;
            i32 pad;
            i64 user_time;
        } child;
        struct {
            u64 address;
        } fault;
    };
};
static_assert(sizeof(SignalInfo) == 48);
static_assert(offsetof(SignalInfo, words) == 16);
inline constexpr u64 siginfo_size = 128;

namespace signal_code {
inline constexpr i32 user = 0, kernel = 0x80, queue = -1, timer = -2, tkill = -6;
}

// struct sigaction as the kernel takes it on CPUs with SA_RESTORER.
struct SignalAction {
    u64 handler = 0;  // 0 default, 1 ignore
    u64 flags = 0;
    u64 restorer = 0;
    SignalSet mask{};
};
static_assert(sizeof(SignalAction) == 32);

namespace action_flag {
inline constexpr u64 no_child_stop = 1, no_child_wait = 2, siginfo = 4, restorer = 0x0400'0000,
                     on_stack = 0x0800'0000, restart = 0x1000'0000, no_defer = 0x4000'0000,
                     reset_hand = 0x8000'0000;
}
inline constexpr u64 default_handler = 0, ignore_handler = 1;

// What a signal does to a process that did not ask for anything else.
enum class DefaultAction : u8 { terminate, ignore, stop, resume };
DefaultAction default_action(i32 number);

// One that waits. A standard signal waits once, a realtime signal as often as it was sent.
struct PendingTag;
struct PendingSignal : Link<PendingTag> {
    SignalInfo info;
};

class PendingSignals {
public:
    constexpr PendingSignals() = default;
    ~PendingSignals() { remove(SignalSet{~u64{0}}); }
    SignalSet set() const { return set_; }
    u32 count() const { return count_; }
    // False: a realtime signal for which there is no memory. A standard one is never lost, but
    // may lose what its SignalInfo says.
    [[nodiscard]] bool add(SignalInfo const& info);
    // The one to act on first: the lowest number in `wanted`, faults before others. 0: none.
    i32 first(SignalSet wanted) const;
    // Takes the oldest of that number. False: none.
    bool take(i32 number, SignalInfo& info);
    void remove(SignalSet which);
    // What the expiry of a timer has left here, to count overruns in. nullptr: nothing.
    SignalInfo* of_timer(i32 timer);

private:
    SignalSet set_;
    u32 count_ = 0;
    List<PendingSignal, PendingTag> queue_;
};

// A process's handlers; shared by processes that were cloned with CLONE_SIGHAND.
class SignalActions {
public:
    // nullptr: out of memory.
    static SignalActions* create();
    SignalActions* fork() const;
    void retain() { users_ += 1; }
    void release();
    bool is_shared() const { return users_ > 1; }

    SignalAction& of(i32 number) { return actions_[number - 1]; }
    bool ignores(i32 number);
    // exec: handlers become default; what was ignored stays ignored.
    void reset_handlers();

private:
    SignalAction actions_[64]{};
    u32 users_ = 1;
};

}  // namespace vdsokit::personality
