// SPDX-License-Identifier: BSD-2-Clause
#include "tool/vdsokit/stamp.h"

#include <gtest/gtest.h>

#include "test/kit/image/test_image.h"
#include "tool/vdsokit/failure.h"

namespace vdsokit::test {
namespace {

using tool::Source;
using tool::StampOptions;

Source source(char const* machine) { return {machine, TestImage{machine}.file()}; }

StampOptions with_trap(char const* trap) {
    StampOptions options;
    options.trap = trap;
    return options;
}

StampOptions with_counter(CounterKind counter) {
    StampOptions options;
    options.direct = counter;
    return options;
}

TEST(Stamp, a_counter_sets_the_clocks_since_boot_and_no_other) {
    struct Row {
        CounterKind counter;
        abi::ClockMode expect;
    };
    Row const rows[] = {{CounterKind::virtual_count, abi::ClockMode::direct},
                        {CounterKind::physical_count, abi::ClockMode::direct_physical}};
    for (Row const& row : rows) {
        TestImage const image{tool::stamp(source("aarch64"), with_counter(row.counter))};
        auto const page = image.get<abi::TimePage>(image.time_page_at());
        u32 const direct =
            abi::bit(abi::ClockId::monotonic) | abi::bit(abi::ClockId::monotonic_raw) |
            abi::bit(abi::ClockId::monotonic_coarse) | abi::bit(abi::ClockId::boottime);
        for (u32 clock = 0; clock < abi::clock_lines; ++clock)
            EXPECT_EQ(
                page.clocks[clock].state,
                abi::state_of(abi::in_group(clock, direct) ? row.expect : abi::ClockMode::none))
                << clock;
        EXPECT_EQ(page.header.resolution, 1u);
    }
}

TEST(Stamp, a_trap_goes_to_every_site_and_nowhere_else) {
    struct Row {
        char const* machine;
        char const* trap;
        u32 expect;
        char const* reason;
    };
    Row const rows[] = {{"aarch64", "0xdeadbeef", 0xdead'beef, "what rel4-linux-kit decodes"},
                        {"aarch64", "3735928559", 0xdead'beef, "the same in decimal"},
                        {"aarch64", "brk", 0xd420'bc80, "brk #0x5e4"},
                        {"aarch64", "0", 0, "an undefined instruction"},
                        {"arm", "brk", 0xe120'0070, "bkpt"},
                        {"x86_64", "0x0b0f", 0x0b0f, "two bytes: ud2"}};
    for (Row const& row : rows) {
        SCOPED_TRACE(row.reason);
        TestImage expect{row.machine};
        ASSERT_NE(expect.view().facts, nullptr);
        u32 const size = expect.view().facts->trap.size;
        for (u64 index = 0; index < 2; ++index)
            for (u32 byte = 0; byte < size; ++byte)
                expect.put(expect.trap(index) + byte, static_cast<u8>(row.expect >> (8 * byte)));
        EXPECT_EQ(tool::stamp(source(row.machine), with_trap(row.trap)), expect.file());
    }
}

TEST(Stamp, what_cannot_be_done_is_refused) {
    TestImage writable{"aarch64"};
    writable.edit_segment(0, [](auto& load) { load.flags = 7; });
    TestImage foreign{"aarch64"};
    foreign.put(foreign.note_at() - 8, u8{'V'});
    struct Row {
        Source image;
        StampOptions options;
        int status;
        char const* expect;
    };
    Row const rows[] = {
        {{"w", writable.file()}, with_trap("brk"), tool::status_refused, "no-writable-segment"},
        {{"f", foreign.file()}, with_trap("brk"), tool::status_refused, "no vdsokit note"},
        {{"e", {}}, with_trap("brk"), tool::status_refused, "header-complete"},
        {source("aarch64"), with_trap("0x100000000"), tool::status_usage, "neither a 32-bit"},
        {source("aarch64"), with_trap("-1"), tool::status_usage, "neither a 32-bit"},
        {source("aarch64"), with_trap("0x"), tool::status_usage, "neither a 32-bit"},
        {source("aarch64"), with_trap("svc"), tool::status_usage, "neither a 32-bit"},
        {source("x86_64"), with_trap("0xdeadbeef"), tool::status_usage, "does not fit the 2 bytes"},
        {source("x86_64"), with_counter(CounterKind::virtual_count), tool::status_usage,
         "a process on x86_64 cannot ask for the counter's frequency; use --publish"}};
    for (Row const& row : rows) {
        try {
            tool::stamp(row.image, row.options);
            ADD_FAILURE() << "accepted, not: " << row.expect;
        } catch (tool::Failure const& failure) {
            EXPECT_EQ(failure.status, row.status) << row.expect;
            EXPECT_NE(failure.text.find(row.expect), std::string::npos) << failure.text;
        }
    }
}

TEST(Stamp, a_page_is_stamped_for_every_page_size) {
    for (u32 const page_size : {4096u, 16384u, 65536u}) {
        StampOptions options;
        options.publish = tool::parse_publication(
            "counter=virtual,frequency=1000000000,realtime=1000,monotonic=1000");
        TestImage const stamped{
            tool::stamp({"image", TestImage{"aarch64", page_size}.file()}, options)};
        EXPECT_EQ(stamped.bytes().size(), 2 * page_size);
        auto const page = stamped.get<abi::TimePage>(page_size);
        EXPECT_EQ(page.clocks[1].state, abi::state_of(abi::ClockMode::counter));
    }
}

}  // namespace
}  // namespace vdsokit::test
