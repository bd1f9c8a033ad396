// SPDX-License-Identifier: BSD-2-Clause
#include "hosts/virt/memory/address_space.h"

#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <vector>

#include "test/hosts/virt/fake/machine.h"

namespace vdsokit::host {
namespace {

using kit::Access;
using test::machine;

constexpr u64 first_page = 0x4'0000'0000;
constexpr u64 last_page = (u64{1} << 47) - 4096;
// Neighbours, and pages that share fewer and fewer tables with them.
constexpr u64 pages[] = {first_page,
                         first_page + 0x1000,
                         first_page + 0x1f'f000,
                         first_page + 0x20'0000,
                         first_page + 0x4000'0000,
                         0x80'0000'0000,
                         0x1000,
                         last_page};

class AddressSpaceTest : public testing::Test {
protected:
    void SetUp() override {
        // The code under test has no way to say that no space is entered, other than this one.
        AddressSpace last;
        ASSERT_TRUE(last.create());
        last.enter();
        last.destroy();
        machine = {};
        machine.forget_all();
        machine.watched.assign(std::begin(pages), std::end(pages));
    }
    void TearDown() override { EXPECT_EQ(machine.breaches, std::vector<std::string>{}); }

    static void enter(AddressSpace& space) {
        space.enter();
        machine.speculate();
        machine.check_entered();
    }
};

TEST_F(AddressSpaceTest, a_page_is_found_where_it_was_mapped_with_the_rights_it_got) {
    AddressSpace space;
    ASSERT_TRUE(space.create());
    for (Access const access :
         {Access::none, Access::read, Access::read_write, Access::read_execute}) {
        Frame const frame = allocate_frame();
        ASSERT_TRUE(space.map({first_page}, frame, access));
        Mapped const mapped = space.lookup({first_page});
        EXPECT_EQ(mapped.frame, frame);
        EXPECT_EQ(mapped.access, access);
        EXPECT_EQ(space.lookup({first_page + 4096}).frame, no_frame);
    }
    space.unmap({first_page});
    EXPECT_EQ(space.lookup({first_page}).frame, no_frame);
    space.destroy();
    EXPECT_EQ(machine.frames_used(), 0u);
}

TEST_F(AddressSpaceTest, no_entry_lets_the_kernel_execute_or_a_process_write_and_execute) {
    AddressSpace space;
    ASSERT_TRUE(space.create());
    ASSERT_TRUE(space.map({first_page}, allocate_frame(), Access::none));
    auto const raw = [&] {
        // Root, then one table for each further level: the last allocated is the page's own frame.
        u64 table = 16;
        for (u32 level = 0; level < virt::last_level; ++level) {
            u64 const* const entries =
                reinterpret_cast<u64 const*>(machine.bytes({static_cast<u32>(table)}));
            table = (entries[virt::entry_index(first_page, level)] & virt::entry_address) >> 12;
        }
        return reinterpret_cast<u64 const*>(
            machine.bytes({static_cast<u32>(table)}))[virt::entry_index(first_page, 3)];
    };
    struct Row {
        Access access;
        bool valid, user, read_only, user_executes;
        char const* reason;
    };
    Row const rows[] = {
        {Access::none, false, false, false, false, "keeps its frame, and nobody may touch it"},
        {Access::read, true, true, true, false, "the time page"},
        {Access::read_write, true, true, false, false, "data never executes"},
        {Access::read_execute, true, true, true, true, "code is never written"},
    };
    for (Row const& row : rows) {
        space.protect({first_page}, row.access);
        u64 const entry = raw();
        EXPECT_EQ((entry & virt::entry_valid) != 0, row.valid) << row.reason;
        if (!row.valid) continue;
        EXPECT_EQ((entry & virt::entry_user) != 0, row.user) << row.reason;
        EXPECT_EQ((entry & virt::entry_read_only) != 0, row.read_only) << row.reason;
        EXPECT_EQ((entry & virt::entry_no_user_execute) == 0, row.user_executes) << row.reason;
        EXPECT_NE(entry & virt::entry_no_kernel_execute, 0u) << row.reason;
        EXPECT_NE(entry & virt::entry_not_global, 0u) << row.reason;
    }
    space.destroy();
}

TEST_F(AddressSpaceTest, the_next_mapped_page_is_found_across_holes_of_any_size) {
    AddressSpace space;
    ASSERT_TRUE(space.create());
    EXPECT_EQ(space.next_mapped({0}).value, ~u64{0});
    for (u64 const page : pages) ASSERT_TRUE(space.map({page}, allocate_frame(), Access::none));
    std::vector<u64> found;
    for (u64 at = 0; (at = space.next_mapped({at}).value) != ~u64{0}; at += 4096)
        found.push_back(at);
    std::vector<u64> expect(std::begin(pages), std::end(pages));
    std::sort(expect.begin(), expect.end());
    EXPECT_EQ(found, expect);
    space.destroy();
}

TEST_F(AddressSpaceTest, tables_that_have_become_empty_are_given_back) {
    AddressSpace space;
    ASSERT_TRUE(space.create());
    enter(space);
    u32 const before = machine.frames_used();
    for (u64 const page : pages) ASSERT_TRUE(space.map({page}, allocate_frame(), Access::read));
    enter(space);
    for (u64 const page : pages) space.unmap({page});
    EXPECT_EQ(machine.frames_used(), before);
    enter(space);
    space.destroy();
    EXPECT_EQ(machine.frames_used(), 0u);
}

TEST_F(AddressSpaceTest, a_map_without_memory_for_its_tables_changes_nothing) {
    for (u64 allowed = 0; allowed < 3; ++allowed) {
        AddressSpace space;
        ASSERT_TRUE(space.create());
        Frame const frame = allocate_frame();
        u32 const before = machine.frames_used();
        machine.allocations_left = allowed;
        EXPECT_FALSE(space.map({first_page}, frame, Access::read)) << allowed;
        EXPECT_EQ(machine.frames_used(), before) << allowed;
        EXPECT_EQ(frame_users(frame), 1u);
        machine.allocations_left = ~u64{0};
        EXPECT_TRUE(space.map({first_page}, frame, Access::read));
        space.destroy();
        EXPECT_EQ(machine.frames_used(), 0u);
    }
}

TEST_F(AddressSpaceTest, many_changes_at_once_cost_one_invalidation) {
    AddressSpace space;
    ASSERT_TRUE(space.create());
    for (u64 page = 0; page < 400; ++page)
        ASSERT_TRUE(space.map({first_page + page * 4096}, allocate_frame(), Access::read_write));
    enter(space);
    machine.forgotten_pages = 0;
    for (u64 page = 0; page < 400; ++page) space.protect({first_page + page * 4096}, Access::read);
    enter(space);
    EXPECT_EQ(machine.forgotten_pages, 0u);
    space.protect({first_page}, Access::read_write);
    enter(space);
    EXPECT_EQ(machine.forgotten_pages, 1u);
    space.destroy();
}

TEST_F(AddressSpaceTest, asids_that_are_used_up_start_again_with_an_empty_tlb) {
    for (bool const wide : {false, true}) {
        machine.wide_asids = wide;
        u64 const before = machine.forgotten_all;
        std::vector<std::unique_ptr<AddressSpace>> spaces;
        for (int count = 0; count < 300; ++count) {
            spaces.push_back(std::make_unique<AddressSpace>());
            ASSERT_TRUE(spaces.back()->create());
            ASSERT_TRUE(spaces.back()->map({first_page}, allocate_frame(), Access::read));
        }
        for (int round = 0; round < 3; ++round)
            for (auto& space : spaces) enter(*space);
        if (wide)
            EXPECT_LE(machine.forgotten_all - before, 1u);
        else
            EXPECT_GE(machine.forgotten_all - before, 3u);
        for (auto& space : spaces) space->destroy();
        EXPECT_EQ(machine.frames_used(), 0u);
    }
}

// A model says what each page is; the machine says whether the TLB was ever wrong.
TEST_F(AddressSpaceTest, any_sequence_of_changes_leaves_what_was_asked_and_no_stale_translation) {
    u64 random = 7;
    auto const next = [&](u64 below) {
        random = random * 6364136223846793005u + 1442695040888963407u;
        return (random >> 33) % below;
    };
    constexpr u64 space_count = 3;
    for (int round = 0; round < 60; ++round) {
        AddressSpace spaces[space_count];
        std::map<u64, Mapped> models[space_count];
        for (AddressSpace& space : spaces) ASSERT_TRUE(space.create());
        for (int step = 0; step < 300; ++step) {
            u64 const which = next(space_count);
            AddressSpace& space = spaces[which];
            std::map<u64, Mapped>& model = models[which];
            u64 const page = pages[next(std::size(pages))];
            Access const access = static_cast<Access>(next(4));
            switch (next(6)) {
            case 0:
            case 1: {
                Frame const frame = allocate_frame();
                machine.allocations_left = next(8) == 0 ? next(3) : ~u64{0};
                bool const done = space.map({page}, frame, access);
                machine.allocations_left = ~u64{0};
                if (done)
                    model[page] = {frame, access};
                else
                    release_frame(frame);
                break;
            }
            case 2:
                space.unmap({page});
                model.erase(page);
                break;
            case 3:
                space.protect({page}, access);
                if (model.contains(page)) model[page].access = access;
                break;
            case 4: enter(space); break;
            case 5: {
                space.destroy();
                model.clear();
                ASSERT_TRUE(space.create());
                break;
            }
            }
            machine.speculate();
            for (u64 const at : pages) {
                Mapped const have = space.lookup({at});
                Frame const expect = model.contains(at) ? model[at].frame : no_frame;
                ASSERT_EQ(have.frame, expect);
                if (expect == no_frame) continue;
                ASSERT_EQ(have.access, model[at].access);
            }
        }
        for (AddressSpace& space : spaces) space.destroy();
        ASSERT_EQ(machine.frames_used(), 0u);
        ASSERT_EQ(machine.breaches, std::vector<std::string>{}) << "round " << round;
    }
}

}  // namespace
}  // namespace vdsokit::host
