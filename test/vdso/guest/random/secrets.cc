// SPDX-License-Identifier: BSD-2-Clause
#include "test/vdso/guest/random/secrets.h"

#include <ucontext.h>

#include <cstring>

#include "test/vdso/guest/mapped_image.h"

extern "C" void vdsokit_call_and_keep(vdsokit::u8* kept, void const* function,
                                      vdsokit::u64 const* arguments);

namespace vdsokit::test {
namespace {

constexpr u64 stack_bytes = u64{64} * 1024;

struct Left {
    alignas(64) u8 stack[stack_bytes];
    alignas(64) u8 registers[1024];
    void const* function;
    u64 arguments[5];
    ucontext_t caller;
    ucontext_t callee;
};
Left left;

void run() { vdsokit_call_and_keep(left.registers, left.function, left.arguments); }

void scan(u8 const* bytes, u64 size, u32 word, char const* where, char const* what) {
    for (u64 at = 0; at + 4 <= size; ++at)
        if (std::memcmp(bytes + at, &word, 4) == 0)
            fail("%s: %#x is at %lu of the %s", what, word, static_cast<unsigned long>(at), where);
}

}  // namespace

void call_and_keep(void const* function, u64 const (&arguments)[5]) {
    std::memset(left.stack, 0, sizeof(left.stack));
    std::memset(left.registers, 0, sizeof(left.registers));
    left.function = function;
    std::memcpy(left.arguments, arguments, sizeof(arguments));
    getcontext(&left.callee);
    left.callee.uc_stack.ss_sp = left.stack;
    left.callee.uc_stack.ss_size = stack_bytes;
    left.callee.uc_link = &left.caller;
    makecontext(&left.callee, run, 0);
    if (swapcontext(&left.caller, &left.callee) != 0) fail("no context");
}

void expect_gone(kit::Bytes secret, char const* what) {
    for (u64 at = 0; at + 4 <= secret.size(); at += 4) {
        u32 const word = secret.read<u32>(at);
        if (word == 0 || word == ~u32{0}) continue;
        scan(left.stack, sizeof(left.stack), word, "stack", what);
        scan(left.registers, sizeof(left.registers), word, "registers", what);
    }
}

u64 stack_used() {
    u64 at = 0;
    while (at < stack_bytes && left.stack[at] == 0) ++at;
    return stack_bytes - at;
}

}  // namespace vdsokit::test
