// SPDX-License-Identifier: BSD-2-Clause
#include "guest_cpu.h"

#include <signal.h>
#include <time.h>
#include <ucontext.h>

#include "arch/types.h"
#include "test/vdso/guest/tests.h"

namespace vdsokit::test {
namespace {

constexpr u32 frequency = 62'500'000;  // 16 ns each

u64 count() {
    timespec now{};
    clock_gettime(CLOCK_REALTIME, &now);
    return (static_cast<u64>(now.tv_sec) * 1'000'000'000 + static_cast<u64>(now.tv_nsec)) / 16;
}

// mrrc p15, 1, Rt, Rt2, c14 and mrc p15, 0, Rt, c14, c0, 0, whatever the registers are: those up to
// r10 lie in the context one behind the other. [Arm DDI 0406C, A8.8.108 and 109]
void answer(int, siginfo_t*, void* context) {
    mcontext_t& registers = static_cast<ucontext_t*>(context)->uc_mcontext;
    auto* const general = &registers.arm_r0;
    auto const* const code = reinterpret_cast<u16 const*>(registers.arm_pc);
    bool const is_thumb = (registers.arm_cpsr & 0x20) != 0;  // the same bits, the halves swapped
    u32 const instruction = u32{code[is_thumb ? 0 : 1]} << 16 | code[is_thumb ? 1 : 0];
    u32 const first = instruction >> 12 & 15;
    u32 const second = instruction >> 16 & 15;
    if ((instruction & 0xfff0'0fff) == 0xec50'0f1e) {
        u64 const now = count();
        general[first] = static_cast<u32>(now);
        general[second] = static_cast<u32>(now >> 32);
    } else if ((instruction & 0xffff'0fff) == 0xee1e'0f10) {
        general[first] = frequency;
    } else {
        fail("an illegal instruction: %#x", instruction);
    }
    registers.arm_pc += 4;
}

}  // namespace

void prepare_counter() {
    struct sigaction action {};
    action.sa_sigaction = answer;
    action.sa_flags = SA_SIGINFO;
    sigaction(SIGILL, &action, nullptr);
}

void check_kernel_calls(MappedImage const&) {}

void sigreturn(MappedImage const&) { fail("programs bring their own on this CPU"); }

}  // namespace vdsokit::test
