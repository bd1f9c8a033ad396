// SPDX-License-Identifier: BSD-2-Clause
// The host's half of a thread: a TCB, and its registers while it is stopped. One thread at most runs
// at a time; the root task stops it before it does anything else.
#pragma once

#include "hosts/machine/run_queue.h"
#include "hosts/personality/host_types.h"
#include "hosts/sel4/memory/address_space.h"

namespace vdsokit::host {

class Thread : public machine::Runnable {
public:
    constexpr Thread() = default;
    Thread(Thread const&) = delete;
    Thread& operator=(Thread const&) = delete;

    // As seam.h says.
    [[nodiscard]] bool create(AddressSpace& space);
    void destroy();
    void use(AddressSpace& space);
    Registers& registers() { return registers_; }
    void fetch_vectors();
    void put_vectors();
    void run();
    void stop();
    u64 cpu_time() const;

    // For the event loop. It runs from resume() to halt(), which brings registers() up to date.
    void resume();
    void halt();

private:
    void configure();
    void run_own_code(u64 entry);

    Registers registers_{};
    seL4_UserContext known_{};  // what the kernel has
    bool is_known_ = false;
    AddressSpace* space_ = nullptr;
    sel4::ThreadCap cap_;
    sel4::Page page_ = sel4::no_page;
};

}  // namespace vdsokit::host
