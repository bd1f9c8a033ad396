// SPDX-License-Identifier: BSD-2-Clause
#include "hosts/personality/files/page_store.h"

#include <gtest/gtest.h>

#include <map>
#include <random>

namespace vdsokit::personality {
namespace {

TEST(PageStore, HoldsWhatAMapWouldHold) {
    std::mt19937_64 random(1);
    u64 const before = host::fake_host().frames_used;
    PageStore store;
    std::map<u64, host::Frame> model;
    for (int round = 0; round < 3'000; ++round) {
        u64 const ranges[] = {1, 16, PageStore::fan_out + 2, PageStore::fan_out * 40};
        u64 const index = random() % ranges[random() % 4];
        if (random() % 3 != 0) {
            host::Frame const frame = host::allocate_frame();
            if (frame == host::no_frame) continue;
            if (!store.put(index, frame)) {
                host::release_frame(frame);
                continue;
            }
            model[index] = frame;
        } else {
            u64 const end = index + random() % 100;
            u64 expect = 0;
            for (auto at = model.lower_bound(index); at != model.end() && at->first < end; ++expect)
                at = model.erase(at);
            ASSERT_EQ(store.cut(index, end), expect);
        }
        u64 const probe = random() % (PageStore::fan_out * 2);
        auto const found = model.find(probe);
        ASSERT_EQ(store.find(probe), found == model.end() ? host::no_frame : found->second);
        auto const next = model.lower_bound(probe);
        ASSERT_EQ(store.next(probe), next == model.end() ? PageStore::most_pages : next->first);
        ASSERT_EQ(store.count(), model.size());
    }
    store.cut(0, PageStore::most_pages);
    EXPECT_EQ(store.count(), 0u);
    EXPECT_EQ(host::fake_host().frames_used, before) << "the tree's own frames are given back too";
}

TEST(PageStore, HasALastPage) {
    PageStore store;
    host::Frame const frame = host::allocate_frame();
    EXPECT_FALSE(store.put(PageStore::most_pages, frame));
    EXPECT_FALSE(store.put(~u64{0}, frame));
    EXPECT_TRUE(store.put(PageStore::most_pages - 1, frame));
    EXPECT_EQ(store.find(PageStore::most_pages - 1), frame);
    EXPECT_EQ(store.find(~u64{0}), host::no_frame);
    EXPECT_EQ(store.next(0), PageStore::most_pages - 1);
    EXPECT_EQ(store.cut(0, ~u64{0}), 1u);
}

}  // namespace
}  // namespace vdsokit::personality
