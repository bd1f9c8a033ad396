// SPDX-License-Identifier: BSD-2-Clause
// One process's memory on the fake host, for the tests of its parts.
#pragma once

#include <gtest/gtest.h>

#include <string>

#include "host.h"

#include "test/hosts/personality/memory/maps_of.h"

namespace vdsokit::personality {

inline constexpr u64 base = 0x2000'0000;

// A memory that is gone at the end of the test, with all its frames.
class MemoryTest : public testing::Test {
protected:
    MemoryTest() : before_(host::fake_host().frames_used), memory(*Memory::create()) {}
    ~MemoryTest() override {
        memory.release();
        host::fake_host().frames_total = 4096;
        EXPECT_EQ(host::fake_host().frames_used, before_);
    }

    Attempt<VirtualAddress> map(u64 start, u64 count, Access access, bool is_shared = false) {
        MapRequest request;
        request.address = start;
        request.size = count * page_size;
        request.access = access;
        request.is_shared = is_shared;
        request.placement = Placement::fixed;
        return memory.map(request);
    }
    std::string maps() { return maps_of(memory); }
    u64 regions() {
        u64 count = 0;
        for (Region const* region = memory.region_above(0); region != nullptr;
             region = memory.region_above(region->end))
            ++count;
        return count;
    }
    host::Frame frame_at(u64 address) { return memory.space().lookup({address}).frame; }

    u64 before_;
    Memory& memory;
};

}  // namespace vdsokit::personality
