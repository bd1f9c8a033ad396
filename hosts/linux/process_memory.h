// SPDX-License-Identifier: BSD-2-Clause
// The memory of another process that we may attach to. What stands there may be anything.
#pragma once

#include <sys/types.h>

#include "arch/types.h"
#include "hosts/linux/descriptor.h"
#include "kit/core/bytes.h"

namespace vdsokit::on_linux {

class ProcessMemory {
public:
    // It stays that of the program which runs now. [proc(5), /proc/PID/mem]
    explicit ProcessMemory(pid_t thread);

    // All of it, or false.
    bool read(u64 address, void* to, u64 size) const;
    bool write(u64 address, void const* from, u64 size) const;
    // Also what the process itself may only execute. It is attached and stopped; whole words.
    bool write_code(u64 address, kit::Bytes code) const;

private:
    bool write_by_file(u64 address, void const* from, u64 size) const;

    pid_t thread_;
    Descriptor file_;
};

}  // namespace vdsokit::on_linux
