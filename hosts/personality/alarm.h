// SPDX-License-Identifier: BSD-2-Clause
// Something that happens when CLOCK_MONOTONIC reaches a time: the end of a thread's wait, a timer.
// Alarms stand in a heap made of their own links, so there is no maximum and nothing to allocate.
#pragma once

#include "arch/types.h"

namespace vdsokit::personality {

class Alarm {
public:
    using Ring = void (*)(Alarm&);
    // `ring` is called by ring_alarms(), after the alarm was taken off; it may set it again.
    constexpr explicit Alarm(Ring ring) : ring_(ring) {}
    Alarm(Alarm const&) = delete;
    Alarm& operator=(Alarm const&) = delete;

    // Sets it, or moves it. `at` is in ns of CLOCK_MONOTONIC; no_deadline clears it.
    void set(u64 at);
    void clear();
    bool is_set() const { return is_set_; }
    u64 at() const { return at_; }

private:
    friend void ring_alarms(u64 now);
    static Alarm* meld(Alarm* a, Alarm* b);
    static Alarm* meld_children(Alarm* first);
    static Alarm* first_;

    Ring ring_;
    u64 at_ = 0;
    Alarm* child_ = nullptr;  // its first; the others follow by sibling_
    Alarm* sibling_ = nullptr;
    Alarm* back_ = nullptr;  // the sibling before it, or its parent if it is the first child
    bool is_set_ = false;
    friend u64 next_alarm();
};

// Rings each alarm whose time is not after `now`, earliest first.
void ring_alarms(u64 now);
// no_deadline: none is set.
u64 next_alarm();

}  // namespace vdsokit::personality
