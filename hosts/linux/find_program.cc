// SPDX-License-Identifier: BSD-2-Clause
#include "hosts/linux/find_program.h"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>

namespace vdsokit::on_linux {

namespace {

FoundProgram judge(std::string const& path) {
    struct stat status {};
    if (stat(path.c_str(), &status) != 0) {
        bool const missing = errno == ENOENT || errno == ENOTDIR;
        return {path, missing ? status_not_found : status_not_executable,
                path + ": " + std::strerror(errno)};
    }
    if (S_ISDIR(status.st_mode)) return {path, status_not_executable, path + ": is a directory"};
    if (access(path.c_str(), X_OK) != 0)
        return {path, status_not_executable, path + ": " + std::strerror(errno)};
    return {path, 0, {}};
}

}  // namespace

FoundProgram find_program(std::string const& name) {
    if (name.find('/') != std::string::npos) return judge(name);
    FoundProgram nowhere{{}, status_not_found, name + ": not found in PATH"};
    if (name.empty()) return nowhere;
    char const* const variable = std::getenv("PATH");
    std::string const path = variable != nullptr ? variable : "/usr/local/bin:/usr/bin:/bin";
    FoundProgram best = nowhere;
    for (std::size_t begin = 0; begin <= path.size();) {
        std::size_t const end = std::min(path.find(':', begin), path.size());
        std::string const directory = path.substr(begin, end - begin);
        FoundProgram found = judge((directory.empty() ? "." : directory) + "/" + name);
        if (found.status == 0) return found;
        if (found.status == status_not_executable && best.status == status_not_found) best = found;
        begin = end + 1;
    }
    return best;
}

}  // namespace vdsokit::on_linux
