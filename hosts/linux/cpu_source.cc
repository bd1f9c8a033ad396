// SPDX-License-Identifier: BSD-2-Clause
#include "hosts/linux/cpu_source.h"

#include "cpu_number.h"
#include "linux_cpu_source.h"

#include <sys/syscall.h>
#include <unistd.h>

namespace vdsokit::on_linux {

namespace {

// What `read` says is what the kernel says. It may move us between the two: then once more.
template <class Read>
bool agrees(Read read) {
    for (int tries = 0; tries < 16; ++tries) {
        u32 const before = read();
        unsigned cpu = 0;
        unsigned node = 0;
        if (syscall(SYS_getcpu, &cpu, &node, nullptr) != 0) return false;
        if (read() != before) continue;
        return before == (u32{node} << abi::cpu_number_bits | cpu);
    }
    return false;
}

}  // namespace

abi::CpuSource cpu_source() {
    if (arch::may_read_cpu_register() && agrees(arch::cpu_register))
        return abi::CpuSource::cpu_register;
    if (arch::has_cpu_segment && agrees(arch::cpu_segment)) return abi::CpuSource::cpu_segment;
    return abi::CpuSource::chained;
}

}  // namespace vdsokit::on_linux
