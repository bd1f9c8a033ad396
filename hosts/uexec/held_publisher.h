// SPDX-License-Identifier: BSD-2-Clause
// Clocks that stand still between two publishes: right to 4 ms, without a counter.
#pragma once

#include "hosts/uexec/publisher.h"
#include "kit/time/time_page_writer.h"

namespace vdsokit::uexec {

class HeldPublisher final : public Publisher {
public:
    explicit HeldPublisher(long long wall_offset) : wall_offset_(wall_offset) {}
    void attach(abi::TimePage& page) override;
    int follow() override;
    void withdraw() override;
    std::string description() const override { return "held, set every 4 ms"; }

private:
    long long wall_offset_;
    kit::TimePageWriter writer_;
};

}  // namespace vdsokit::uexec
