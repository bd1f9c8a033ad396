// SPDX-License-Identifier: BSD-2-Clause
#include "tool/launch/guest_tree.h"

#include <fmt/format.h>
#include <sys/stat.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <utility>

#include "tool/launch/cpio.h"
#include "tool/launch/failure.h"

namespace vdsokit::launch {

namespace filesystem = std::filesystem;

namespace {

// Visitor for the few alternatives of an entry.
template <class... Functions>
struct Overloaded : Functions... {
    using Functions::operator()...;
};
template <class... Functions>
Overloaded(Functions...) -> Overloaded<Functions...>;

}  // namespace

std::string normal_guest_path(std::string const& path) {
    std::string normal;
    for (filesystem::path const& part : filesystem::path(path)) {
        if (part == "/" || part == "." || part.empty()) continue;
        if (part == "..") {
            throw Failure{status_host_failure,
                          fmt::format("{}: a path in the guest may not go up by \"..\"; name the "
                                      "place by PATH=GUESTPATH",
                                      path)};
        }
        normal += '/' + part.string();
    }
    if (normal.empty()) {
        throw Failure{status_host_failure, fmt::format("\"{}\" names no file in the guest", path)};
    }
    return normal;
}

std::string read_host_file(std::string const& path) {
    std::ifstream file(path, std::ios::binary);
    std::string contents{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
    if (!file.is_open() || file.bad()) {
        throw Failure{status_host_failure, fmt::format("{}: {}", path, std::strerror(errno))};
    }
    if (contents.size() > CpioWriter::max_file_size) {
        throw Failure{status_host_failure, fmt::format("{}: over 4 GiB", path)};
    }
    return contents;
}

void GuestTree::add_parents(std::string const& path) {
    for (auto slash = path.find('/', 1); slash != std::string::npos;
         slash = path.find('/', slash + 1)) {
        entries_.try_emplace(path.substr(0, slash), Directory{});
    }
}

void GuestTree::add_directory(std::string const& path) {
    add_parents(path);
    entries_.insert_or_assign(path, Directory{});
}

void GuestTree::add_from_host(std::string const& path, std::string const& host_path) {
    struct stat status;
    if (::stat(host_path.c_str(), &status) != 0) {
        throw Failure{status_host_failure, fmt::format("{}: {}", host_path, std::strerror(errno))};
    }
    if (S_ISDIR(status.st_mode)) {
        add_directory(path);
        for (auto const& entry : filesystem::directory_iterator(host_path)) {
            add_from_host(path + '/' + entry.path().filename().string(), entry.path().string());
        }
        return;
    }
    if (!S_ISREG(status.st_mode)) {
        throw Failure{status_host_failure, fmt::format("{}: not a file or a folder", host_path)};
    }
    add_file(path, read_host_file(host_path), (status.st_mode & S_IXUSR) != 0);
}

void GuestTree::add_file(std::string const& path, std::string contents, bool executable) {
    add_parents(path);
    entries_.insert_or_assign(path, File{std::move(contents), executable});
}

void GuestTree::add_link(std::string const& path, std::string const& target) {
    add_parents(path);
    entries_.insert_or_assign(path, Link{target});
}

std::string GuestTree::find_by_name(std::string const& name) const {
    for (auto const& [path, entry] : entries_) {
        if (std::holds_alternative<File>(entry) && path.ends_with('/' + name)) return path;
    }
    return {};
}

std::string GuestTree::archive() const {
    CpioWriter writer;
    for (auto const& item : entries_) {
        std::string const& path = item.first;
        std::visit(
            Overloaded{
                [&](Directory const&) { writer.add_directory(path); },
                [&](File const& file) { writer.add_file(path, file.contents, file.executable); },
                [&](Link const& link) { writer.add_link(path, link.target); },
            },
            item.second);
    }
    return writer.take();
}

}  // namespace vdsokit::launch
