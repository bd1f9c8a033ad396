// SPDX-License-Identifier: BSD-2-Clause
#include "tool/vdsokit/sibling.h"

#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>

#include <fmt/format.h>

#include "tool/vdsokit/failure.h"

namespace vdsokit::tool {

bool is_sibling_verb(std::string_view verb) { return verb == "run" || verb == "set"; }

void become_sibling(char** argv) {
    std::error_code error;
    auto const self = std::filesystem::read_symlink("/proc/self/exe", error);
    std::string const sibling = self.parent_path() / "vdsokit-run";
    execv(sibling.c_str(), argv);
    throw Failure{status_usage, fmt::format("{}: {}; `{}` is built for x86_64 alone", sibling,
                                            std::strerror(errno), argv[1])};
}

}  // namespace vdsokit::tool
