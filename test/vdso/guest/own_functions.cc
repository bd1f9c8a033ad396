// SPDX-License-Identifier: BSD-2-Clause
// The functions that the images of some CPUs have and others have not.
#include <sched.h>

#include <ctime>
#include <initializer_list>

#include "test/vdso/guest/image_functions.h"
#include "test/vdso/guest/published_page.h"
#include "test/vdso/guest/tests.h"

namespace vdsokit::test {
namespace {

void check_getcpu(MappedImage const& mapped) {
    auto* const getcpu = mapped.find<i32(u32*, u32*, void*)>(names.getcpu);
    cpu_set_t first;
    CPU_ZERO(&first);
    CPU_SET(0, &first);
    sched_setaffinity(0, sizeof(first), &first);
    u32 cpu = 77;
    u32 node = 77;
    if (getcpu(&cpu, &node, nullptr) != 0 || cpu != 0 || node != 0)
        fail("getcpu: CPU %u, node %u", cpu, node);
    if (getcpu(nullptr, nullptr, nullptr) != 0) fail("getcpu refuses null pointers");
}

void check_time(MappedImage const& mapped) {
    auto* const time = mapped.find<i64(i64*)>(names.time);
    i64 const before = system_clock(CLOCK_REALTIME_COARSE).seconds;
    i64 stored = 0;
    i64 const here = time(&stored);
    i64 const after = system_clock(CLOCK_REALTIME).seconds;
    if (here < before || here > after || here != stored || time(nullptr) < here)
        fail("time: %lld", static_cast<long long>(here));
}

}  // namespace

void narrow(MappedImage const& mapped) {
    if (names.clock_gettime32 == nullptr) fail("this CPU has no 32-bit structures");
    Functions const wide(mapped);
    using Narrow = i32(u32, vdso::Timespec32*);
    auto* const gettime = mapped.find<Narrow>(names.clock_gettime32);
    auto* const getres = mapped.find<Narrow>(names.clock_getres32);
    auto const check = [&] {
        for (u32 const clock : {0u, 1u, 2u, 4u, 5u, 6u, 7u, 11u, 12u, ~0u, 0x8000'0000u}) {
            vdso::Timespec before{};
            vdso::Timespec after{};
            vdso::Timespec32 here[2]{{}, {77, 77}};
            int const expected = wide.gettime(clock, &before);
            int const result = gettime(clock, here);
            wide.gettime(clock, &after);
            i64 const time = nanoseconds({here[0].seconds, here[0].nanoseconds});
            if (result != expected) fail("clock_gettime(%#x): %d, not %d", clock, result, expected);
            if (result == 0 && (time < nanoseconds(before) || time > nanoseconds(after)))
                fail("clock_gettime(%#x) is not between its twin's", clock);
            if (getres(clock, nullptr) != wide.getres(clock, nullptr) ||
                getres(clock, here) != wide.getres(clock, &before))
                fail("clock_getres(%#x) differs from its twin", clock);
            if (result == 0 &&
                nanoseconds({here[0].seconds, here[0].nanoseconds}) != nanoseconds(before))
                fail("clock_getres(%#x) says another resolution than its twin", clock);
            if (here[1].seconds != 77 || here[1].nanoseconds != 77)
                fail("more than 8 bytes are written");
        }
    };
    check();
    publish(mapped.page(), 7, 9'000'000);
    mapped.seal();
    check();
}

void own_calls(MappedImage const& mapped) {
    if (names.getcpu != nullptr) check_getcpu(mapped);
    if (names.time != nullptr) check_time(mapped);
    check_kernel_calls(mapped);
}

}  // namespace vdsokit::test
