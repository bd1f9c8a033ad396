// SPDX-License-Identifier: BSD-2-Clause
// The one file that every process of a tree has mapped: the image's code pages, then time pages, each
// with a chain page behind it. A memfd, sealed: we alone can write behind the code, nobody the code.
#pragma once

#include "abi/chain_page.h"
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

    struct Shape {
        u64 page_bytes;   // of a time page
        u64 chain_bytes;  // of a chain page: what the CPU maps
        u64 page_count;   // of each
    };
    // `code` is whole pages. The time pages are zero, the chain pages all say `chain`.
    Failure create(kit::Bytes code, Shape shape, abi::ChainPage const& chain);

    int file() const { return file_.number(); }
    u64 inode() const { return inode_; }
    // Of a time page.
    u64 page_offset(u64 index) const { return code_bytes_ + index * stride(); }
    abi::TimePage& page(u64 index) const;

private:
    u64 stride() const { return shape_.page_bytes + shape_.chain_bytes; }

    Descriptor file_;
    u8* pages_ = nullptr;
    u64 code_bytes_ = 0;
    Shape shape_{};
    u64 inode_ = 0;
};

}  // namespace vdsokit::on_linux
