// SPDX-License-Identifier: BSD-2-Clause
// Makes cpio archives for tests: right ones, and by their fields wrong ones.
#pragma once

#include <cstdio>
#include <string>

#include "kit/core/bytes.h"

namespace vdsokit::personality {

class ArchiveBuilder {
public:
    struct Member {
        std::string name;
        unsigned mode = 0100644;
        std::string contents = {};
        unsigned inode = 0;  // 0: one of its own
        unsigned links = 1;
        unsigned major = 0;  // of a device that it is
        unsigned minor = 0;
        char const* magic = "070701";
        unsigned checksum = 0;
    };

    ArchiveBuilder& add(Member const& member) {
        char header[111];
        std::snprintf(header, sizeof(header),
                      "%s%08x%08x%08x%08x%08x%08x%08zx%08x%08x%08x%08x%08zx%08x", member.magic,
                      member.inode != 0 ? member.inode : next_inode_++, member.mode, 1u, 2u,
                      member.links, 1'000'000u, member.contents.size(), 0u, 0u, member.major,
                      member.minor, member.name.size() + 1, member.checksum);
        bytes_ += header;
        bytes_ += member.name + '\0';
        pad();
        bytes_ += member.contents;
        pad();
        return *this;
    }
    ArchiveBuilder& add_trailer() { return add({.name = "TRAILER!!!", .mode = 0, .inode = 1}); }
    ArchiveBuilder& add_bytes(std::string const& bytes) {
        bytes_ += bytes;
        return *this;
    }

    std::string& bytes() { return bytes_; }
    kit::Bytes view() const { return {reinterpret_cast<u8 const*>(bytes_.data()), bytes_.size()}; }

private:
    void pad() {
        while (bytes_.size() % 4 != 0) bytes_ += '\0';
    }

    std::string bytes_;
    unsigned next_inode_ = 1000;
};

}  // namespace vdsokit::personality
