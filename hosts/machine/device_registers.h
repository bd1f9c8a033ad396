// SPDX-License-Identifier: BSD-2-Clause
// The registers of a device: each access happens once, as wide as it says, in order.
#pragma once

#include "arch/types.h"

namespace vdsokit::machine {

class DeviceRegisters {
public:
    constexpr DeviceRegisters() = default;
    explicit DeviceRegisters(u8* base) : base_(base) {}

    u32 read(u64 offset) const { return *place<u32>(offset); }
    void write(u64 offset, u32 value) const { *place<u32>(offset) = value; }
    u64 read_double(u64 offset) const { return *place<u64>(offset); }
    void write_double(u64 offset, u64 value) const { *place<u64>(offset) = value; }
    void write_byte(u64 offset, u8 value) const { *place<u8>(offset) = value; }

private:
    template <class T>
    T volatile* place(u64 offset) const {
        return reinterpret_cast<T volatile*>(base_ + offset);
    }

    u8* base_ = nullptr;
};

}  // namespace vdsokit::machine
