// SPDX-License-Identifier: BSD-2-Clause
#include "tool/vdsokit/show.h"

#include <gtest/gtest.h>

#include <random>

#include "test/kit/image/test_image.h"
#include "tool/vdsokit/check.h"

namespace vdsokit::test {
namespace {

bool is_printable(std::string const& text) {
    for (char const letter : text)
        if (letter != '\n' && (letter < 0x20 || letter > 0x7e)) return false;
    return true;
}

// Everything the tool prints about an image, in both forms.
void show(TestImage const& image) {
    kit::ImageView const view = image.view();
    EXPECT_TRUE(is_printable(tool::as_text("image", tool::check(image.bytes()))));
    EXPECT_FALSE(tool::as_json("image", tool::check(image.bytes())).dump().empty());
    if (!view.elf.has_header()) return;
    tool::Json const description = tool::describe(view);
    EXPECT_TRUE(is_printable(tool::as_text(description)));
    EXPECT_FALSE(description.dump().empty());
}

TEST(Show, names_every_export_with_its_version_size_and_type) {
    std::string const shown = tool::as_text(tool::describe(TestImage{"i386"}.view()));
    EXPECT_NE(shown.find("  16 bytes  global  function  __vdso_clock_gettime@LINUX_2.6\n"),
              std::string::npos)
        << shown;
    EXPECT_NE(shown.find("  16 bytes  global  function  __kernel_rt_sigreturn@LINUX_2.5\n"),
              std::string::npos)
        << shown;
}

TEST(Show, decodes_a_line_to_its_frequency) {
    TestImage image{"aarch64"};
    image.edit_time_page([](abi::TimePage& page) {
        abi::ClockLine& line = page.clocks[static_cast<u32>(abi::ClockId::monotonic)];
        line.state = abi::state_of(abi::ClockMode::counter) | abi::state_locked;
        line.sequence = 7;
        line.cycle_last = 0x1234;
        line.mult = u64{1} << 62;
        line.shift = 2;
        line.base_seconds = 5;
        line.base_fraction = u64{1} << 63;
    });
    std::string const shown = tool::as_text(tool::describe(image.view()));
    EXPECT_NE(shown.find("clock      monotonic        counter           sequence 7, locked, base "
                         "5.500000000 s at counter 0x1234, 4294967296 Hz (mult "
                         "0x4000000000000000, shift 2)\n"),
              std::string::npos)
        << shown;
}

TEST(Show, a_replaced_trap_is_seen) {
    TestImage image{"aarch64"};
    image.put(image.trap(1), u32{0xdead'beef});
    std::string const shown = tool::as_text(tool::describe(image.view()));
    EXPECT_NE(shown.find("  0xd4000001\n"), std::string::npos) << shown;
    EXPECT_NE(shown.find("  0xdeadbeef  replaced\n"), std::string::npos) << shown;
}

TEST(Show, any_bytes_are_shown_without_control_characters) {
    std::mt19937_64 random{3};
    for (char const* machine : {"aarch64", "arm", "x86_64", "i386"}) {
        TestImage const original{machine};
        for (u64 size = 0; size < 1200; size += 7)
            show(TestImage{
                std::vector<u8>(original.bytes().data(), original.bytes().data() + size)});
        for (int turn = 0; turn < 500; ++turn) {
            TestImage image = original;
            for (u64 change = random() % 12 + 1; change != 0; --change)
                image.put(random() % 0x1400, static_cast<u8>(random()));
            show(image);
            if (HasFailure()) FAIL() << machine << ", turn " << turn;
        }
    }
}

}  // namespace
}  // namespace vdsokit::test
