// SPDX-License-Identifier: BSD-2-Clause
// A folder for one test, removed with all in it.
#pragma once

#include <stdlib.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <string>

namespace vdsokit::launch {

class TemporaryFolder {
public:
    TemporaryFolder() {
        std::string pattern = std::filesystem::temp_directory_path() / "launch-test-XXXXXX";
        path_ = ::mkdtemp(pattern.data());
    }
    ~TemporaryFolder() { std::filesystem::remove_all(path_); }
    TemporaryFolder(TemporaryFolder const&) = delete;
    TemporaryFolder& operator=(TemporaryFolder const&) = delete;

    std::filesystem::path const& path() const { return path_; }
    // The path of a new file in it.
    std::string add(std::string const& name, std::string const& contents, mode_t mode = 0644) {
        std::filesystem::path const file = path_ / name;
        std::filesystem::create_directories(file.parent_path());
        std::ofstream(file, std::ios::binary) << contents;
        ::chmod(file.c_str(), mode);
        return file.string();
    }

private:
    std::filesystem::path path_;
};

}  // namespace vdsokit::launch
