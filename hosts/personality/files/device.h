// SPDX-License-Identifier: BSD-2-Clause
// The character devices: /dev/null and its kin, and the console's two names. A device node of any
// file system leads here by its number; a number that is not known cannot be opened (ENXIO).
#pragma once

#include "hosts/personality/files/node.h"

namespace vdsokit::personality {

// Minor numbers of major 1 (memory devices) and 5 (terminals), as Linux's
// Documentation/admin-guide/devices.txt assigns them.
enum class Device : u8 { null, zero, full, random, urandom, terminal, console, unknown };
u64 number_of(Device device);
Device device_with(u64 number);

class DeviceNode final : public Node {
public:
    static DeviceNode* make(FileSystem& file_system, u32 permissions, u64 number);

    u64 device_number() const override { return number_; }
    bool is_seekable() const override {
        return device_ != Device::terminal && device_ != Device::console;
    }
    Outcome opened(Call* call, File& file) override;
    Outcome read(Io const& io) override;
    Outcome write(Io const& io) override;
    u32 ready(File& file) override;
    u64 activity() override;
    Outcome control(Call& call, File& file) override;

    DeviceNode(FileSystem& file_system, u32 permissions, u64 number)
        : Node(file_system, static_cast<u32>(NodeKind::character) | permissions),
          number_(number),
          device_(device_with(number)) {}

private:
    void destroy() override;

    u64 number_;
    Device device_;
};

}  // namespace vdsokit::personality
