// SPDX-License-Identifier: BSD-2-Clause
// eventfd(2): a counter that is written to and read until it is 0.
#pragma once

#include "hosts/personality/files/node.h"

namespace vdsokit::personality {

class EventCounter final : public Node {
public:
    static EventCounter* make(FileSystem& file_system, u64 initial, bool semaphore);

    Outcome read(Io const& io) override;
    Outcome write(Io const& io) override;
    u32 ready(File& file) override;

    EventCounter(FileSystem& file_system, u64 initial, bool semaphore)
        : Node(file_system, 0600), value_(initial), is_semaphore_(semaphore) {}

private:
    static constexpr u64 greatest = ~u64{0} - 1;
    static constexpr u64 reading = 0, writing = 1;

    void destroy() override;

    u64 value_;
    bool is_semaphore_;
};

}  // namespace vdsokit::personality
