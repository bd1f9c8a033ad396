// SPDX-License-Identifier: BSD-2-Clause
// System calls in pages that become executable, on a host that replaces them.
#include "hosts/personality/memory/code_pages.h"

#include <gtest/gtest.h>

#include "host.h"

#include "hosts/personality/memory/memory.h"

namespace vdsokit::personality {
namespace {

constexpr u64 base = 0x2000'0000;
constexpr u32 call = 0xd400'0001;        // svc #0
constexpr u32 other_call = 0xd41f'ffe1;  // svc #0xffff
constexpr u32 breakpoint = 0xd420'bc80;
constexpr u32 nop = 0xd503'201f;

class CodePages : public testing::Test {
protected:
    CodePages() : before_(host::fake_host().frames_used), memory(*Memory::create()) {
        host::fake_host().call_replacement = breakpoint;
    }
    ~CodePages() override {
        memory.release();
        host::fake_host().frames_total = 4096;
        host::fake_host().call_replacement = kit::Nothing{};
        EXPECT_EQ(host::fake_host().frames_used, before_);
    }

    void map(Access access, bool is_shared = false) {
        MapRequest request;
        request.address = base;
        request.size = page_size;
        request.access = access;
        request.is_shared = is_shared;
        request.placement = Placement::fixed;
        ASSERT_TRUE(memory.map(request));
    }
    static u32 word(Memory& in, u64 at) {
        u32 value = 0;
        EXPECT_TRUE(in.load(value, {base + at}));
        return value;
    }
    static host::Frame frame_of(Memory& in) { return in.space().lookup({base}).frame; }

    u64 before_;
    Memory& memory;
};

TEST_F(CodePages, every_svc_is_replaced_when_the_page_becomes_executable_and_nothing_else) {
    map(Access::read_write);
    ASSERT_TRUE(memory.store({base}, nop));
    ASSERT_TRUE(memory.store({base + 4}, call));
    ASSERT_TRUE(memory.store({base + page_size - 4}, other_call));
    ASSERT_TRUE(memory.store({base + 10}, call));  // no instruction can begin there
    EXPECT_EQ(word(memory, 4), call);
    ASSERT_TRUE(memory.protect(base, page_size, Access::read_execute));
    EXPECT_EQ(word(memory, 0), nop);
    EXPECT_EQ(word(memory, 4), breakpoint);
    EXPECT_EQ(word(memory, page_size - 4), breakpoint);
    EXPECT_EQ(word(memory, 10), call);
}

TEST_F(CodePages, code_that_is_written_again_is_looked_through_again) {
    map(Access::read_write);
    ASSERT_TRUE(memory.store({base}, nop));
    ASSERT_TRUE(memory.protect(base, page_size, Access::read_execute));
    ASSERT_TRUE(memory.protect(base, page_size, Access::read_write));
    ASSERT_TRUE(memory.store({base}, call));
    ASSERT_TRUE(memory.protect(base, page_size, Access::read_execute));
    EXPECT_EQ(word(memory, 0), breakpoint);
}

TEST_F(CodePages, a_page_that_a_fork_shares_keeps_for_the_other_what_it_held) {
    map(Access::read_write);
    ASSERT_TRUE(memory.store({base}, call));
    Memory& child = *memory.fork();
    ASSERT_TRUE(child.protect(base, page_size, Access::read_execute));
    EXPECT_EQ(word(child, 0), breakpoint);
    EXPECT_EQ(word(memory, 0), call);
    EXPECT_NE(frame_of(child).body, frame_of(memory).body);
    child.release();
}

TEST_F(CodePages, what_another_mapping_may_write_is_executed_as_a_copy) {
    map(Access::read_write, true);
    ASSERT_TRUE(memory.store({base}, nop));
    Memory& child = *memory.fork();
    ASSERT_TRUE(child.protect(base, page_size, Access::read_execute));
    EXPECT_EQ(child.touch({base}, Touch::execute), TouchResult::present);
    ASSERT_TRUE(memory.store({base}, call));
    EXPECT_EQ(word(child, 0), nop);
    // As data it is the shared page again.
    ASSERT_TRUE(child.protect(base, page_size, Access::read));
    EXPECT_EQ(word(child, 0), call);
    child.release();
}

TEST_F(CodePages, without_memory_for_a_copy_nothing_becomes_executable) {
    map(Access::read_write);
    ASSERT_TRUE(memory.store({base}, call));
    Memory& child = *memory.fork();
    host::fake_host().frames_total = host::fake_host().frames_used;
    auto const protect = child.protect(base, page_size, Access::read_execute);
    ASSERT_FALSE(protect);
    EXPECT_EQ(protect.error(), Errno::nomem);
    EXPECT_EQ(word(child, 0), call);
    EXPECT_EQ(child.touch({base}, Touch::execute), TouchResult::not_allowed);
    child.release();
}

TEST_F(CodePages, a_host_that_replaces_nothing_shares_every_page) {
    host::fake_host().call_replacement = kit::Nothing{};
    map(Access::read_write);
    ASSERT_TRUE(memory.store({base}, call));
    Memory& child = *memory.fork();
    ASSERT_TRUE(child.protect(base, page_size, Access::read_execute));
    EXPECT_EQ(word(child, 0), call);
    EXPECT_EQ(frame_of(child).body, frame_of(memory).body);
    child.release();
}

}  // namespace
}  // namespace vdsokit::personality
