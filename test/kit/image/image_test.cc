// SPDX-License-Identifier: BSD-2-Clause
#include "kit/image/image.h"

#include <gtest/gtest.h>

#include "test/kit/image/test_image.h"

namespace vdsokit::test {
namespace {

TEST(Image, says_how_it_is_laid_out) {
    for (u32 const page_size : {4096u, 16384u, 65536u}) {
        TestImage const file{"aarch64", page_size};
        kit::Image const image = kit::open_image(file.bytes()).value();
        EXPECT_EQ(image.page_size(), page_size);
        EXPECT_EQ(image.code_pages(), 1u);
        EXPECT_EQ(image.code_size(), page_size);
        EXPECT_EQ(image.time_page().value, page_size);
        EXPECT_EQ(image.size(), 2 * page_size);
        EXPECT_EQ(image.trap_count(), 2u);
        EXPECT_EQ(image.trap_size(), 4u);
        EXPECT_EQ(image.trap_site(1).value, file.trap(1));
    }
}

TEST(Image, finds_an_export_by_name_and_version_and_by_nothing_less) {
    struct Row {
        char const* name;
        char const* version;
        bool expect;
        char const* reason;
    };
    Row const rows[] = {
        {"__kernel_clock_gettime", "LINUX_2.6.39", true, "as libcs ask"},
        {"__kernel_clock_gettime", "LINUX_2.6", false, "another version"},
        {"__kernel_clock_gettime", "linux-vdso.so.1", false, "the base definition is no version"},
        {"__kernel_clock_gettim", "LINUX_2.6.39", false, "a part of the name"},
        {"__kernel_clock_gettime_", "LINUX_2.6.39", false, "more than the name"},
        {"", "LINUX_2.6.39", false, "no name"},
    };
    TestImage const file{"aarch64"};
    kit::Image const image = kit::open_image(file.bytes()).value();
    for (Row const& row : rows) {
        auto const found = image.find(row.name, row.version);
        EXPECT_EQ(static_cast<bool>(found), row.expect) << row.reason;
        if (found && row.expect) {
            EXPECT_EQ(found.value().value,
                      file.view().symbols.find(kit::Text{row.name}).value().value);
        }
    }
    EXPECT_FALSE(file.view().symbols.find(kit::Text{"__kernel_clock_gettim"}));
    EXPECT_EQ(image.sigreturn().value(),
              image.find("__kernel_rt_sigreturn", "LINUX_2.6.39").value());
}

TEST(Image, a_fault_names_the_rule_and_the_offset) {
    TestImage file{"aarch64"};
    file.edit_segment(0, [](auto& load) { load.flags = 7; });
    auto const image = kit::open_image(file.bytes());
    ASSERT_FALSE(image);
    EXPECT_STREQ(image.error().rule->name, "no-writable-segment");
    EXPECT_EQ(image.error().at.value, file.segment_at(0));
}

TEST(Image, a_vdso_without_our_note_is_not_for_a_host) {
    TestImage file{"aarch64"};
    file.put(file.note_at() - 8, u8{'V'});
    EXPECT_STREQ(kit::open_image(file.bytes()).error().rule->name, "note-present");
}

}  // namespace
}  // namespace vdsokit::test
