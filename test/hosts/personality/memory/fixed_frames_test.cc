// SPDX-License-Identifier: BSD-2-Clause
// Frames that a program has mapped and may not change.
#include <vector>

#include "test/hosts/personality/memory/memory_fixture.h"

namespace vdsokit::personality {
namespace {

// The vDSO's frames, as exec maps them: code, then time.
class FixedFrames : public MemoryTest {
protected:
    FixedFrames() {
        EXPECT_TRUE(memory.map_frame(base, code, Access::read_execute, RegionName::vdso));
        EXPECT_TRUE(memory.map_frame(base + page_size, time, Access::read, RegionName::vvar));
    }
    ~FixedFrames() override {
        static_cast<void>(memory.unmap(base, 16 * page_size));
        EXPECT_EQ(host::frame_users(code), 1u);
        EXPECT_EQ(host::frame_users(time), 1u);
        host::release_frame(code);
        host::release_frame(time);
    }
    void expect_untouched() {
        EXPECT_EQ(memory.space().lookup({base}).frame, code);
        EXPECT_EQ(memory.space().lookup({base}).access, Access::read_execute);
        EXPECT_EQ(memory.space().lookup({base + page_size}).frame, time);
        EXPECT_EQ(memory.space().lookup({base + page_size}).access, Access::read);
    }
    host::Frame code = host::allocate_frame();
    host::Frame time = host::allocate_frame();
};

TEST_F(FixedFrames, AreSharedByAThousandProcessesWithoutACopy) {
    std::vector<Memory*> children;
    u64 const used = host::fake_host().frames_used;
    for (u64 i = 0; i < 1000; ++i) children.push_back(memory.fork());
    EXPECT_EQ(host::frame_users(code), 1002u);
    EXPECT_EQ(host::frame_users(time), 1002u);
    // Two page tables for each process, and less than a frame of objects.
    EXPECT_GE(host::fake_host().frames_used - used, 2000u);
    EXPECT_LT(host::fake_host().frames_used - used, 3000u);
    for (Memory* const child : children) {
        EXPECT_EQ(child->space().lookup({base}).frame, code);
        EXPECT_EQ(child->touch({base}, Touch::write), TouchResult::not_allowed);
        child->release();
    }
    EXPECT_EQ(host::fake_host().frames_used, used);
}

TEST_F(FixedFrames, ArePartOfNoCallThatCouldChangeThem) {
    struct Row {
        char const* reason;
        std::function<Errno(Memory&)> attempt;
        Errno error;
    };
    auto const protect = [](u64 start, u64 count, Access access) {
        return [=](Memory& m) { return m.protect(start, count * page_size, access).error(); };
    };
    auto const remap = [](u64 start, u64 old_count, u64 new_count) {
        return [=](Memory& m) {
            return m.remap({start, old_count * page_size, new_count * page_size, true, false, 0})
                .error();
        };
    };
    Row const rows[] = {
        {"code written", protect(base, 1, Access::read_write), Errno::access},
        {"time written", protect(base + page_size, 1, Access::read_write), Errno::access},
        {"time executed", protect(base + page_size, 1, Access::read_execute), Errno::access},
        {"both written", protect(base, 2, Access::read_write), Errno::access},
        {"both executed", protect(base, 2, Access::read_execute), Errno::access},
        {"grown", remap(base, 1, 2), Errno::fault},
        {"moved as one", remap(base, 2, 2), Errno::fault},
        {"forgotten", [](Memory& m) { return m.forget(base, page_size).error(); }, Errno::inval},
        {"left out of forks",
         [](Memory& m) { return m.set_fork_rule(base, page_size, ForkRule::omit).error(); },
         Errno::inval},
    };
    for (Row const& row : rows) {
        EXPECT_EQ(row.attempt(memory), row.error) << row.reason;
        expect_untouched();
    }
    u8 byte = 0;
    EXPECT_FALSE(memory.copy_out({base}, &byte, 1));
    EXPECT_FALSE(memory.copy_out({base + page_size}, &byte, 1));
    EXPECT_FALSE(memory.clear({base}, 1));
    expect_untouched();
}

TEST_F(FixedFrames, MovedTheyKeepTheirRights) {
    u64 const time_at = base + page_size;
    auto const moved = memory.remap({time_at, page_size, page_size, true, true, base - page_size});
    ASSERT_TRUE(moved);
    EXPECT_EQ(memory.space().lookup({base - page_size}).frame, time);
    EXPECT_EQ(memory.space().lookup({base - page_size}).access, Access::read);
    EXPECT_EQ(memory.protect(base - page_size, page_size, Access::read_write).error(),
              Errno::access);
    EXPECT_EQ(memory.touch({base + page_size}, Touch::read), TouchResult::not_mapped);
    EXPECT_TRUE(memory.unmap(base - page_size, page_size));
}

TEST_F(FixedFrames, OfSeveralPagesGoWholeOrStay) {
    host::Frame const second = host::allocate_frame();
    u64 const first_at = base + 8 * page_size;
    u64 const second_at = base + 9 * page_size;
    Access const code_access = Access::read_execute;
    ASSERT_TRUE(memory.map_frame(first_at, code, code_access, RegionName::vdso));
    ASSERT_TRUE(memory.map_frame(second_at, second, code_access, RegionName::vdso));
    EXPECT_EQ(regions(), 3u) << "two pages of one image are one line of maps";
    EXPECT_EQ(memory.unmap(first_at, page_size).error(), Errno::inval);
    EXPECT_EQ(memory.unmap(second_at, 4 * page_size).error(), Errno::inval);
    EXPECT_EQ(memory.protect(second_at, page_size, Access::read).error(), Errno::inval);
    u64 const elsewhere = base + 12 * page_size;
    EXPECT_EQ(memory.remap({second_at, page_size, page_size, true, true, elsewhere}).error(),
              Errno::inval);
    EXPECT_TRUE(memory.unmap(first_at, 2 * page_size));
    EXPECT_EQ(host::frame_users(second), 1u);
    host::release_frame(second);
}

TEST_F(FixedFrames, APlaceThatIsTakenIsRefused) {
    EXPECT_EQ(memory.map_frame(base, time, Access::read, RegionName::vvar).error(), Errno::exist);
    expect_untouched();
}

TEST_F(FixedFrames, AreNamedInMaps) {
    EXPECT_EQ(maps(),
              "20000000-20001000 r-xp 00000000 00:00 0 "
              "                                 [vdso]\n"
              "20001000-20002000 r--p 00000000 00:00 0 "
              "                                 [vvar]\n");
}

}  // namespace
}  // namespace vdsokit::personality
