// SPDX-License-Identifier: BSD-2-Clause
// The exported getrandom, over the image's own time page.
#include "vdso/getrandom.h"

#include "exports_getrandom.h"

#include "vdso/time_page.h"

namespace vdsokit::vdso {

i64 getrandom(void* buffer, u64 size, u32 flags, void* state, u64 state_bytes) {
    return read_getrandom(time_page.random, buffer, size, flags, state, state_bytes);
}

}  // namespace vdsokit::vdso
