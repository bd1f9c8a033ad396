// SPDX-License-Identifier: BSD-2-Clause
// All that a kernel writes to give its processes this vDSO: docs/porting.md, which explains it, and
// a test, which compiles it as a kernel would. What is declared in namespace my is the kernel's own.
#include "cpu.h"

#include "kit/image/base.h"
#include "kit/image/mapping.h"
#include "kit/time/timekeeper.h"

namespace my {

using vdsokit::u64;
using vdsokit::u8;

struct PageTables;
u64 allocate_page();  // its number; 0: none left
void free_page(u64 page);
u8* linear_view(u64 page);  // read-write
void flush_instruction_cache(u64 page);
bool map_user(PageTables& tables, u64 address, u64 page, bool executable);  // never writable
void unmap_user(PageTables& tables, u64 address);
u64 random_bits();
vdsokit::i64 real_time_clock();  // seconds since 1970
void log(char const* what, char const* why, u64 at);

}  // namespace my

namespace {

using namespace vdsokit;

// 1. Where page frames come from.
struct Frames {
    using Frame = u64;
    kit::Result<Frame, kit::MapError> allocate_frame() {
        Frame const page = my::allocate_page();
        if (page == 0) return kit::MapError::out_of_memory;
        return page;
    }
    u8* frame_bytes(Frame frame) { return my::linear_view(frame); }
    void release_frame(Frame frame) { my::free_page(frame); }
    void publish_code(Frame frame) { my::flush_instruction_cache(frame); }
};

// 2. A process's memory.
struct Space {
    using Frame = u64;
    my::PageTables& tables;
    kit::Result<kit::Nothing, kit::MapError> map_shared(kit::VirtualAddress at, Frame frame,
                                                        kit::Access access) {
        bool const executable = access == kit::Access::read_execute;
        if (!my::map_user(tables, at.value, frame, executable)) return kit::MapError::out_of_memory;
        return kit::Nothing{};
    }
    void unmap_shared(kit::VirtualAddress at) { my::unmap_user(tables, at.value); }
};

using Vdso = kit::Preload<Frames>;
constexpr kit::BaseRange vdso_range{{u64{1} << 38}, u64{1} << 36};

constinit kit::Result<Vdso, kit::PreloadError> vdso = kit::PreloadError::out_of_frames;
constinit kit::Timekeeper timekeeper;

}  // namespace

// 3. Once, at start: check the file, put it into frames, begin to keep the time in its page.
void start_vdso(kit::Bytes file) {
    kit::TimekeeperStart const start{
        .clocksource = {.frequency = arch::counter_frequency(), .counter_bits = 56},
        .realtime = {my::real_time_clock(), 0}};
    if (!timekeeper.start(start))
        return my::log("vdso", "the counter states no usable frequency", 0);

    auto const image = kit::open_image(file);
    if (!image)
        return my::log(image.error().rule->name, image.error().rule->reason,
                       image.error().at.value);
    Frames frames;
    vdso = Vdso::load(frames, image.value(), {});
    if (vdso) timekeeper.attach(*vdso.value().time_page());
}

// 4. At each exec. The result is the value of AT_SYSINFO_EHDR; 0: leave the entry out.
u64 map_vdso(my::PageTables& tables) {
    if (!vdso) return 0;
    Vdso const& preload = vdso.value();
    auto const base =
        kit::choose_base(vdso_range, preload.size(), preload.alignment(), my::random_bits());
    if (!base) return 0;
    Space space{tables};
    auto const mapping = kit::map_image<Frames>(space, preload, base.value());
    return mapping ? mapping.value().base.value : 0;
}

// 5. The clock system calls answer from the same place, so that both always agree.
bool read_clock(u32 clock, kit::Timespec& out) {
    auto const now = timekeeper.read(static_cast<abi::ClockId>(clock));
    if (now) out = now.value();
    return static_cast<bool>(now);
}

// 6. A kernel with a tick says so in TimekeeperStart and calls timekeeper.tick() from it. One
// without asks when it is due next; that is in years, unless the clock is being slewed.
u64 next_clock_update() {
    timekeeper.advance();
    return timekeeper.next_update().after.value;
}
