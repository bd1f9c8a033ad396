// SPDX-License-Identifier: BSD-2-Clause
// The verbs that other programs beside this one answer, because they are built for the CPU that runs
// them: `run` and `set` by vdsokit-run, `bench` by vdsokit-bench.
#pragma once

#include <string_view>

namespace vdsokit::tool {

bool is_sibling_verb(std::string_view verb);

// Becomes that program with the same arguments. Returns only to throw Failure: it is not there.
[[noreturn]] void become_sibling(char** argv);

}  // namespace vdsokit::tool
