// SPDX-License-Identifier: BSD-2-Clause
#include "hosts/linux/tree_file.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>

namespace vdsokit::on_linux {

TreeFile::~TreeFile() {
    if (pages_ != nullptr) munmap(pages_, page_bytes_ * page_count_);
}

Failure TreeFile::create(kit::Bytes code, u64 page_bytes, u64 page_count) {
    code_bytes_ = code.size();
    page_bytes_ = page_bytes;
    page_count_ = page_count;
    file_ = Descriptor(memfd_create(tree_file_name, MFD_CLOEXEC | MFD_ALLOW_SEALING));
    if (!file_) return Failure::of_errno("memfd_create");
    struct stat status {};
    if (write(file_.number(), code.data(), code.size()) != static_cast<ssize_t>(code.size()) ||
        ftruncate(file_.number(), static_cast<off_t>(page_offset(page_count))) != 0 ||
        fstat(file_.number(), &status) != 0)
        return Failure::of_errno("writing the image");
    inode_ = status.st_ino;
    void* const mapped = mmap(nullptr, page_bytes * page_count, PROT_READ | PROT_WRITE, MAP_SHARED,
                              file_.number(), static_cast<off_t>(code_bytes_));
    if (mapped == MAP_FAILED) return Failure::of_errno("the time pages");
    pages_ = static_cast<u8*>(mapped);
    // Our own map, of the time pages alone, was made before this seal and stays writable; no other
    // can be.
    if (fcntl(file_.number(), F_ADD_SEALS,
              F_SEAL_FUTURE_WRITE | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL) != 0)
        return Failure::of_errno("sealing the image's file");
    return Failure::none();
}

abi::TimePage& TreeFile::page(u64 index) const {
    return *reinterpret_cast<abi::TimePage*>(pages_ + index * page_bytes_);
}

}  // namespace vdsokit::on_linux
