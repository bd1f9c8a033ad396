// SPDX-License-Identifier: BSD-2-Clause
// call-once IMAGE EXPORT CLOCK published|unpublished: calls one exported function once, so that an
// emulator's log of the image's addresses is the list of the instructions of that one call.
// CLOCK is a number; gettimeofday and rt_sigreturn ignore it.
#include <signal.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <unistd.h>

#include <cstdlib>
#include <cstring>
#include <ctime>

#include "test/vdso/guest/mapped_image.h"
#include "test/vdso/guest/published_page.h"

namespace {

// As the kernel takes it on aarch64.
struct KernelAction {
    void (*handler)(int);
    unsigned long flags;
    void (*restorer)();
    unsigned long mask;
};

int return_from_signal(void (*restorer)()) {
    constexpr unsigned long use_restorer = 0x0400'0000;
    KernelAction const action{[](int) {}, use_restorer, restorer, 0};
    syscall(SYS_rt_sigaction, SIGUSR1, &action, nullptr, sizeof(action.mask));
    return raise(SIGUSR1);
}

}  // namespace

int main(int argc, char** argv) {
    using namespace vdsokit::test;
    if (argc != 5) fail("usage: call-once IMAGE EXPORT CLOCK published|unpublished");
    MappedImage const image(argv[1]);
    char const* const name = argv[2];
    int const clock = std::atoi(argv[3]);
    if (std::strcmp(argv[4], "published") == 0) publish(image.page(), 1, 4'000'000);
    image.seal();

    timespec time{};
    timeval micro{};
    int result = -1;
    if (std::strcmp(name, "__kernel_gettimeofday") == 0)
        result = image.find<int(timeval*, void*)>(name)(&micro, nullptr);
    else if (std::strcmp(name, "__kernel_rt_sigreturn") == 0)
        result = return_from_signal(image.find<void()>(name));
    else
        result = image.find<int(int, timespec*)>(name)(clock, &time);
    if (result != 0) fail("%s(%d) returned %d", name, clock, result);
}
