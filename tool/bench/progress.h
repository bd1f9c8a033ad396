// SPDX-License-Identifier: BSD-2-Clause
// The bar on the terminal while it measures. Where standard error is no terminal: nothing.
#pragma once

#include <chrono>

#include "tool/bench/measurement.h"

namespace vdsokit::bench {

class ProgressBar {
public:
    ProgressBar();
    ~ProgressBar();  // takes the bar away
    ProgressBar(ProgressBar const&) = delete;
    ProgressBar& operator=(ProgressBar const&) = delete;

    void show(double part, Condition const& condition);

private:
    bool is_terminal_;
    std::chrono::steady_clock::time_point begin_;
};

}  // namespace vdsokit::bench
