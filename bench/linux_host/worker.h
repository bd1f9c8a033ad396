// SPDX-License-Identifier: BSD-2-Clause
// One process that does what is measured: started plainly, under `vdsokit run` and under
// libfaketime, and asked in turn, so that all share the machine's changing moods. It reads a line
// "OPERATION COUNT" and answers the nanoseconds that all COUNT of them took, by a clock that no
// vDSO is asked for.
#pragma once

#include <string>
#include <vector>

#include "arch/types.h"

namespace vdsokit::bench {

// The worker's whole life: standard input to standard output, until the end of the first.
int serve(char const* noop_program);

// This process, and all that it starts, stay on the CPU that it runs on. False: errno says why.
bool stay_here();

// One worker, seen from the one who asks.
class Worker {
public:
    // `command` starts it, arguments included.
    explicit Worker(std::vector<std::string> const& command);
    ~Worker();
    Worker(Worker const&) = delete;
    Worker& operator=(Worker const&) = delete;

    // Nanoseconds for one; negative: it does not answer.
    double measure(std::string const& operation, u64 count);
    int pid() const { return pid_; }

private:
    int pid_ = -1;
    int to_ = -1;
    int from_ = -1;
};

}  // namespace vdsokit::bench
