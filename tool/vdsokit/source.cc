// SPDX-License-Identifier: BSD-2-Clause
#include "tool/vdsokit/source.h"

#include <fcntl.h>
#include <sys/auxv.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>

#include <fmt/format.h>

#include "tool/vdsokit/failure.h"

namespace vdsokit::tool {
namespace {

// A hundred times the largest image that there is; /dev/zero and disk images end here.
constexpr off_t file_size_max = 16 * 1024 * 1024;

constexpr mode_t image_mode = 0644;

class Descriptor {
public:
    explicit Descriptor(int number) : number_(number) {}
    Descriptor(Descriptor const&) = delete;
    Descriptor& operator=(Descriptor const&) = delete;
    ~Descriptor() {
        if (number_ >= 0) ::close(number_);
    }
    int number() const { return number_; }
    bool is_open() const { return number_ >= 0; }

private:
    int number_;
};

[[noreturn]] void fail(std::string const& name, char const* what) {
    throw Failure{status_usage, fmt::format("{}: {}: {}", name, what, std::strerror(errno))};
}

// Fewer bytes than asked for only at the end of what there is.
u64 read_at(int descriptor, u8* to, u64 size, u64 from, std::string const& name) {
    u64 done = 0;
    while (done < size) {
        ssize_t const got =
            ::pread(descriptor, to + done, size - done, static_cast<off_t>(from + done));
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) fail(name, "cannot be read");
        if (got == 0) break;
        done += static_cast<u64>(got);
    }
    return done;
}

// The end of the mapping that holds `address`; 0 if the kernel lists none.
u64 mapping_end(u64 address) {
    std::ifstream maps("/proc/self/maps");
    std::string line;
    while (std::getline(maps, line)) {
        unsigned long long first = 0;
        unsigned long long end = 0;
        if (std::sscanf(line.c_str(), "%llx-%llx", &first, &end) == 2 && first <= address &&
            address < end)
            return end;
    }
    return 0;
}

void write_all(int descriptor, std::vector<u8> const& content, std::string const& path) {
    u64 done = 0;
    while (done < content.size()) {
        ssize_t const put = ::write(descriptor, content.data() + done, content.size() - done);
        if (put < 0 && errno == EINTR) continue;
        if (put < 0) fail(path, "cannot be written");
        done += static_cast<u64>(put);
    }
    if (::fsync(descriptor) != 0 && errno != EINVAL) fail(path, "cannot be written");
}

}  // namespace

Source read_file(std::string const& path) {
    // Without O_NONBLOCK a named pipe would hold the tool until somebody writes to it.
    Descriptor const file{::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)};
    if (!file.is_open()) fail(path, "cannot be opened");
    struct stat status {};
    if (::fstat(file.number(), &status) != 0) fail(path, "cannot be read");
    if (!S_ISREG(status.st_mode))
        throw Failure{status_usage, path + ": not a regular file; give the image as a file"};
    if (status.st_size > file_size_max)
        throw Failure{status_usage, path + ": larger than 16 MiB, so this is no vDSO"};
    Source source{path, std::vector<u8>(static_cast<u64>(status.st_size))};
    source.content.resize(
        read_at(file.number(), source.content.data(), source.content.size(), 0, path));
    return source;
}

Source read_live() {
    u64 const base = ::getauxval(AT_SYSINFO_EHDR);
    if (base == 0)
        throw Failure{status_usage,
                      "live: this kernel gave the process no vDSO (no "
                      "AT_SYSINFO_EHDR); give the image as a file"};
    u64 const end = mapping_end(base);
    if (end == 0)
        throw Failure{status_usage,
                      "live: /proc/self/maps does not list the vDSO; give the image "
                      "as a file"};
    if (end - base > static_cast<u64>(file_size_max))
        throw Failure{status_usage, "live: what is mapped there is larger than 16 MiB"};
    // Not through the pointer: a page without content would be a SIGBUS.
    Descriptor const memory{::open("/proc/self/mem", O_RDONLY | O_CLOEXEC)};
    if (!memory.is_open()) fail("live", "/proc/self/mem cannot be opened");
    Source source{"live", std::vector<u8>(end - base)};
    source.content.resize(
        read_at(memory.number(), source.content.data(), source.content.size(), base, "live"));
    return source;
}

void write_file(std::string const& path, std::vector<u8> const& content) {
    // The rename would put a file in the place of a device.
    struct stat status {};
    if (::lstat(path.c_str(), &status) == 0 && !S_ISREG(status.st_mode) && !S_ISLNK(status.st_mode))
        throw Failure{status_usage, path + ": exists and is not a regular file; name another"};
    std::string part = path + ".XXXXXX";
    Descriptor const file{::mkostemp(part.data(), O_CLOEXEC)};
    if (!file.is_open()) fail(path, "cannot be written");
    try {
        write_all(file.number(), content, path);
        if (::fchmod(file.number(), image_mode) != 0) fail(path, "cannot be written");
        if (::rename(part.c_str(), path.c_str()) != 0) fail(path, "cannot be replaced");
    } catch (...) {
        ::unlink(part.c_str());
        throw;
    }
}

}  // namespace vdsokit::tool
