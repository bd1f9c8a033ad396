// SPDX-License-Identifier: BSD-2-Clause
// The one file that every process of a tree has mapped: the image's code pages, then time pages.
// A memfd, sealed: we alone can write the time pages, nobody the code.
#pragma once

#include "abi/time_page.h"
#include "hosts/linux/descriptor.h"
#include "hosts/linux/failure.h"
#include "kit/core/bytes.h"

namespace vdsokit::on_linux {

// Part of what /proc/PID/maps says: "/memfd:vdsokit-vdso (deleted)".
inline constexpr char const* tree_file_name = "vdsokit-vdso";

class TreeFile {
public:
    TreeFile() = default;
    ~TreeFile();
    TreeFile(TreeFile const&) = delete;
    TreeFile& operator=(TreeFile const&) = delete;

    // `code` is whole pages. The time pages are zero.
    Failure create(kit::Bytes code, u64 page_bytes, u64 page_count);

    int file() const { return file_.number(); }
    u64 inode() const { return inode_; }
    u64 page_offset(u64 index) const { return code_bytes_ + index * page_bytes_; }
    abi::TimePage& page(u64 index) const;

private:
    Descriptor file_;
    u8* pages_ = nullptr;
    u64 code_bytes_ = 0;
    u64 page_bytes_ = 0;
    u64 page_count_ = 0;
    u64 inode_ = 0;
};

}  // namespace vdsokit::on_linux
