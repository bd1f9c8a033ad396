// SPDX-License-Identifier: BSD-2-Clause
// The time page of one tree of processes: a memfd that we write and they can only read. Every clock
// is chained to the kernel's own; the realtime clocks add one offset, changed while they run.
#pragma once

#include "abi/time_page.h"
#include "hosts/linux/descriptor.h"
#include "hosts/linux/failure.h"
#include "kit/time/time_page_writer.h"
#include "kit/time/units.h"

namespace vdsokit::on_linux {

// How far a wall clock is from the kernel's. nanoseconds < 10^9, so -0.5 s is {-1, 500'000'000}.
using WallOffset = kit::Timespec;

class SharedClock {
public:
    SharedClock() = default;
    ~SharedClock();
    SharedClock(SharedClock const&) = delete;
    SharedClock& operator=(SharedClock const&) = delete;

    // Makes the page, one CPU page long, with every clock chained and this offset.
    Failure create(u64 page_size, WallOffset offset);

    // Sealed: whoever else gets it may not write it, nor change its size.
    int file() const { return file_.number(); }
    u64 inode() const { return inode_; }

    // At once, for every process that has the page. A reader sees the old offset or the new one.
    void set_offset(WallOffset offset);
    WallOffset offset() const { return offset_; }

private:
    Descriptor file_;
    abi::TimePage* page_ = nullptr;
    u64 page_size_ = 0;
    u64 inode_ = 0;
    WallOffset offset_{};
    kit::TimePageWriter writer_;
};

}  // namespace vdsokit::on_linux
