// SPDX-License-Identifier: BSD-2-Clause
// Memory against a model that has no page tables: random calls in several forked memories, and
// after each of them every byte, right and frame is what the model says.
#include <gtest/gtest.h>

#include <array>
#include <map>
#include <memory>
#include <optional>
#include <random>
#include <vector>

#include "host.h"

#include "hosts/personality/memory/memory.h"

namespace vdsokit::personality {
namespace {

constexpr u64 window = 0x1000'0000;
constexpr u64 pages = 24;

// What a page holds: one byte that stands for all. Shared pages of one object are one Cell.
struct Cell {
    u8 value = 0;
};
struct ModelPage {
    Access access = Access::none;
    bool is_shared = false;
    std::shared_ptr<Cell> cell;
    bool is_wiped_on_fork = false;
};
struct Model {
    std::array<std::optional<ModelPage>, pages> at;
};

struct Pair {
    Memory* memory;
    Model model;
};

class Play {
public:
    explicit Play(u64 seed) : random_(seed) { pairs_.push_back({Memory::create(), {}}); }
    ~Play() {
        for (Pair& pair : pairs_) pair.memory->release();
    }

    void step() {
        Pair& pair = pairs_[pick(pairs_.size())];
        switch (pick(12)) {
        case 0:
        case 1: map(pair); break;
        case 2: unmap(pair); break;
        case 3:
        case 4: protect(pair); break;
        case 5:
        case 6:
        case 7: store(pair); break;
        case 8: fork(pair); break;
        case 9: end(pair); break;
        case 10: forget(pair); break;
        case 11: remap(pair); break;
        }
        for (Pair& each : pairs_) compare(each);
    }

private:
    u64 pick(u64 below) { return std::uniform_int_distribution<u64>(0, below - 1)(random_); }
    Access pick_access() { return static_cast<Access>(pick(4)); }
    struct Range {
        u64 first;
        u64 count;
        u64 start() const { return window + first * page_size; }
        u64 size() const { return count * page_size; }
    };
    Range pick_range() {
        u64 const first = pick(pages);
        return {first, 1 + pick(pages - first < 6 ? pages - first : 6)};
    }
    static bool all_mapped(Model const& model, Range range) {
        for (u64 i = 0; i < range.count; ++i)
            if (!model.at[range.first + i]) return false;
        return true;
    }

    void map(Pair& pair) {
        Range const range = pick_range();
        MapRequest request;
        request.address = range.start();
        request.size = range.size() - pick(page_size);
        request.access = pick_access();
        request.is_shared = pick(2) == 0;
        request.placement = pick(2) == 0 ? Placement::fixed : Placement::fixed_if_free;
        bool is_free = true;
        for (u64 i = 0; i < range.count; ++i) is_free = is_free && !pair.model.at[range.first + i];
        auto const mapped = pair.memory->map(request);
        if (request.placement == Placement::fixed_if_free && !is_free) {
            ASSERT_FALSE(mapped);
            ASSERT_EQ(mapped.error(), Errno::exist);
            return;
        }
        ASSERT_TRUE(mapped);
        ASSERT_EQ(mapped.value().value, range.start());
        for (u64 i = 0; i < range.count; ++i)
            pair.model.at[range.first + i] =
                ModelPage{request.access, request.is_shared, std::make_shared<Cell>()};
    }

    void unmap(Pair& pair) {
        Range const range = pick_range();
        ASSERT_TRUE(pair.memory->unmap(range.start(), range.size()));
        for (u64 i = 0; i < range.count; ++i) pair.model.at[range.first + i].reset();
    }

    void protect(Pair& pair) {
        Range const range = pick_range();
        Access const access = pick_access();
        bool const whole = all_mapped(pair.model, range);
        ASSERT_EQ(static_cast<bool>(pair.memory->protect(range.start(), range.size(), access)),
                  whole);
        for (u64 i = 0; whole && i < range.count; ++i)
            pair.model.at[range.first + i]->access = access;
    }

    void store(Pair& pair) {
        u64 const page = pick(pages);
        u8 const value = static_cast<u8>(pick(256));
        std::vector<u8> const bytes(page_size, value);
        auto& model = pair.model.at[page];
        bool const allowed = model && model->access == Access::read_write;
        ASSERT_EQ(pair.memory->copy_out({window + page * page_size}, bytes.data(), page_size),
                  allowed);
        if (allowed) model->cell->value = value;
    }

    void fork(Pair& pair) {
        if (pairs_.size() == 4) return;
        Memory* const child = pair.memory->fork();
        ASSERT_NE(child, nullptr);
        Model model = pair.model;
        for (auto& page : model.at) {
            if (!page || page->is_shared) continue;
            page->cell = std::make_shared<Cell>(*page->cell);
        }
        pairs_.push_back({child, model});
    }

    void end(Pair& pair) {
        if (pairs_.size() == 1) return;
        pair.memory->release();
        pairs_.erase(pairs_.begin() + (&pair - pairs_.data()));
    }

    void forget(Pair& pair) {
        Range const range = pick_range();
        bool const whole = all_mapped(pair.model, range);
        ASSERT_EQ(static_cast<bool>(pair.memory->forget(range.start(), range.size())), whole);
        for (u64 i = 0; whole && i < range.count; ++i) {
            ModelPage& page = *pair.model.at[range.first + i];
            if (!page.is_shared) page.cell = std::make_shared<Cell>();
        }
    }

    // Moves a range to another place of the window: allowed from within one region only, which the
    // model cannot see; so the answer decides, and the contents must follow it.
    void remap(Pair& pair) {
        Range const from = pick_range();
        Range const to{pick(pages), from.count};
        if (to.first + to.count > pages) return;
        bool const overlap = from.first < to.first + to.count && to.first < from.first + from.count;
        auto const moved = pair.memory->remap({.old_start = from.start(),
                                               .old_size = from.size(),
                                               .new_size = from.size(),
                                               .may_move = true,
                                               .is_fixed = true,
                                               .new_start = to.start()});
        if (!moved) return;
        ASSERT_FALSE(overlap);
        ASSERT_TRUE(all_mapped(pair.model, from));
        for (u64 i = 0; i < from.count; ++i) {
            pair.model.at[to.first + i] = pair.model.at[from.first + i];
            pair.model.at[from.first + i].reset();
        }
    }

    void compare(Pair& pair) {
        for (u64 page = 0; page < pages; ++page) {
            u64 const address = window + page * page_size;
            auto const& model = pair.model.at[page];
            host::Mapped const mapped = pair.memory->space().lookup({address});
            Region const* const region = pair.memory->region_above(address);
            bool const is_there = region != nullptr && region->holds(address);
            ASSERT_EQ(is_there, model.has_value()) << page;
            if (!model) {
                ASSERT_EQ(mapped.frame, host::no_frame) << page;
                continue;
            }
            ASSERT_EQ(region->access, model->access) << page;
            // The page table never allows more than the region, and never a write to a frame that
            // somebody else sees, unless that is the purpose.
            if (!(mapped.frame == host::no_frame) && mapped.access == Access::read_write) {
                ASSERT_EQ(region->access, Access::read_write);
                ASSERT_TRUE(region->is_shared || host::frame_users(mapped.frame) == 1);
            }
            if (model->access == Access::none) continue;
            u8 bytes[2] = {};
            ASSERT_TRUE(pair.memory->copy_in(&bytes[0], {address}, 1));
            ASSERT_TRUE(pair.memory->copy_in(&bytes[1], {address + page_size - 1}, 1));
            ASSERT_EQ(bytes[0], model->cell->value) << page;
            ASSERT_EQ(bytes[1], model->cell->value) << page;
        }
    }

    std::mt19937_64 random_;
    std::vector<Pair> pairs_;
};

TEST(MemoryModel, RandomCallsDoWhatTheModelSaysAndLoseNoFrame) {
    u64 const before = host::fake_host().frames_used;
    for (u64 seed = 1; seed <= 12; ++seed) {
        SCOPED_TRACE(seed);
        {
            Play play(seed);
            for (u64 step = 0; step < 500 && !testing::Test::HasFatalFailure(); ++step) play.step();
        }
        ASSERT_FALSE(testing::Test::HasFatalFailure());
        ASSERT_EQ(host::fake_host().frames_used, before);
    }
}

}  // namespace
}  // namespace vdsokit::personality
