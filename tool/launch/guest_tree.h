// SPDX-License-Identifier: BSD-2-Clause
// The files that the guest will find, by their absolute paths in the guest; then one archive of
// them. Adding a path again replaces what was there. Every function throws Failure.
#pragma once

#include <map>
#include <string>
#include <variant>

namespace vdsokit::launch {

// The path in the guest as its own name: absolute, no empty, "." or ".." part. Relative paths are
// taken from the root, since that is where programs start. Throws Failure for one with "..".
std::string normal_guest_path(std::string const& path);

std::string read_host_file(std::string const& path);

class GuestTree {
public:
    void add_directory(std::string const& path);
    // `host_path` is a file or a folder with all below it; links in it are followed.
    void add_from_host(std::string const& path, std::string const& host_path);
    void add_file(std::string const& path, std::string contents, bool executable = false);
    void add_link(std::string const& path, std::string const& target);

    bool contains(std::string const& path) const { return entries_.contains(path); }
    // The path of an entry whose last part is `name`, or an empty string.
    std::string find_by_name(std::string const& name) const;

    // cpio, "newc".
    std::string archive() const;

private:
    struct Directory {};
    struct File {
        std::string contents;
        bool executable;
    };
    struct Link {
        std::string target;
    };

    void add_parents(std::string const& path);

    // Sorted by path: a directory stands before what it holds.
    std::map<std::string, std::variant<Directory, File, Link>> entries_;
};

}  // namespace vdsokit::launch
