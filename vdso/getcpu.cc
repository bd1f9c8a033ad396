// SPDX-License-Identifier: BSD-2-Clause
// getcpu(2): from the vDSO that the host chains to, else by the system call. Either pointer may be
// null; the third argument has had no meaning since Linux 2.6.24.
#include "exports_getcpu.h"
#include "system_call.h"

#include "vdso/chain_page.h"
#include "vdso/time_page.h"

namespace vdsokit::vdso {

i32 getcpu(u32* cpu, u32* node, void* unused) {
    u32 const source = abi::load_shared(time_page.header.cpu_source);
    if (source == static_cast<u32>(abi::CpuSource::chained)) {
        ChainedCpu const other = chained_getcpu();
        if (other != nullptr) return other(cpu, node, unused);
    }
    return static_cast<i32>(arch::system_call(arch::call::getcpu, reinterpret_cast<u64>(cpu),
                                              reinterpret_cast<u64>(node)));
}

}  // namespace vdsokit::vdso
