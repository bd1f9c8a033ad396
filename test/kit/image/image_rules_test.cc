// SPDX-License-Identifier: BSD-2-Clause
// One broken image for each rule, and more where a rule can be broken in several ways. In each, the
// rule in question is the first that fails, where a host would stop.
#include "kit/image/image_rules.h"

#include <gtest/gtest.h>

#include <set>
#include <string>

#include "test/kit/image/mutations.h"

namespace vdsokit::test {
namespace {

using kit::RuleScope;

// What a host would be told; rules for hosts only where one of them is in question.
struct First {
    std::string rule = "none";
    u64 at = 0;
};

First first_failure(TestImage const& image, bool as_host) {
    kit::ImageView const view = image.view();
    for (kit::ImageRule const& rule : kit::image_rules) {
        if (rule.scope == RuleScope::host && !as_host) continue;
        kit::Finding const finding = rule.check(view);
        if (!finding.is_held())
            return {finding.is_unreached() ? std::string{"unreached "} + rule.name : rule.name,
                    finding.at().value};
    }
    return {};
}

template <class Visit>
void for_each_broken(Visit visit) {
    for (auto const rows : {broken_elf(), broken_symbols(), broken_vdsokit(), broken_time_page()})
        for (BrokenImage const& row : rows) visit(row);
}

TEST(ImageRules, an_image_that_breaks_one_rule_is_refused_by_that_rule_and_at_that_offset) {
    for_each_broken([](BrokenImage const& row) {
        SCOPED_TRACE(std::string{row.rule} + ", " + row.machine + ": " + row.reason);
        TestImage image{row.machine};
        u64 const at = row.at(image);
        row.mutate(image);
        kit::ImageRule const* const rule = kit::find_rule(row.rule);
        ASSERT_NE(rule, nullptr);
        First const first = first_failure(image, rule->scope == RuleScope::host);
        EXPECT_EQ(first.rule, row.rule);
        EXPECT_EQ(first.at, at);
    });
}

TEST(ImageRules, every_rule_has_an_image_that_breaks_it) {
    std::set<std::string> tested;
    for_each_broken([&](BrokenImage const& row) { tested.insert(row.rule); });
    for (kit::ImageRule const& rule : kit::image_rules)
        EXPECT_TRUE(tested.contains(rule.name)) << rule.name;
}

TEST(ImageRules, names_are_unique_and_reasons_are_there) {
    std::set<std::string> names;
    for (kit::ImageRule const& rule : kit::image_rules) {
        EXPECT_TRUE(names.insert(rule.name).second) << rule.name;
        EXPECT_GT(std::string{rule.reason}.size(), 10u) << rule.name;
    }
    EXPECT_EQ(kit::find_rule("no-such-rule"), nullptr);
}

TEST(ImageRules, the_builders_image_keeps_every_rule_for_each_machine_and_page_size) {
    for (char const* machine : {"aarch64", "arm", "x86_64", "i386", "riscv64"}) {
        for (u32 const page_size : {4096u, 16384u, 65536u}) {
            SCOPED_TRACE(std::string{machine} + " " + std::to_string(page_size));
            EXPECT_EQ(first_failure(TestImage{machine, page_size}, false).rule, "none");
        }
    }
}

TEST(ImageRules, an_image_whose_segment_ends_with_the_code_is_as_good_as_one_with_the_time_page) {
    TestImage image{"aarch64"};
    image.edit_segment(0, [](auto& load) { load.file_size = load.memory_size = 0xffe; });
    EXPECT_EQ(first_failure(image, true).rule, "none");
}

TEST(ImageRules, a_table_of_relocations_without_entries_is_none_and_one_of_unknown_size_is_one) {
    TestImage image{"riscv64"};
    image.add_dynamic(elf::dynamic_tag::rela, 0);
    EXPECT_EQ(first_failure(image, false).rule, "no-relocations");
    image.add_dynamic(elf::dynamic_tag::rela_size, 0);
    EXPECT_EQ(first_failure(image, false).rule, "none");
    TestImage full{"riscv64"};
    full.add_dynamic(elf::dynamic_tag::rela, 0);
    full.add_dynamic(elf::dynamic_tag::rela_size, 24);
    EXPECT_EQ(first_failure(full, false).rule, "no-relocations");
}

TEST(ImageRules, a_stamped_image_is_valid_if_all_trap_sites_hold_the_same_replacement) {
    TestImage image{"aarch64"};
    for (u64 index = 0; index < 2; ++index) image.put(image.trap(index), u32{0xdead'beef});
    EXPECT_EQ(first_failure(image, true).rule, "none");
}

TEST(ImageRules, a_published_page_is_valid_from_1_hertz_to_32_gigahertz) {
    struct Row {
        u64 mult;
        u32 shift;
        char const* expect;
        char const* reason;
    };
    Row const rows[] = {{u64{1} << 63, 33, "none", "1 Hz"},
                        {(u64{1} << 63) + 1, 33, "time-page-lines", "below 1 Hz"},
                        {u64{1} << 61, 0, "none", "2^35 Hz"},
                        {(u64{1} << 61) - 1, 0, "time-page-lines", "above"}};
    for (Row const& row : rows) {
        SCOPED_TRACE(row.reason);
        TestImage image{"aarch64"};
        edit_line(image, abi::ClockId::monotonic, [&](abi::ClockLine& line) {
            line.mult = row.mult;
            line.shift = row.shift;
        });
        EXPECT_EQ(first_failure(image, true).rule, row.expect);
    }
}

}  // namespace
}  // namespace vdsokit::test
