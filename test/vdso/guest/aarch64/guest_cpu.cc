// SPDX-License-Identifier: BSD-2-Clause
#include "guest_cpu.h"

#include <signal.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cstring>

#include "arch/types.h"
#include "test/vdso/guest/tests.h"

namespace vdsokit::test {
namespace {

volatile sig_atomic_t handled = 0;
void handler(int) { handled = handled + 1; }

// As the kernel takes it; libc would put its own restorer there.
struct KernelAction {
    void (*handler)(int);
    unsigned long flags;
    void (*restorer)();
    unsigned long mask;
};

}  // namespace

void check_kernel_calls(MappedImage const&) {}

void sigreturn(MappedImage const& mapped) {
    auto* const restorer = mapped.find<void()>(names.rt_sigreturn);
    constexpr unsigned long use_restorer = 0x0400'0000;
    KernelAction const action{handler, use_restorer, restorer, 0};
    if (syscall(SYS_rt_sigaction, SIGUSR1, &action, nullptr, sizeof(action.mask)) != 0)
        fail("no handler could be set");
    for (int i = 1; i <= 3; ++i) {
        raise(SIGUSR1);
        if (handled != i) fail("the handler ran %d times, not %d", static_cast<int>(handled), i);
    }
    // What unwinders compare at the return address, and in front of it. [libgcc linux-unwind.h]
    u32 const expected[] = {0xd503'201f, 0xd280'1168, 0xd400'0001};
    if (std::memcmp(reinterpret_cast<char const*>(restorer) - 4, expected, sizeof(expected)) != 0)
        fail("the instructions are not those that unwinders know");
}

}  // namespace vdsokit::test
