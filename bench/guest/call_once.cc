// SPDX-License-Identifier: BSD-2-Clause
// call-once IMAGE EXPORT CLOCK published|unpublished: calls one exported function once, so that an
// emulator's log of the image's addresses is the list of the instructions of that one call. EXPORT
// is a name without what stands before it ("clock_gettime"); CLOCK is a number, and ignored by
// functions without one.
#include <signal.h>

#include <cstdlib>
#include <ctime>
#include <string_view>

#include "test/vdso/guest/image_functions.h"
#include "test/vdso/guest/published_page.h"
#include "test/vdso/guest/tests.h"

int main(int argc, char** argv) {
    using namespace vdsokit;
    using namespace vdsokit::test;
    if (argc != 5) fail("usage: call-once IMAGE EXPORT CLOCK published|unpublished");
    prepare_counter();
    MappedImage const image(argv[1]);
    std::string_view const name = argv[2];
    u32 const clock = static_cast<u32>(std::atoi(argv[3]));
    if (std::string_view(argv[4]) == "published") publish(image.page(), 1, 4'000'000);
    image.seal();

    using Clock = i32(u32, void*);
    vdso::Timespec time{};
    vdso::Timeval micro{};
    i64 seconds = 0;
    u32 cpu = 0;
    long result = -1;
    if (name == "clock_gettime")
        result = image.find<Clock>(names.clock_gettime)(clock, &time);
    else if (name == "clock_getres")
        result = image.find<Clock>(names.clock_getres)(clock, &time);
    else if (name == "gettimeofday")
        result = image.find<i32(void*, void*)>(names.gettimeofday)(&micro, nullptr);
    else if (name == "clock_gettime32")
        result = image.find<Clock>(names.clock_gettime32)(clock, &time);
    else if (name == "clock_getres32")
        result = image.find<Clock>(names.clock_getres32)(clock, &time);
    else if (name == "time")
        result = image.find<i64(i64*)>(names.time)(&seconds) == 0 ? -1 : 0;
    else if (name == "getcpu")
        result = image.find<i32(u32*, u32*, void*)>(names.getcpu)(&cpu, nullptr, nullptr);
    if (result != 0) fail("%s(%u) returned %ld", argv[2], clock, result);
}
