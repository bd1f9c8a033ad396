// SPDX-License-Identifier: BSD-2-Clause
#include "hosts/sel4/memory/frames.h"

#include "hosts/sel4/boot_image.h"
#include "hosts/sel4/objects/mappings.h"
#include "hosts/sel4/objects/own_space.h"
#include "hosts/sel4/panic.h"

namespace vdsokit::sel4 {
namespace {

using host::Frame;
using host::no_frame;

// Where the root task sees page n: here and 4096 * n. Its own image lies far below.
constexpr u64 window = u64{1} << 36;
constexpr u64 pages_most = u64{1} << 24;

struct PageRecord {
    u32 users;  // of a frame; 1 of another object; 0 of what is unused
    u32 other;  // the next unused one of its kind, or the companion
    PageUntyped untyped;
    union {
        FrameCap frame;  // null: it is not a frame now
        TableCap table;
    };
};
static_assert(sizeof(PageRecord) * pages_per_run == page_bytes);

u8* window_of(u32 number) { return reinterpret_cast<u8*>(window + u64{number} * page_bytes); }

class Pages {
public:
    Frame take_frame();
    void release(Frame frame);
    u32 take_bare();
    void give_back_bare(u32 number);
    PageRecord& record(u32 number);
    PageRecord& used_record(u32 number) {
        PageRecord& found = record(number);
        if (found.users == 0) panic("a page without users is used");
        return found;
    }
    host::FrameCount count() const;

private:
    bool carve();
    bool become_frame(u32 number);

    u32 runs_ = 0;
    u32 first_frame_ = 0;  // unused, mapped in the window, contents unknown
    u32 first_bare_ = 0;   // unused, no object
    u64 unused_ = 0;
    u64 used_ = 0;
    bool is_exhausted_ = false;
};
constinit Pages pages;

PageRecord& Pages::record(u32 number) {
    if (number / pages_per_run >= runs_) panic("a page that does not exist");
    auto* const records = reinterpret_cast<PageRecord*>(window_of(number - number % pages_per_run));
    return records[number % pages_per_run];
}

// One more run. The records come first: without their page nothing can be noted.
bool Pages::carve() {
    static constinit PageRun run;
    if ((u64{runs_} + 1) * pages_per_run > pages_most || !carve_run(run)) {
        is_exhausted_ = true;
        return false;
    }
    u32 const first = runs_ * pages_per_run;
    FrameCap const records = make_frame(run.pages[0]);
    // The run stays unused for good when there is no room to note it down.
    u64 const at = reinterpret_cast<u64>(window_of(first));
    if (records.is_null() || !add_own_tables(at) || !map_own(records, at)) {
        is_exhausted_ = true;
        return false;
    }
    ++runs_;
    record(first) = {.users = 1, .other = 0, .untyped = run.pages[0], .frame = records};
    for (u32 page = pages_per_run - 1; page > 0; --page) {
        record(first + page) = {
            .users = 0, .other = first_bare_, .untyped = run.pages[page], .frame = {}};
        first_bare_ = first + page;
    }
    unused_ += pages_per_run - 1;
    return true;
}

bool Pages::become_frame(u32 number) {
    PageRecord& page = record(number);
    page.frame = make_frame(page.untyped);
    if (page.frame.is_null()) return false;
    if (map_own(page.frame, reinterpret_cast<u64>(window_of(number)))) return true;
    delete_frame(page.frame);
    page.frame = {};
    return false;
}

Frame Pages::take_frame() {
    u32 number = first_frame_;
    if (number != 0) {
        first_frame_ = record(number).other;
        __builtin_memset(window_of(number), 0, page_bytes);
    } else {
        // The kernel has cleared what is made of a bare page.
        if (first_bare_ == 0 && !carve()) return no_frame;
        number = first_bare_;
        if (!become_frame(number)) return no_frame;
        first_bare_ = record(number).other;
    }
    record(number).users = 1;
    record(number).other = 0;
    --unused_;
    ++used_;
    return {number};
}

void Pages::release(Frame frame) {
    PageRecord& page = used_record(frame.number);
    if (--page.users != 0) return;
    page.other = first_frame_;
    first_frame_ = frame.number;
    ++unused_;
    --used_;
}

u32 Pages::take_bare() {
    u32 number = first_bare_;
    if (number == 0 && first_frame_ != 0) {
        number = first_frame_;
        PageRecord& page = record(number);
        first_frame_ = page.other;
        delete_frame(page.frame);
        page.frame = {};
    } else {
        if (number == 0 && !carve()) return 0;
        number = first_bare_;
        first_bare_ = record(number).other;
    }
    record(number).users = 1;
    --unused_;
    ++used_;
    return number;
}

void Pages::give_back_bare(u32 number) {
    PageRecord& page = used_record(number);
    page.users = 0;
    page.frame = {};
    page.other = first_bare_;
    first_bare_ = number;
    ++unused_;
    --used_;
}

host::FrameCount Pages::count() const {
    // What is not carved yet costs slots, records and page tables: a thirty-second of it.
    u64 const more = is_exhausted_ ? 0 : pages_not_carved() / 32 * 31;
    return {.total = used_ + unused_ + more, .free = unused_ + more};
}

}  // namespace

FrameCap frame_cap(Frame frame) { return pages.used_record(frame.number).frame; }

Page take_page() { return {pages.take_bare()}; }
PageUntyped untyped_of(Page page) { return pages.used_record(page.number).untyped; }
void give_back_page(Page page) { pages.give_back_bare(page.number); }

void set_companion(Frame frame, Page page) { pages.used_record(frame.number).other = page.number; }
void set_table(Page page, TableCap cap) { pages.used_record(page.number).table = cap; }
TableCap table_of(Page page) { return pages.used_record(page.number).table; }
Page companion(Frame frame) { return {pages.used_record(frame.number).other}; }

}  // namespace vdsokit::sel4

namespace vdsokit::host {

using sel4::pages;

Frame allocate_frame() { return pages.take_frame(); }

void retain_frame(Frame frame) {
    if (++pages.used_record(frame.number).users == 0) sel4::panic("a frame has too many users");
}

void release_frame(Frame frame) { pages.release(frame); }
u32 frame_users(Frame frame) { return pages.used_record(frame.number).users; }
u8* frame_bytes(Frame frame) { return sel4::window_of(frame.number); }
void publish_code(Frame frame) { sel4::unify_instructions(sel4::frame_cap(frame)); }
FrameCount frame_count() { return pages.count(); }

}  // namespace vdsokit::host
