// SPDX-License-Identifier: BSD-2-Clause
#include "hosts/linux/shared_clock.h"

#include <sys/mman.h>
#include <time.h>

#include <algorithm>

#include "abi/shared.h"
#include "hosts/linux/counter_source.h"

namespace vdsokit::on_linux {

namespace {

constexpr u64 chained_index = 0;
constexpr u64 counter_index = 1;

i64 milliseconds_now() {
    timespec now{};
    clock_gettime(CLOCK_MONOTONIC, &now);
    return i64{now.tv_sec} * 1000 + now.tv_nsec / 1'000'000;
}

}  // namespace

Failure SharedClock::start(TreeFile const& file, ClockSource source, WallOffset offset) {
    void* const shared =
        mmap(nullptr, sizeof(Kept), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (shared == MAP_FAILED) return Failure::of_errno("mmap");
    kept_ = static_cast<Kept*>(shared);
    kept_->offsets[0] = offset;
    file_ = &file;
    source_ = source;
    chained_.attach(file.page(chained_index));
    chained_.publish(offset);
    if (!is_counting()) return Failure::none();
    counter_.attach(file.page(counter_index), offset);
    follows_ = true;
    return Failure::none();
}

WallOffset SharedClock::offset() const {
    return kept_->offsets[abi::load_shared(kept_->current) & 1];
}

void SharedClock::recover() {
    // It may have died between storing the offset and publishing it.
    chained_.publish(offset());
    if (is_counting()) counter_.recover(offset());
}

void SharedClock::set_offset(WallOffset offset) {
    u32 const next = 1 - (kept_->current & 1);
    kept_->offsets[next] = offset;
    __atomic_store_n(&kept_->current, next, __ATOMIC_RELEASE);
    chained_.publish(offset);
    if (is_counting()) counter_.set_offset(offset);
}

u64 SharedClock::page_offset(bool in_own_time) const {
    return file_->page_offset(is_counting() && in_own_time ? counter_index : chained_index);
}

int SharedClock::milliseconds_to_follow() const {
    if (!follows_) return -1;
    return static_cast<int>(std::max<i64>(0, due_ - milliseconds_now()));
}

void SharedClock::follow() {
    if (!follows_ || milliseconds_now() < due_) return;
    if (counter_refusal()) {
        counter_.withdraw();
        follows_ = false;
    } else {
        follows_ = counter_.follow();
    }
    due_ = milliseconds_now() + counter_.period();
}

}  // namespace vdsokit::on_linux
