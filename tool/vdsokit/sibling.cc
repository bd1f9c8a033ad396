// SPDX-License-Identifier: BSD-2-Clause
#include "tool/vdsokit/sibling.h"

#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>

#include <fmt/format.h>

#include "tool/vdsokit/failure.h"

namespace vdsokit::tool {

namespace {

// Empty: the verb is no sibling's.
std::string sibling_of(std::string_view verb) {
    if (verb == "run" || verb == "set") return "vdsokit-run";
    if (verb == "bench") return "vdsokit-bench";
    return "";
}

}  // namespace

bool is_sibling_verb(std::string_view verb) { return !sibling_of(verb).empty(); }

void become_sibling(char** argv) {
    std::error_code error;
    auto const self = std::filesystem::read_symlink("/proc/self/exe", error);
    std::string const sibling = self.parent_path() / sibling_of(argv[1]);
    execv(sibling.c_str(), argv);
    throw Failure{status_usage, fmt::format("{}: {}; `{}` is not built on every CPU", sibling,
                                            std::strerror(errno), argv[1])};
}

}  // namespace vdsokit::tool
