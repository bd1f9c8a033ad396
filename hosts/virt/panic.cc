// SPDX-License-Identifier: BSD-2-Clause
#include "hosts/virt/panic.h"

#include "el1.h"

#include "hosts/machine/console.h"
#include "hosts/personality/text.h"
#include "hosts/virt/power.h"

namespace vdsokit::virt {
namespace {

constexpr u32 host_failed = 125;

constinit bool panicking = false;
constinit u8 buffer[4096];

[[noreturn]] void end(personality::Text const& text) {
    host::console_write(host::Channel::failures, buffer, text.stored());
    host::shut_down(host_failed);
}

// A second one means that the console or what it needs is broken.
void begin() {
    if (panicking) power_off();
    panicking = true;
}

}  // namespace

void panic(char const* why) {
    begin();
    personality::Text text(buffer, sizeof(buffer));
    text.add("kernel panic: ").add(why).add(", called from ");
    text.hexadecimal(reinterpret_cast<u64>(__builtin_return_address(0))).add("\n");
    end(text);
}

void panic_with_registers(char const* why, host::Registers const& registers) {
    begin();
    personality::Text text(buffer, sizeof(buffer));
    text.add("kernel panic: ").add(why).add("\n");
    text.add("esr ").hexadecimal(read_exception_syndrome(), 16);
    text.add("  far ").hexadecimal(read_fault_address(), 16);
    text.add("  pstate ").hexadecimal(registers.pstate, 16).add("\n");
    text.add("pc  ").hexadecimal(registers.pc, 16);
    text.add("  sp  ").hexadecimal(registers.sp, 16).add("\n");
    constexpr u32 per_line = 3;
    for (u32 at = 0; at < 31; ++at) {
        text.add("x").decimal(at).add(at < 10 ? "  " : " ").hexadecimal(registers.x[at], 16);
        text.add(at % per_line == per_line - 1 || at == 30 ? "\n" : "  ");
    }
    end(text);
}

void stop(char const* why) {
    begin();
    personality::Text text(buffer, sizeof(buffer));
    text.add("cannot start: ").add(why).add("\n");
    end(text);
}

}  // namespace vdsokit::virt
