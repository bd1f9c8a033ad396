// SPDX-License-Identifier: BSD-2-Clause
#include "vdso/clock_getres.h"

#include <cerrno>

#include "test/vdso/harness.h"

namespace vdsokit::vdso {
namespace {

using abi::ClockMode;
using abi::state_of;

class ClockGetres : public ReaderTest {
protected:
    ClockGetres() {
        publish(ClockMode::counter);
        page.header.resolution = 1;
        page.header.coarse_resolution = 4'000'000;
    }
    i32 call(u32 clock) { return read_clock_getres(page, clock, &resolution); }
    void expect_fallback(u32 clock) {
        EXPECT_EQ(arch::fake_kernel.calls, 1u) << clock;
        EXPECT_EQ(arch::fake_kernel.number, arch::call::clock_getres);
        EXPECT_EQ(arch::fake_kernel.first, static_cast<u64>(i64{static_cast<i32>(clock)}));
        EXPECT_EQ(arch::fake_kernel.second, reinterpret_cast<u64>(&resolution));
        EXPECT_EQ(resolution.seconds, -1) << "the kernel alone writes the answer";
        arch::fake_kernel.calls = 0;
    }

    Timespec resolution{-1, -1};
};

TEST_F(ClockGetres, SaysWhatThePageSaysForEachGroup) {
    for (u32 const id : page_clocks) {
        EXPECT_EQ(call(id), 0);
        EXPECT_EQ(resolution.seconds, 0);
        EXPECT_EQ(resolution.nanoseconds, id == 5 || id == 6 ? 4'000'000 : 1) << id;
    }
    EXPECT_EQ(arch::fake_kernel.calls, 0u);
}

TEST_F(ClockGetres, ANullPointerIsAllowedForAKnownClock) {
    for (u32 const id : page_clocks) EXPECT_EQ(read_clock_getres(page, id, nullptr), 0);
    EXPECT_EQ(arch::fake_kernel.calls, 0u);
}

TEST_F(ClockGetres, OtherIdsAreTheKernelsBusiness) {
    for (u32 const id : {2u, 3u, 8u, 9u, 10u, 12u, 16u, 32u, 33u, 1u << 26, 0x7fff'ffffu,
                         0x8000'0000u, 0xffff'ffffu}) {
        arch::fake_kernel.answer = -EINVAL;
        EXPECT_EQ(call(id), -EINVAL);
        expect_fallback(id);
        EXPECT_EQ(read_clock_getres(page, id, nullptr), -EINVAL) << "null does not hide it";
        arch::fake_kernel.calls = 0;
    }
}

// starry-vdso's page was laid out wrongly, and the resolution of every clock was 0.
TEST_F(ClockGetres, IsNeverZero) {
    page.header.resolution = 0;
    EXPECT_EQ(call(monotonic), 0);
    expect_fallback(monotonic);
    EXPECT_EQ(call(6), 0);
    EXPECT_EQ(resolution.nanoseconds, 4'000'000) << "each group stands alone";
    resolution = {-1, -1};
    page.header.coarse_resolution = 0;
    EXPECT_EQ(call(6), 0);
    expect_fallback(6);
}

TEST_F(ClockGetres, IsAnsweredWhileTheClockIsWrittenAndInEveryModeThatReadsIt) {
    for (ClockMode const mode : {ClockMode::counter, ClockMode::physical_counter, ClockMode::held,
                                 ClockMode::direct, ClockMode::direct_physical}) {
        for (u32 const lock : {0u, abi::state_locked}) {
            page.clocks[monotonic].state = state_of(mode) | lock;
            EXPECT_EQ(call(monotonic), 0);
            EXPECT_EQ(resolution.nanoseconds, 1);
        }
    }
    EXPECT_EQ(arch::fake_kernel.calls, 0u);
}

TEST_F(ClockGetres, OfAPageThatIsWithdrawnOrNotOursIsTheKernels) {
    struct Case {
        u32 state;
        char const* reason;
    };
    constexpr Case cases[] = {
        {state_of(ClockMode::none), "withdrawn"},
        {state_of(ClockMode::none) | abi::state_locked, "being withdrawn"},
        {state_of(ClockMode::counter) + (1 << 4), "the next version"},
        {state_of(ClockMode::counter) ^ (1 << 8), "another magic"},
        {0, "zeros"},
        {0xffff'ffff, "ones"},
    };
    for (Case const& c : cases) {
        SCOPED_TRACE(c.reason);
        page.clocks[monotonic].state = c.state;
        EXPECT_EQ(call(monotonic), 0);
        expect_fallback(monotonic);
    }
}

}  // namespace
}  // namespace vdsokit::vdso
