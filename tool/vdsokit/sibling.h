// SPDX-License-Identifier: BSD-2-Clause
// The verbs that another program answers, because it is built for the CPU that runs it: `run` and
// `set`, by vdsokit-run beside this one.
#pragma once

#include <string_view>

namespace vdsokit::tool {

bool is_sibling_verb(std::string_view verb);

// Becomes that program with the same arguments. Returns only to throw Failure: it is not there.
[[noreturn]] void become_sibling(char** argv);

}  // namespace vdsokit::tool
