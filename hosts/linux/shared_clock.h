// SPDX-License-Identifier: BSD-2-Clause
// The clocks of one tree of processes: the time pages in its file, and the offset of its wall clock,
// which `vdsokit set` changes. The supervisor that publishes may die; the next one goes on.
#pragma once

#include <optional>

#include "hosts/linux/clock_page.h"
#include "hosts/linux/failure.h"
#include "hosts/linux/tree_file.h"

namespace vdsokit::on_linux {

enum class ClockSource : u8 {
    kernel,   // the kernel's own vDSO
    counter,  // the CPU's, where the kernel relies on it, too
};

class SharedClock {
public:
    // How many time pages the file must have.
    static constexpr u64 page_count = 2;

    // The file outlives this object.
    Failure start(TreeFile const& file, ClockSource source, WallOffset offset);
    // In a supervisor whose predecessor has died, forked off before that one began.
    void recover();

    // At once, for every process of the tree.
    void set_offset(WallOffset offset);

    // The offset in the file of the page for a process; `in_own_time`: it is in our time namespace.
    // In another one only the kernel's vDSO knows what its monotonic clock says.
    u64 page_offset(bool in_own_time) const;
    bool is_counting() const { return source_ == ClockSource::counter; }

    // From the supervisor's loop. How long it may sleep, in ms; -1: for ever.
    int milliseconds_to_follow() const;
    void follow();

private:
    // Survives the supervisor: shared between processes, switched by one word.
    struct Kept {
        WallOffset offsets[2];
        u32 current;
    };
    WallOffset offset() const;

    TreeFile const* file_ = nullptr;
    ClockSource source_ = ClockSource::kernel;
    Kept* kept_ = nullptr;
    ChainedPage chained_;
    CounterPage counter_;
    bool follows_ = false;
    i64 due_ = 0;  // ms of CLOCK_MONOTONIC
};

}  // namespace vdsokit::on_linux
