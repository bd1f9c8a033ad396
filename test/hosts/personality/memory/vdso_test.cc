// SPDX-License-Identifier: BSD-2-Clause
// The vDSO as exec gives it to processes. There is one for a host's whole life, so each test runs
// in a program of its own (ctest does that).
#include "hosts/personality/memory/vdso.h"

#include <gtest/gtest.h>

#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "guest.h"

#include "abi/time_page.h"

namespace vdsokit::personality {
namespace {

constexpr u64 base = 0x3000'0000;

class Vdso : public testing::Test {
protected:
    void SetUp() override {
        std::string const path = VDSOKIT_IMAGES "/aarch64/vdso.so";
        if (!std::filesystem::exists(path))
            GTEST_SKIP() << path << " is not built: build the target cross-aarch64";
        std::ifstream file(path, std::ios::binary);
        image.assign(std::istreambuf_iterator<char>(file), {});
    }
    kit::Bytes bytes() const { return {image.data(), image.size()}; }
    static std::string const& messages() {
        return host::fake_host().output[static_cast<u8>(host::Channel::messages)];
    }
    std::vector<u8> image;
};

TEST_F(Vdso, IsCopiedOnceAndMappedEver) {
    Guest guest;  // its clocks run
    u64 const used = host::fake_host().frames_used;
    load_vdso(bytes(), VdsoMode::shared);
    EXPECT_EQ(host::fake_host().frames_used, used + 2);
    EXPECT_EQ(vdso_placement(), kit::VdsoPlacement::anywhere);
    EXPECT_EQ(vdso_range().size(), 2 * page_size);
    EXPECT_EQ(vdso_alignment(), page_size);

    std::vector<Memory*> processes;
    VirtualAddress signal_return{0};
    for (u64 i = 0; i < 1000; ++i) {
        processes.push_back(Memory::create());
        u64 const place = base + i * 0x10000;
        ASSERT_TRUE(map_vdso(*processes.back(), place, signal_return));
        EXPECT_GT(signal_return.value, place);
        EXPECT_LT(signal_return.value, place + page_size);
        EXPECT_EQ(signal_return.value % 4, 0u);
    }
    host::Frame const code = processes[0]->space().lookup({base}).frame;
    host::Frame const time = processes[0]->space().lookup({base + page_size}).frame;
    for (u64 i = 0; i < 1000; ++i) {
        host::AddressSpace& space = processes[i]->space();
        u64 const place = base + i * 0x10000;
        EXPECT_EQ(space.lookup({place}).frame, code);
        EXPECT_EQ(space.lookup({place}).access, Access::read_execute);
        EXPECT_EQ(space.lookup({place + page_size}).frame, time);
        EXPECT_EQ(space.lookup({place + page_size}).access, Access::read);
    }
    EXPECT_EQ(std::memcmp(host::frame_bytes(code), image.data(), page_size), 0);
    abi::TimePageHeader header;
    std::memcpy(&header, host::frame_bytes(time), sizeof(header));
    EXPECT_EQ(header.magic, abi::page_magic) << "the host's clocks are published there";

    ExecCounters const counters = exec_counters();
    EXPECT_EQ(counters.preloads, 1u);
    EXPECT_EQ(counters.vdso_frames, 2u);
    EXPECT_EQ(counters.vdso_maps, 1000u);
    EXPECT_EQ(counters.bytes_copied_at_exec, 0u);
    for (Memory* const process : processes) process->release();
    EXPECT_EQ(host::frame_users(code), 1u);
}

TEST_F(Vdso, ThatIsSpoiledIsRefusedWithRuleAndOffsetAndNothingIsMapped) {
    u64 const used = host::fake_host().frames_used;
    image[18] = 62;  // e_machine
    load_vdso(bytes(), VdsoMode::shared);
    EXPECT_EQ(vdso_placement(), kit::VdsoPlacement::none);
    EXPECT_NE(messages().find("/vdso.so: refused by the rule "), std::string::npos) << messages();
    EXPECT_NE(messages().find(" at offset 0x"), std::string::npos) << messages();
    EXPECT_EQ(host::fake_host().frames_used, used);
    EXPECT_EQ(exec_counters().preloads, 0u);
}

TEST_F(Vdso, ThatIsNotThereIsSaidSo) {
    load_vdso({}, VdsoMode::shared);
    EXPECT_EQ(vdso_placement(), kit::VdsoPlacement::none);
    EXPECT_NE(messages().find("/vdso.so: no such file"), std::string::npos) << messages();
}

TEST_F(Vdso, ThatNobodyWantsIsNotLookedAt) {
    image.assign(10, 0);
    load_vdso(bytes(), VdsoMode::none);
    EXPECT_EQ(vdso_placement(), kit::VdsoPlacement::none);
    EXPECT_EQ(messages(), "");
}

TEST_F(Vdso, WithoutOneHandlersReturnToAPageOfItsOwn) {
    Memory& first = *Memory::create();
    Memory& second = *Memory::create();
    VirtualAddress one{0}, two{0};
    ASSERT_TRUE(map_vdso(first, 0, one) && map_vdso(second, 0, two));
    u32 code[2] = {};
    ASSERT_TRUE(first.load(code, one));
    EXPECT_EQ(code[0], 0xd2801168u) << "mov x8, #139";
    EXPECT_EQ(code[1], 0xd4000001u) << "svc #0";
    u64 const page = kit::align_down(one.value, page_size);
    EXPECT_EQ(first.space().lookup({page}).frame, second.space().lookup({page}).frame);
    EXPECT_FALSE(first.store(one, u32{0}));
    EXPECT_EQ(first.protect(page, page_size, Access::read_write).error(), Errno::access);
    first.release();
    second.release();
}

TEST_F(Vdso, AsRel4LoadsItIsTwoFramesOfWhateverTheFileHolds) {
    image.assign(0x1800, 0xab);  // no image at all, and shorter than it reads
    load_vdso(bytes(), VdsoMode::rel4);
    EXPECT_TRUE(vdso_is_rel4());
    EXPECT_EQ(vdso_placement(), kit::VdsoPlacement::fixed);
    EXPECT_EQ(vdso_range().start, 0x4'0000'0000u);
    EXPECT_EQ(vdso_range().size(), 0x2000u);
    Memory& memory = *Memory::create();
    VirtualAddress signal_return{0};
    ASSERT_TRUE(map_vdso(memory, rel4_base, signal_return));
    for (u64 const page : {rel4_base, rel4_base + page_size}) {
        EXPECT_EQ(memory.space().lookup({page}).access, Access::read_execute);
        EXPECT_EQ(memory.protect(page, page_size, Access::read_write).error(), Errno::inval);
    }
    EXPECT_EQ(memory.protect(rel4_base, rel4_bytes, Access::read_write).error(), Errno::access);
    u8 bytes_there[2] = {};
    ASSERT_TRUE(memory.load(bytes_there[0], {rel4_base + 0x17ff}));
    ASSERT_TRUE(memory.load(bytes_there[1], {rel4_base + 0x1800}));
    EXPECT_EQ(bytes_there[0], 0xab);
    EXPECT_EQ(bytes_there[1], 0);
    EXPECT_NE(signal_return.value, 0u);
    memory.release();
}

TEST_F(Vdso, WithoutMemoryForItIsRefusedAndGivesBackWhatItHad) {
    Guest guest;
    u64 const used = host::fake_host().frames_used;
    host::fake_host().frames_total = used + 1;
    load_vdso(bytes(), VdsoMode::shared);
    host::fake_host().frames_total = 4096;
    EXPECT_EQ(vdso_placement(), kit::VdsoPlacement::none);
    EXPECT_EQ(host::fake_host().frames_used, used);
    EXPECT_NE(messages().find("out of memory"), std::string::npos) << messages();
}

}  // namespace
}  // namespace vdsokit::personality
