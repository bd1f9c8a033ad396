// SPDX-License-Identifier: BSD-2-Clause
#include "guest_cpu.h"

#include <signal.h>
#include <sys/syscall.h>
#include <unistd.h>
#include <unwind.h>

#include <cstring>

#include "arch/types.h"
#include "test/vdso/guest/image_functions.h"
#include "test/vdso/guest/tests.h"

extern "C" {
// libgcc's, without a header of its own. [unwind-dw2-fde.h]
void __register_frame(void const* table);
struct dwarf_eh_bases {
    void* text;
    void* data;
    void* function;
};
void const* _Unwind_Find_FDE(void* address, dwarf_eh_bases* bases);

void (*image_sigreturn)();
void riscv_handler(int);
void handler_of_kernel(int);
}

// A kernel lets the handler return to the image; qemu's own trampoline is left out here the same way.
asm(R"(
        .globl  handler_of_kernel
        .type   handler_of_kernel, @function
handler_of_kernel:
        la      t0, image_sigreturn
        ld      ra, 0(t0)
        tail    riscv_handler
)");

namespace vdsokit::test {
namespace {

volatile int handled = 0;
volatile bool saw_interrupted = false;

[[gnu::noinline]] void interrupted(u64 marker) {
    asm volatile("mv s11, %0\n\tmv a0, %1\n\tmv a1, %2\n\tli a7, 130\n\tecall"  // tkill
                 :
                 : "r"(marker), "r"(syscall(SYS_gettid)), "r"(u64{SIGUSR1})
                 : "a0", "a1", "a7", "s11", "memory");
}

constexpr u64 marker_value = 0x1234'5678'9abc'def0;

_Unwind_Reason_Code look(_Unwind_Context* context, void*) {
    auto* const function =
        _Unwind_FindEnclosingFunction(reinterpret_cast<void*>(_Unwind_GetIP(context)));
    if (function == reinterpret_cast<void*>(&interrupted) &&
        _Unwind_GetGR(context, 27) == marker_value)
        saw_interrupted = true;
    return _URC_NO_REASON;
}

}  // namespace

void check_kernel_calls(MappedImage const& mapped) {
    auto* const flush = mapped.find<long(void*, void*, unsigned long)>("__vdso_flush_icache");
    char code[64];
    if (long const result = flush(code, code + sizeof(code), 0)) fail("flush_icache: %ld", result);
    struct {
        i64 key;
        u64 value;
    } pair{0, 0}, same{0, 0};
    auto* const probe =
        mapped.find<long(void*, size_t, size_t, void*, unsigned)>("__vdso_riscv_hwprobe");
    constexpr u64 riscv_hwprobe = 258;
    long const here = probe(&pair, 1, 0, nullptr, 0);
    if (here != kernel(riscv_hwprobe, &same, 1, 0, nullptr, 0) || pair.key != same.key ||
        pair.value != same.value)
        fail("riscv_hwprobe: %ld, unlike the kernel", here);
}

void sigreturn(MappedImage const& mapped) {
    image_sigreturn = mapped.find<void()>(names.rt_sigreturn);
    auto* const before = reinterpret_cast<char*>(image_sigreturn) - 1;
    __register_frame(reinterpret_cast<void const*>(mapped.eh_frame()));
    dwarf_eh_bases bases{};
    if (_Unwind_Find_FDE(before, &bases) == nullptr)
        fail("an unwinder finds nothing for the frame");
    struct sigaction action {};
    action.sa_handler = handler_of_kernel;
    sigaction(SIGUSR1, &action, nullptr);
    for (int i = 1; i <= 3; ++i) {
        saw_interrupted = false;
        interrupted(marker_value);
        if (handled != i) fail("the handler ran %d times, not %d", handled, i);
        if (!saw_interrupted) fail("the interrupted function, or its s11, was not found");
    }
    // What unwinders without tables compare at the return address. [libgcc linux-unwind.h]
    u32 const expected[] = {0x08b0'0893, 0x0000'0073};
    if (std::memcmp(before + 1, expected, sizeof(expected)) != 0)
        fail("the instructions are not those that unwinders know");
}

}  // namespace vdsokit::test

void riscv_handler(int) {
    vdsokit::test::handled = vdsokit::test::handled + 1;
    _Unwind_Backtrace(vdsokit::test::look, nullptr);
}
