// SPDX-License-Identifier: BSD-2-Clause
#include "tool/bench/measurement.h"

#include <gtest/gtest.h>

#include "cpu.h"
#include "tool/bench/own_image.h"

namespace vdsokit::bench {
namespace {

TEST(Conditions, GoFromOneCoreToAllByDoublingEachWithThreeRates) {
    struct {
        u32 cores;
        std::vector<u32> expected;
        char const* reason;
    } const table[] = {{1, {1}, "one core alone"},
                       {2, {1, 2}, "all is a power of two"},
                       {6, {1, 2, 4, 6}, "all is none"},
                       {16, {1, 2, 4, 8, 16}, "larger"}};
    for (auto const& row : table) {
        std::vector<u32> cores;
        for (Condition const& condition : conditions(row.cores))
            if (condition.writes_per_second == 0) cores.push_back(condition.cores);
        EXPECT_EQ(cores, row.expected) << row.reason;
        EXPECT_EQ(conditions(row.cores).size(), 3 * cores.size()) << row.reason;
    }
}

void nothing() {}
u64 calls = 0;
u64 counting_loop(AnyFunction, u32, u32 count) {
    calls += count;
    return u64{100} * count;
}

// No page is read here: the rows are made up, the counter is the real one.
TEST(Measurement, GivesEverySubjectThatIsThereOneSampleARoundAndNoOtherAny) {
    static abi::TimePage page = abi::unpublished_page();
    Publisher publisher({&page}, 1'000'000'000);
    std::vector<Row> const rows{
        {"made_up", "", 0, counting_loop, {nothing, nothing, nullptr, nullptr, nullptr, nullptr}}};
    auto const measured = measure(rows, publisher, 1'000'000'000, {{1, 0}, {1, 1000}}, 0.1,
                                  [](double, Condition const&) {});
    ASSERT_EQ(measured.size(), 2u);
    for (Measured const& one : measured) {
        auto const& row = one.series[0];
        std::size_t const rounds = row[index_of(Subject::own)].nanoseconds.size();
        EXPECT_GT(rounds, 0u);
        EXPECT_EQ(row[index_of(Subject::kernel)].to_kernel.size(), rounds);
        EXPECT_EQ(row[index_of(Subject::counter)].nanoseconds.size(), rounds);
        EXPECT_TRUE(row[index_of(Subject::libc)].nanoseconds.empty());
        EXPECT_EQ(row[index_of(Subject::own)].nanoseconds[0], 100) << "cycles at 1 GHz";
        EXPECT_EQ(row[index_of(Subject::own)].to_kernel[0], 1);
    }
    EXPECT_EQ(measured[0].writes, 0u);
    EXPECT_GT(measured[1].writes, 0u);
    EXPECT_GT(calls, 0u);
}

TEST(KernelVdso, HasTheClockThatItsImageExports) {
    VdsoFunctions const kernel = VdsoFunctions::of_kernel();
    EXPECT_EQ(kernel.find("no_such_function"), nullptr);
    if (kernel.find("clock_gettime") == nullptr) GTEST_SKIP() << "this kernel maps no vDSO";
}

}  // namespace
}  // namespace vdsokit::bench
