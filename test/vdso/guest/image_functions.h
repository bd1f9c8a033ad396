// SPDX-License-Identifier: BSD-2-Clause
// The functions of a mapped image by the types that a process of this CPU calls them with, and the
// same questions put to the kernel. For the tests of guest/.
#pragma once

#include "guest_cpu.h"
#include "system_call.h"

#include <unistd.h>

#include <cerrno>

#include "test/vdso/guest/mapped_image.h"
#include "vdso/types.h"

namespace vdsokit::test {

struct Functions {
    explicit Functions(MappedImage const& image)
        : gettime(image.find<i32(u32, vdso::Timespec*)>(names.clock_gettime)),
          getres(image.find<i32(u32, vdso::Timespec*)>(names.clock_getres)),
          day(image.find<i32(vdso::Timeval*, vdso::Timezone*)>(names.gettimeofday)) {}
    i32 (*gettime)(u32, vdso::Timespec*);
    i32 (*getres)(u32, vdso::Timespec*);
    i32 (*day)(vdso::Timeval*, vdso::Timezone*);
};

// What the kernel answers: its result, or a negative errno.
template <class... Arguments>
int kernel(u64 number, Arguments... arguments) {
    long const result = syscall(static_cast<long>(number), arguments...);
    return result == -1 ? -errno : static_cast<int>(result);
}

}  // namespace vdsokit::test
