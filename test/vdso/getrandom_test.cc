// SPDX-License-Identifier: BSD-2-Clause
// getrandom step by step on the fake CPU: a host that seeds itself anew, forks and drops pages
// between any two steps of a call, and a kernel that says which key it gave.
#include "vdso/getrandom.h"

#include <gtest/gtest.h>

#include <cstring>
#include <functional>
#include <set>
#include <string>
#include <vector>

#include "test/support/chacha20.h"
#include "test/support/chain_page.h"

namespace vdsokit::vdso {
namespace {

constexpr u64 page_bytes = 4096;
constexpr i64 try_again = -11;

// Called, as a program calls the image: a probe's answer is not as long as a state.
[[gnu::noinline]] i64 enter(abi::RandomLine const& line, void* buffer, u64 size, u32 flags,
                            void* state, u64 state_bytes) {
    return read_getrandom(line, buffer, size, flags, state, state_bytes);
}

// The kernel: fills what it is given with a byte that differs in each call.
struct Kernel {
    i64 error = 0;  // instead of bytes
    std::function<void()> inside;
    u8 last = 0x80;
};
Kernel kernel;

i64 serve() {
    if (kernel.inside) kernel.inside();
    if (kernel.error != 0) return kernel.error;
    auto* const to = reinterpret_cast<u8*>(arch::fake_kernel.first);
    kernel.last += 1;
    for (u64 at = 0; at < arch::fake_kernel.second; ++at) to[at] = kernel.last;
    return static_cast<i64>(arch::fake_kernel.second);
}

class GetrandomTest : public testing::Test {
protected:
    GetrandomTest() {
        arch::fake = {};
        arch::fake_kernel = {};
        arch::fake_kernel.serve = serve;
        kernel = {};
        hook_ = nullptr;
        arch::fake.hook = [](arch::Step at) {
            if (hook_) hook_(at);
        };
        line.generation = 1;
        line.is_ready = 1;
        line.map_protection = 3;
        line.map_flags = 0x28;
        line.page_size = page_bytes;
        line.state = abi::random_state_of(abi::RandomMode::generation);
        state() = {};
    }
    ~GetrandomTest() override {
        arch::fake.hook = nullptr;
        test::chain_page = {};
    }

    abi::RandomState& state() { return *reinterpret_cast<abi::RandomState*>(pages + offset); }

    i64 call(u8* buffer, u64 size, u32 flags = 0) {
        return enter(line, buffer, size, flags, &state(), sizeof(abi::RandomState));
    }

    // The state as if the kernel had given `fill` as its key, and no batch.
    void give_key(u8 fill) {
        state() = {};
        for (u8& byte : state().key) byte = fill;
        state().generation = line.generation;
        state().position = abi::random_batch_bytes;
    }

    // What `size` bytes are when nothing was left of a batch: the key's stream.
    static std::vector<u8> stream(u8 fill, u64 size) {
        u8 key[32];
        for (u8& byte : key) byte = fill;
        std::vector<u8> bytes(size / 64 * 64 + 128);
        test::chacha20_blocks(bytes.data(), key, 0, bytes.size() / 64);
        bytes.resize(size);
        return bytes;
    }

    alignas(page_bytes) static inline u8 pages[2 * page_bytes];
    u64 offset = 0;
    abi::RandomLine line{};
    static inline std::function<void(arch::Step)> hook_;
};

TEST_F(GetrandomTest, TheProbeAnswersWhatTheHostPublished) {
    abi::RandomParameters parameters;
    for (u32& word : parameters.reserved) word = 7;
    EXPECT_EQ(enter(line, nullptr, 0, 0, &parameters, ~u64{0}), 0);
    EXPECT_EQ(parameters.state_bytes, 144u);
    EXPECT_EQ(parameters.map_protection, 3u);
    EXPECT_EQ(parameters.map_flags, 0x28u);
    for (u32 const word : parameters.reserved) EXPECT_EQ(word, 0u);
    EXPECT_EQ(arch::fake_kernel.calls, 0u);
}

TEST_F(GetrandomTest, TheProbeIsAnsweredBeforeTheSeedIsReady) {
    line.is_ready = 0;
    abi::RandomParameters parameters{};
    EXPECT_EQ(enter(line, nullptr, 0, 0, &parameters, ~u64{0}), 0);
}

TEST_F(GetrandomTest, WithoutAPromiseOfTheHostTheProbeFailsAndCallsAreMade) {
    for (u32 const word : {0u, abi::random_state_of(abi::RandomMode::none),
                           abi::random_state_of(abi::RandomMode{7}), 0xf12u, 0xe22u, ~0u}) {
        line.state = word;
        abi::RandomParameters parameters{};
        EXPECT_EQ(enter(line, nullptr, 0, 0, &parameters, ~u64{0}), -38) << word;
        EXPECT_EQ(parameters.state_bytes, 0u);
        u64 const calls = arch::fake_kernel.calls;
        u8 bytes[16];
        EXPECT_EQ(call(bytes, 16), 16) << word;
        EXPECT_EQ(arch::fake_kernel.calls, calls + 1) << word;
        EXPECT_EQ(state().in_use, 0);
        // No state, as a program without one would call.
        EXPECT_EQ(enter(line, bytes, 16, 0, nullptr, 0), 16) << word;
    }
}

struct AsideRow {
    u64 state_bytes;
    u32 flags;
    u32 is_ready;
    char const* reason;
};

TEST_F(GetrandomTest, WhatIsNotAnsweredFromTheStateMakesTheSystemCallAsItWasGiven) {
    AsideRow const rows[] = {
        {143, 0, 1, "a state of another size"},
        {145, 0, 1, "a state of another size"},
        {0, 0, 1, "no state"},
        {~u64{0}, 0, 1, "no probe: it has a buffer"},
        {144, 8, 1, "an unknown flag"},
        {144, 0x8000'0001, 1, "an unknown flag"},
        {144, 0, 0, "not seeded yet"},
    };
    for (AsideRow const& row : rows) {
        line.is_ready = row.is_ready;
        u64 const calls = arch::fake_kernel.calls;
        u8 bytes[24];
        EXPECT_EQ(enter(line, bytes, 24, row.flags, &state(), row.state_bytes), 24) << row.reason;
        EXPECT_EQ(arch::fake_kernel.calls, calls + 1) << row.reason;
        EXPECT_EQ(arch::fake_kernel.number, u64{arch::call::getrandom});
        EXPECT_EQ(arch::fake_kernel.first, reinterpret_cast<u64>(bytes));
        EXPECT_EQ(arch::fake_kernel.second, 24u);
        EXPECT_EQ(arch::fake_kernel.third, row.flags) << row.reason;
        EXPECT_EQ(state().in_use, 0) << row.reason;
    }
}

TEST_F(GetrandomTest, AStateAcrossTwoPagesIsAFault) {
    u8 bytes[8] = {};
    for (u64 const inside : {u64{0}, u64{64}, page_bytes - 144, page_bytes}) {
        offset = inside;
        state() = {};
        EXPECT_EQ(call(bytes, 8), 8) << inside;
    }
    u64 const calls = arch::fake_kernel.calls;
    for (u64 const across : {page_bytes - 143, page_bytes - 1, page_bytes - 8}) {
        EXPECT_EQ(enter(line, bytes, 8, 0, pages + across, 144), -14) << across;
        // Whatever else is wrong with the call.
        EXPECT_EQ(enter(line, bytes, 8, 99, pages + across, 7), -14) << across;
    }
    EXPECT_EQ(arch::fake_kernel.calls, calls);
    line.page_size = 2 * page_bytes;
    state() = {};
    EXPECT_EQ((reinterpret_cast<u64>(pages) % (2 * page_bytes) == 0
                   ? enter(line, bytes, 8, 0, pages + page_bytes - 136, 144)
                   : 8),
              8)
        << "the host's page counts";
}

TEST_F(GetrandomTest, NothingIsAskedForAndNothingHappens) {
    EXPECT_EQ(call(nullptr, 0), 0);
    EXPECT_EQ(arch::fake_kernel.calls, 0u);
    EXPECT_EQ(state().generation, 0u);
}

TEST_F(GetrandomTest, TheFirstCallTakesAKeyAndTheNextOnesDoNot) {
    u8 bytes[16];
    EXPECT_EQ(call(bytes, 16), 16);
    EXPECT_EQ(arch::fake_kernel.calls, 1u);
    EXPECT_EQ(arch::fake_kernel.second, 32u);
    EXPECT_EQ(arch::fake_kernel.third, 0u);
    EXPECT_EQ(state().generation, 1u);
    std::vector<u8> const expected = stream(kernel.last, 96);
    EXPECT_EQ(std::vector<u8>(bytes, bytes + 16),
              std::vector<u8>(expected.begin(), expected.begin() + 16));
    for (u64 at = 16; at < 96; at += 16) {
        EXPECT_EQ(call(bytes, 16), 16);
        EXPECT_EQ(std::vector<u8>(bytes, bytes + 16),
                  std::vector<u8>(expected.begin() + static_cast<long>(at),
                                  expected.begin() + static_cast<long>(at) + 16));
    }
    EXPECT_EQ(arch::fake_kernel.calls, 1u);
}

TEST_F(GetrandomTest, EveryLengthIsTheKeysStreamAndReplacesTheKey) {
    for (u64 size = 1; size <= 2 * page_bytes + 3; size += size < 400 ? 1 : 61) {
        give_key(0x5a);
        std::vector<u8> bytes(size + 8, 0xee);
        ASSERT_EQ(call(bytes.data(), size), static_cast<i64>(size));
        std::vector<u8> expected = stream(0x5a, size);
        expected.insert(expected.end(), 8, 0xee);
        ASSERT_EQ(bytes, expected) << size;
        // Two blocks behind the whole ones are the batch and the key.
        std::vector<u8> const next = stream(0x5a, size / 64 * 64 + 128);
        u8 const* const key = next.data() + next.size() - 32;
        ASSERT_EQ(std::memcmp(state().key, key, 32), 0) << size;
        ASSERT_EQ(state().position, size % 64) << size;
        for (u64 at = 0; at < state().position; ++at) ASSERT_EQ(state().batch[at], 0) << size;
    }
    EXPECT_EQ(arch::fake_kernel.calls, 0u);
}

TEST_F(GetrandomTest, NoByteIsGivenOutTwice) {
    std::set<std::string> seen;
    for (u64 i = 0; i < 20'000; ++i) {
        u8 bytes[8];
        ASSERT_EQ(call(bytes, 8), 8);
        ASSERT_TRUE(seen.insert({reinterpret_cast<char*>(bytes), 8}).second) << i;
    }
}

TEST_F(GetrandomTest, AnotherGenerationAsksForAnotherKey) {
    u8 bytes[16];
    call(bytes, 16);
    line.generation = 2;
    EXPECT_EQ(call(bytes, 16), 16);
    EXPECT_EQ(arch::fake_kernel.calls, 2u);
    EXPECT_EQ(state().generation, 2u);
    std::vector<u8> const expected = stream(kernel.last, 16);
    EXPECT_EQ(std::vector<u8>(bytes, bytes + 16), expected) << "none of the old batch";
}

TEST_F(GetrandomTest, AForkWipesTheStateAndTheChildTakesAKeyOfItsOwn) {
    u8 parent[16];
    call(parent, 16);
    abi::RandomState const before = state();
    u8 next_of_parent[16];
    call(next_of_parent, 16);
    state() = before;
    state() = {};  // what the child finds
    u8 child[16];
    EXPECT_EQ(call(child, 16), 16);
    EXPECT_EQ(arch::fake_kernel.calls, 2u);
    EXPECT_NE(std::memcmp(child, next_of_parent, 16), 0);
}

struct ChangeRow {
    void (*change)(abi::RandomLine&, abi::RandomState&);
    char const* reason;
};
ChangeRow const changes[] = {
    {[](abi::RandomLine& line, abi::RandomState&) { line.generation += 1; },
     "the host was seeded anew"},
    {[](abi::RandomLine&, abi::RandomState& state) {
         u8 const in_use = state.in_use;
         state = {};
         state.in_use = in_use;
     },
     "the state was dropped"},
    {[](abi::RandomLine&, abi::RandomState& state) { state = {}; },
     "the state was wiped, in_use too"},
};

TEST_F(GetrandomTest, AChangeDuringTheKeysCallIsSeenAndTheBytesAreMadeAgain) {
    for (ChangeRow const& row : changes) {
        state() = {};
        line.generation += 1;
        u64 const calls = arch::fake_kernel.calls;
        bool once = true;
        kernel.inside = [&] {
            if (once) row.change(line, state());
            once = false;
        };
        u8 bytes[200];
        EXPECT_EQ(call(bytes, 200), 200) << row.reason;
        EXPECT_EQ(arch::fake_kernel.calls, calls + 2) << row.reason;
        EXPECT_EQ(std::vector<u8>(bytes, bytes + 200), stream(kernel.last, 200)) << row.reason;
        EXPECT_EQ(state().generation, line.generation) << row.reason;
        EXPECT_EQ(state().in_use, 0) << row.reason;
    }
}

TEST_F(GetrandomTest, ASecondChangeInOneCallMakesTheSystemCall) {
    for (ChangeRow const& row : changes) {
        state() = {};
        line.generation += 1;
        u64 const calls = arch::fake_kernel.calls;
        kernel.inside = [&] { row.change(line, state()); };
        u8 bytes[200];
        EXPECT_EQ(call(bytes, 200), 200) << row.reason;
        EXPECT_EQ(arch::fake_kernel.calls, calls + 3) << row.reason;
        EXPECT_EQ(std::vector<u8>(bytes, bytes + 200), std::vector<u8>(200, kernel.last))
            << row.reason;
        EXPECT_EQ(state().in_use, 0) << row.reason;
    }
}

TEST_F(GetrandomTest, TheGenerationStandsInTheStateBeforeTheKeysCall) {
    u64 seen = 0;
    kernel.inside = [&] { seen = state().generation; };
    u8 bytes[4];
    call(bytes, 4);
    EXPECT_EQ(seen, 1u);
}

TEST_F(GetrandomTest, AKeyThatTheKernelDoesNotGiveLeavesNoneBehind) {
    kernel.error = try_again;
    u8 bytes[4];
    EXPECT_EQ(call(bytes, 4, abi::random_nonblocking), try_again);
    EXPECT_EQ(arch::fake_kernel.calls, 2u);
    EXPECT_EQ(arch::fake_kernel.third, 1u) << "the caller's own flags";
    EXPECT_EQ(state().generation, 0u);
    EXPECT_EQ(state().in_use, 0);
    kernel.error = 0;
    EXPECT_EQ(call(bytes, 4), 4);
    EXPECT_EQ(arch::fake_kernel.calls, 3u);
}

TEST_F(GetrandomTest, ASignalHandlerInsideACallMakesTheSystemCall) {
    u8 warm[8];
    call(warm, 8);
    u64 handled = 0;
    // Each step of a call that takes a key is one where a signal can arrive.
    hook_ = [&](arch::Step) {
        auto const outer = hook_;
        hook_ = nullptr;
        abi::RandomState const before = state();
        u8 bytes[32];
        u64 const calls = arch::fake_kernel.calls;
        EXPECT_EQ(call(bytes, 32), 32);
        if (before.in_use != 0) {
            EXPECT_EQ(arch::fake_kernel.calls, calls + 1);
            EXPECT_EQ(std::memcmp(&before, &state(), sizeof(before)), 0) << "left alone";
            ++handled;
        }
        hook_ = outer;
    };
    line.generation += 1;
    u8 bytes[300];
    EXPECT_EQ(call(bytes, 300), 300);
    EXPECT_GE(handled, 1u);
    EXPECT_EQ(state().in_use, 0);
}

TEST_F(GetrandomTest, ALengthIsCappedToWholePagesBelowTwoGibibytes) {
    kernel.error = 77;  // so that nothing is written
    u8 byte = 0;
    EXPECT_EQ(call(&byte, u64{1} << 40), 77);
    EXPECT_EQ(arch::fake_kernel.second, 0x7fff'f000u);
    line.page_size = 0x1'0000;
    EXPECT_EQ(call(&byte, ~u64{0}), 77);
    EXPECT_EQ(arch::fake_kernel.second, 0x7fff'0000u);
}

TEST_F(GetrandomTest, AChainedLineHandsTheCallOnWhole) {
    static u64 got[5];
    test::chain_page = {};
    test::chain_page.magic = abi::chain_magic;
    test::chain_page.getrandom =
        test::chained_to(+[](void* buffer, u64 size, u32 flags, void* opaque, u64 bytes) -> i64 {
            got[0] = reinterpret_cast<u64>(buffer);
            got[1] = size;
            got[2] = flags;
            got[3] = reinterpret_cast<u64>(opaque);
            got[4] = bytes;
            return 4242;
        });
    line = {};
    line.state = abi::random_state_of(abi::RandomMode::chained);
    u8 bytes[3];
    EXPECT_EQ(enter(line, bytes, 3, 9, pages + 1, 5), 4242);
    u64 const expected[] = {reinterpret_cast<u64>(bytes), 3, 9, reinterpret_cast<u64>(pages + 1),
                            5};
    for (u64 i = 0; i < 5; ++i) EXPECT_EQ(got[i], expected[i]) << i;
    EXPECT_EQ(enter(line, nullptr, 0, 0, pages, ~u64{0}), 4242) << "the probe too";
    test::chain_page.getrandom = 0;
    EXPECT_EQ(enter(line, nullptr, 0, 0, pages, ~u64{0}), -38);
    EXPECT_EQ(enter(line, bytes, 3, 0, pages, 144), 3);
    EXPECT_EQ(arch::fake_kernel.calls, 1u);
}

}  // namespace
}  // namespace vdsokit::vdso
