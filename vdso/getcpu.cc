// SPDX-License-Identifier: BSD-2-Clause
// getcpu(2): from where the page says that the CPU's number is, else by the system call. Either
// pointer may be null; the third argument has had no meaning since Linux 2.6.24.
#include "cpu_number.h"
#include "exports_getcpu.h"
#include "system_call.h"

#include "vdso/chain_page.h"
#include "vdso/time_page.h"

namespace vdsokit::vdso {
namespace {

[[gnu::always_inline]] inline i32 answer(u32 number, u32* cpu, u32* node) {
    if (cpu != nullptr) *cpu = number & ((u32{1} << abi::cpu_number_bits) - 1);
    if (node != nullptr) *node = number >> abi::cpu_number_bits;
    return 0;
}

[[gnu::noinline]] i32 other_getcpu(u32 source, u32* cpu, u32* node, void* unused) {
    if (arch::has_cpu_segment && source == static_cast<u32>(abi::CpuSource::cpu_segment))
        return answer(arch::cpu_segment(), cpu, node);
    if (source == static_cast<u32>(abi::CpuSource::chained)) {
        ChainedCpu* const other = chained_getcpu();
        if (other != nullptr) return other(cpu, node, unused);
    }
    return static_cast<i32>(arch::system_call(arch::call::getcpu, reinterpret_cast<u64>(cpu),
                                              reinterpret_cast<u64>(node)));
}

}  // namespace

i32 getcpu(u32* cpu, u32* node, void* unused) {
    u32 const source = abi::load_shared(time_page.header.cpu_source);
    if (!arch::has_cpu_register || source != static_cast<u32>(abi::CpuSource::cpu_register))
        [[unlikely]]
        return other_getcpu(source, cpu, node, unused);
    return answer(arch::cpu_register(), cpu, node);
}

}  // namespace vdsokit::vdso
