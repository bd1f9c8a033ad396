// SPDX-License-Identifier: BSD-2-Clause
#include "tool/bench/drawing.h"

#include <gtest/gtest.h>

namespace vdsokit::bench {
namespace {

Figures figures_of(Samples samples) {
    Figures figures;
    figures.nanoseconds = summarise(samples);
    figures.sorted = samples;
    return figures;
}

RowFigures row_of(double own, double kernel, double call, double counter) {
    RowFigures row{{"clock_gettime", "MONOTONIC", 1, nullptr, {}}, {}};
    auto const around = [](double value) {
        Samples samples;
        for (int i = -50; i <= 50; ++i) samples.push_back(static_cast<float>(value + 0.01 * i));
        return figures_of(samples);
    };
    row.figures[index_of(Subject::own)] = around(own);
    row.figures[index_of(Subject::kernel)] = around(kernel);
    row.figures[index_of(Subject::system_call)] = around(call);
    row.figures[index_of(Subject::counter)] = around(counter);
    return row;
}

bool has(std::string const& text, std::string const& part) {
    return text.find(part) != std::string::npos;
}

TEST(Distributions, DrawWhatIsNearAndNameWhatIsFarOff) {
    std::string const svg = distributions(row_of(20, 25, 900, 17));
    EXPECT_TRUE(has(svg, R"(<path class="own")"));
    EXPECT_TRUE(has(svg, R"(<path class="kernel")"));
    EXPECT_TRUE(has(svg, R"(<path class="counter")"));
    EXPECT_FALSE(has(svg, R"(<path class="call")"));
    EXPECT_TRUE(has(svg, "not drawn: system call 900 ns"));
    EXPECT_FALSE(has(svg, R"(<path class="libc")")) << "it was not measured";
}

TEST(Distributions, OfASystemCallAloneAreDrawn) {
    std::string const svg = distributions(row_of(900, 950, 905, 17));
    EXPECT_TRUE(has(svg, R"(<path class="call")"));
    EXPECT_TRUE(has(svg, R"(<path class="own")"));
}

TEST(Escaping, LeavesNoCharacterThatEndsATextOrAnAttribute) {
    EXPECT_EQ(escaped("<b a=\"&\">\x07\xff"), "&lt;b a=&quot;&amp;&quot;&gt;??");
}

}  // namespace
}  // namespace vdsokit::bench
