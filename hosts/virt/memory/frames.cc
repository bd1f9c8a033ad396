// SPDX-License-Identifier: BSD-2-Clause
#include "hosts/virt/memory/frames.h"

#include "el1.h"

#include "hosts/virt/panic.h"

namespace vdsokit::virt {
namespace {

using host::Frame;
using host::no_frame;

struct FrameRecord {
    u32 users;  // 0: free, or no frame at all
    Frame next_free;
};

// Frames that were never used lie in ranges, so that starting does not visit each.
class Frames {
public:
    bool start(RangeSet const& memory);
    Frame take();
    void give_back(Frame frame);
    FrameRecord& record(Frame frame);
    FrameRecord& used_record(Frame frame);
    host::FrameCount count() const { return count_; }

private:
    kit::FixedVector<Range, RangeSet::capacity> untouched_;
    u64 range_ = 0;  // untouched_[range_] is being used up
    Frame first_free_ = no_frame;
    FrameRecord* records_ = nullptr;
    u32 first_ = 0;  // the frame of records_[0]
    u32 records_count_ = 0;
    host::FrameCount count_{};
};
constinit Frames frames;

bool Frames::start(RangeSet const& memory) {
    u64 lowest = ~u64{0};
    u64 highest = 0;
    Range const* largest = nullptr;
    for (Range const& range : memory) {
        if (range.base < lowest) lowest = range.base;
        if (range.end() > highest) highest = range.end();
        if (largest == nullptr || range.size > largest->size) largest = &range;
    }
    if (largest == nullptr) return false;
    u64 const records = (highest - lowest) / page_bytes;
    u64 const bytes = kit::align_up(records * sizeof(FrameRecord), page_bytes);
    if (records > ~u32{0} || bytes >= largest->size) return false;
    first_ = static_cast<u32>(lowest / page_bytes);
    records_count_ = static_cast<u32>(records);
    u8* const place = linear_pointer({largest->base});
    __builtin_memset(place, 0, bytes);
    records_ = reinterpret_cast<FrameRecord*>(place);
    for (Range range : memory) {
        if (range.base == largest->base) range = {range.base + bytes, range.size - bytes};
        if (range.base == 0) range = {page_bytes, range.size - page_bytes};
        if (range.size == 0) continue;
        if (!untouched_.push(range)) return false;
        count_.total += range.size / page_bytes;
    }
    count_.free = count_.total;
    return true;
}

Frame Frames::take() {
    Frame frame = first_free_;
    if (frame != no_frame) {
        first_free_ = record(frame).next_free;
    } else {
        if (range_ == untouched_.size()) return no_frame;
        Range& range = untouched_[range_];
        frame = frame_at({range.base});
        range = {range.base + page_bytes, range.size - page_bytes};
        if (range.size == 0) ++range_;
    }
    record(frame).users = 1;
    --count_.free;
    return frame;
}

void Frames::give_back(Frame frame) {
    record(frame).next_free = first_free_;
    first_free_ = frame;
    ++count_.free;
}

FrameRecord& Frames::record(Frame frame) {
    if (frame.number - first_ >= records_count_) panic("a frame that does not exist");
    return records_[frame.number - first_];
}

FrameRecord& Frames::used_record(Frame frame) {
    FrameRecord& record = this->record(frame);
    if (record.users == 0) panic("a frame without users is used");
    return record;
}

// dc zva clears a line without reading it; a CPU may forbid it or clear other amounts.
void clear(u8* page) {
    constexpr u64 usual_block = 4;  // 2^4 words
    if ((read_zero_block() & 0x1f) != usual_block) {
        __builtin_memset(page, 0, page_bytes);
        return;
    }
    for (u64 at = 0; at < page_bytes; at += 4 << usual_block) zero_line(page + at);
}

}  // namespace

bool start_frames(RangeSet const& memory) { return frames.start(memory); }

}  // namespace vdsokit::virt

namespace vdsokit::host {

using virt::frames;

Frame allocate_frame() {
    Frame const frame = frames.take();
    if (frame != no_frame) virt::clear(frame_bytes(frame));
    return frame;
}

void retain_frame(Frame frame) {
    if (++frames.used_record(frame).users == 0) virt::panic("a frame has too many users");
}

void release_frame(Frame frame) {
    if (--frames.used_record(frame).users == 0) frames.give_back(frame);
}

u32 frame_users(Frame frame) { return frames.used_record(frame).users; }

u8* frame_bytes(Frame frame) { return virt::linear_pointer(virt::physical_of(frame)); }

void publish_code(Frame frame) {
    // CTR_EL0.DminLine: log2 of the words of a line.
    u64 const line = u64{4} << ((virt::read_cache_type() >> 16) & 0xf);
    u8 const* const bytes = frame_bytes(frame);
    for (u64 at = 0; at < virt::page_bytes; at += line) virt::clean_data_line(bytes + at);
    virt::finish_cleaning();
    // All of it: the cache may be indexed by virtual address, and the process has another.
    virt::forget_instructions();
}

FrameCount frame_count() { return frames.count(); }

}  // namespace vdsokit::host
