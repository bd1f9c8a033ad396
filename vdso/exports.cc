// SPDX-License-Identifier: BSD-2-Clause
// The exported functions, over the image's own time page. Their names are the CPU's: exports.h.
#include "exports.h"

#include "vdso/clock_getres.h"
#include "vdso/clock_gettime.h"
#include "vdso/gettimeofday.h"
#include "vdso/time_page.h"

namespace vdsokit::vdso {

i32 clock_gettime(u32 clock, Timespec* time) { return read_clock_gettime(time_page, clock, time); }

i32 gettimeofday(Timeval* time, Timezone* zone) { return read_gettimeofday(time_page, time, zone); }

i32 clock_getres(u32 clock, Timespec* resolution) {
    return read_clock_getres(time_page, clock, resolution);
}

}  // namespace vdsokit::vdso
