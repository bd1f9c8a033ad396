// SPDX-License-Identifier: BSD-2-Clause
// The host's half of a thread: its registers, its address space, its place among the runnable ones.
#pragma once

#include "arch/types.h"
#include "hosts/machine/run_queue.h"
#include "hosts/personality/host_types.h"
#include "hosts/virt/memory/address_space.h"

namespace vdsokit::virt {
class Scheduler;
}

namespace vdsokit::host {

class Thread : public machine::Runnable {
public:
    constexpr Thread() = default;
    Thread(Thread const&) = delete;
    Thread& operator=(Thread const&) = delete;

    // As seam.h says. create() never fails here: a thread needs nothing but itself.
    [[nodiscard]] bool create(AddressSpace& space);
    void destroy();
    void use(AddressSpace& space);
    Registers& registers() { return registers_; }
    void fetch_vectors() {}  // registers() always has them
    void put_vectors() {}
    void run();
    void stop();
    // ns that it has run, what the kernel did for it included.
    u64 cpu_time() const;

private:
    friend class virt::Scheduler;

    Registers registers_{};
    AddressSpace* space_ = nullptr;
};

}  // namespace vdsokit::host
