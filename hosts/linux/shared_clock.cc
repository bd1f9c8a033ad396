// SPDX-License-Identifier: BSD-2-Clause
#include "hosts/linux/shared_clock.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <time.h>

#include "abi/shared.h"
#include "kit/time/instant.h"

namespace vdsokit::on_linux {

namespace {

constexpr u32 wall_clocks = abi::bit(abi::ClockId::realtime) | abi::bit(abi::ClockId::tai) |
                            abi::bit(abi::ClockId::realtime_coarse);
constexpr u32 kernel_clocks =
    abi::bit(abi::ClockId::monotonic) | abi::bit(abi::ClockId::monotonic_raw) |
    abi::bit(abi::ClockId::boottime) | abi::bit(abi::ClockId::monotonic_coarse);

u32 resolution_of(clockid_t clock) {
    timespec resolution{};
    return clock_getres(clock, &resolution) == 0 ? static_cast<u32>(resolution.tv_nsec) : 0;
}

}  // namespace

SharedClock::~SharedClock() {
    if (page_ != nullptr) munmap(page_, page_size_);
}

Failure SharedClock::create(u64 page_size, WallOffset offset) {
    page_size_ = page_size;
    file_ = Descriptor(memfd_create("vdsokit-time", MFD_CLOEXEC | MFD_ALLOW_SEALING));
    if (!file_) return Failure::of_errno("memfd_create");
    struct stat status {};
    if (ftruncate(file_.number(), static_cast<off_t>(page_size)) != 0 ||
        fstat(file_.number(), &status) != 0)
        return Failure::of_errno("the time page's file");
    inode_ = status.st_ino;
    void* const mapped =
        mmap(nullptr, page_size, PROT_READ | PROT_WRITE, MAP_SHARED, file_.number(), 0);
    if (mapped == MAP_FAILED) return Failure::of_errno("the time page");
    page_ = static_cast<abi::TimePage*>(mapped);
    // Our own mapping was made before this seal and stays writable; no other can be.
    if (fcntl(file_.number(), F_ADD_SEALS,
              F_SEAL_FUTURE_WRITE | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL) != 0)
        return Failure::of_errno("sealing the time page");
    writer_.attach(*page_);
    writer_.store_resolution(resolution_of(CLOCK_MONOTONIC), resolution_of(CLOCK_MONOTONIC_COARSE));
    timeval unused{};
    struct timezone zone {};
    if (gettimeofday(&unused, &zone) == 0)
        writer_.store_timezone({zone.tz_minuteswest, zone.tz_dsttime});
    abi::store_shared(page_->header.cpu_source, static_cast<u32>(abi::CpuSource::chained));
    set_offset(offset);
    return Failure::none();
}

void SharedClock::set_offset(WallOffset offset) {
    offset_ = offset;
    abi::Instant const wall = kit::instant_of(offset);
    kit::LineContents contents{};
    for (u32 clock = 0; clock < abi::clock_lines; ++clock) {
        kit::LineContent& line = contents.of[clock];
        if (abi::in_group(clock, wall_clocks | kernel_clocks)) line.mode = abi::ClockMode::chained;
        if (abi::in_group(clock, wall_clocks)) {
            line.values.base_seconds = wall.seconds;
            line.values.base_fraction = wall.fraction;
        }
    }
    writer_.lock(wall_clocks | kernel_clocks);
    writer_.unlock(wall_clocks | kernel_clocks, contents);
}

}  // namespace vdsokit::on_linux
