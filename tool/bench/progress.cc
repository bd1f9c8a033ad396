// SPDX-License-Identifier: BSD-2-Clause
#include "tool/bench/progress.h"

#include <unistd.h>

#include <cstdio>

#include <fmt/format.h>

namespace vdsokit::bench {

namespace {
constexpr int width = 30;
constexpr char const* clear_line = "\r\033[K";
}  // namespace

ProgressBar::ProgressBar()
    : is_terminal_(isatty(STDERR_FILENO) == 1), begin_(std::chrono::steady_clock::now()) {}

ProgressBar::~ProgressBar() {
    if (is_terminal_) fmt::print(stderr, "{}", clear_line);
}

void ProgressBar::show(double part, Condition const& condition) {
    if (!is_terminal_) return;
    std::chrono::duration<double> const spent = std::chrono::steady_clock::now() - begin_;
    double const left = part > 0 ? spent.count() * (1 - part) / part : 0;
    int const full = static_cast<int>(part * width);
    fmt::print(stderr, "{}[{:#<{}}{:.<{}}] {:3.0f} %  {:.0f} s left  {} core{}, {} writes a second",
               clear_line, "", full, "", width - full, part * 100, left, condition.cores,
               condition.cores == 1 ? "" : "s", condition.writes_per_second);
    std::fflush(stderr);
}

}  // namespace vdsokit::bench
