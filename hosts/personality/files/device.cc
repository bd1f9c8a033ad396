// SPDX-License-Identifier: BSD-2-Clause
#include "hosts/personality/files/device.h"

#include "hosts/personality/files/console.h"
#include "hosts/personality/pool.h"

namespace vdsokit::personality {

namespace {

constinit Pool<DeviceNode> device_nodes;

struct Row {
    Device device;
    u32 major;
    u32 minor;
};
constexpr Row rows[] = {
    {Device::null, 1, 3},    {Device::zero, 1, 5},    {Device::full, 1, 7},
    {Device::random, 1, 8},  {Device::urandom, 1, 9}, {Device::terminal, 5, 0},
    {Device::console, 5, 1},
};

// Linux's own limit of one read before 5.18; a longer one would keep everyone else waiting.
constexpr u64 most_random = 0x1ff'ffff;

Outcome read_random(Transfer& transfer) {
    u8 bytes[256];
    while (transfer.left() > 0 && transfer.done() < most_random) {
        u64 const part = transfer.left() < sizeof(bytes) ? transfer.left() : sizeof(bytes);
        host::fill_random(bytes, part);
        if (!transfer.put(bytes, part)) return transfer.done_or_fault();
    }
    return Outcome::done(transfer.done());
}

}  // namespace

u64 number_of(Device device) {
    for (Row const& row : rows)
        if (row.device == device) return device_of(row.major, row.minor);
    return 0;
}

Device device_with(u64 number) {
    for (Row const& row : rows)
        if (device_of(row.major, row.minor) == number) return row.device;
    return Device::unknown;
}

DeviceNode* DeviceNode::make(FileSystem& file_system, u32 permissions, u64 number) {
    return device_nodes.make(file_system, permissions, number);
}

void DeviceNode::destroy() { device_nodes.free(this); }

Outcome DeviceNode::opened(Call* call, File&) {
    if (device_ == Device::unknown) return Outcome::error(Errno::nxio);
    // /dev/tty is the caller's own terminal, if it has one.
    if (device_ == Device::terminal &&
        (call == nullptr || !console().is_terminal_of(call->process)))
        return Outcome::error(Errno::nxio);
    return Outcome::done(0);
}

Outcome DeviceNode::read(Io const& io) {
    switch (device_) {
    case Device::null: return Outcome::done(0);
    case Device::zero:
    case Device::full:
        return io.transfer.put_zeros(io.transfer.left()) ? Outcome::done(io.transfer.done())
                                                         : io.transfer.done_or_fault();
    case Device::random:
    case Device::urandom: return read_random(io.transfer);
    case Device::terminal:
    case Device::console: return console().read(io);
    case Device::unknown: break;
    }
    return Outcome::error(Errno::nxio);
}

Outcome DeviceNode::write(Io const& io) {
    switch (device_) {
    case Device::null:
    case Device::zero:
    // What is written to the random devices is mixed in by Linux; a source that is unpredictable
    // already gains nothing.
    case Device::random:
    case Device::urandom: return Outcome::done(io.transfer.left());
    case Device::full: return Outcome::error(Errno::nospc);
    case Device::terminal:
    case Device::console: return console().write(io, host::Channel::output);
    case Device::unknown: break;
    }
    return Outcome::error(Errno::nxio);
}

u32 DeviceNode::ready(File&) {
    if (device_ == Device::terminal || device_ == Device::console) return console().ready();
    return Ready::readable | Ready::writable;
}

u64 DeviceNode::activity() { return console().activity(); }

Outcome DeviceNode::control(Call& call, File&) {
    if (device_ == Device::terminal || device_ == Device::console) return console().control(call);
    return Outcome::error(Errno::notty);
}

}  // namespace vdsokit::personality
