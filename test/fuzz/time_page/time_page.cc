// SPDX-License-Identifier: BSD-2-Clause
// A page that is no time page, or that nobody is to be trusted with: the readers come back, with a
// time whose parts are in range or with the kernel's answer.
#include "abi/time_page.h"

#include <algorithm>
#include <cstring>

#include "test/fuzz/target.h"
#include "vdso/clock_getres.h"
#include "vdso/clock_gettime.h"
#include "vdso/gettimeofday.h"

namespace vdsokit::fuzz {
namespace {

constexpr u64 untouched = 0x5555'5555'5555'5555;

void run(kit::Bytes input) {
    Knobs knobs(input);
    u32 const clock = knobs.byte() % (abi::clock_lines + 2);
    arch::fake = {};
    arch::fake.counter = u64{knobs.half()} << (knobs.byte() % 64);
    arch::fake.frequency = u64{knobs.half()} << (knobs.byte() % 64);
    arch::fake_kernel = {};
    arch::fake_kernel.answer = -38;
    abi::TimePage page = abi::unpublished_page();
    // The first line alone, or all of the page.
    bool const whole = knobs.byte() % 2 != 0;
    kit::Bytes const rest = knobs.rest();
    u8* const to = static_cast<u8*>(
        whole ? static_cast<void*>(&page)
              : static_cast<void*>(&page.clocks[std::min(clock, abi::clock_lines - 1)]));
    u64 const room = whole ? sizeof page : sizeof page.clocks[0];
    if (rest.size() != 0) std::memcpy(to, rest.data(), std::min(rest.size(), room));

    vdso::Timespec time{};
    time.nanoseconds = static_cast<i64>(untouched);
    i32 status = vdso::read_clock_gettime(page, clock, &time);
    bool const asked = arch::fake_kernel.calls != 0;
    require(status == (asked ? -38 : 0), "the page answers or the kernel does");
    if (asked)
        require(time.nanoseconds == static_cast<i64>(untouched), "the kernel's answer alone");
    else
        require(time.nanoseconds >= 0 && time.nanoseconds < 1'000'000'000, "nanoseconds in range");

    arch::fake_kernel.calls = 0;
    vdso::Timeval day{};
    vdso::Timezone zone{};
    status = vdso::read_gettimeofday(page, &day, clock % 2 != 0 ? &zone : nullptr);
    if (arch::fake_kernel.calls == 0)
        require(status == 0 && day.microseconds >= 0 && day.microseconds < 1'000'000,
                "microseconds in range");
    else
        require(status == -38 && arch::fake_kernel.calls == 1, "one system call answers both");
    vdso::read_clock_getres(page, clock, &time);
    vdso::read_clock_getres(page, clock, nullptr);
}

Target const target{"time_page", run};

}  // namespace
}  // namespace vdsokit::fuzz
