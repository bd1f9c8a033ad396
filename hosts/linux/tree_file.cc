// SPDX-License-Identifier: BSD-2-Clause
#include "hosts/linux/tree_file.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include <cstring>

namespace vdsokit::on_linux {

TreeFile::~TreeFile() {
    if (pages_ != nullptr) munmap(pages_, shape_.page_count * stride());
}

Failure TreeFile::create(kit::Bytes code, Shape shape, abi::ChainPage const& chain) {
    code_bytes_ = code.size();
    shape_ = shape;
    file_ = Descriptor(memfd_create(tree_file_name, MFD_CLOEXEC | MFD_ALLOW_SEALING));
    if (!file_) return Failure::of_errno("memfd_create");
    struct stat status {};
    if (write(file_.number(), code.data(), code.size()) != static_cast<ssize_t>(code.size()) ||
        ftruncate(file_.number(), static_cast<off_t>(page_offset(shape.page_count))) != 0 ||
        fstat(file_.number(), &status) != 0)
        return Failure::of_errno("writing the image");
    inode_ = status.st_ino;
    void* const mapped = mmap(nullptr, shape.page_count * stride(), PROT_READ | PROT_WRITE,
                              MAP_SHARED, file_.number(), static_cast<off_t>(code_bytes_));
    if (mapped == MAP_FAILED) return Failure::of_errno("the time pages");
    pages_ = static_cast<u8*>(mapped);
    for (u64 index = 0; index < shape.page_count; ++index)
        std::memcpy(pages_ + index * stride() + shape.page_bytes, &chain, sizeof chain);
    // Our own map, of what lies behind the code alone, was made before this seal and stays writable; no other
    // can be.
    if (fcntl(file_.number(), F_ADD_SEALS,
              F_SEAL_FUTURE_WRITE | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL) != 0)
        return Failure::of_errno("sealing the image's file");
    return Failure::none();
}

abi::TimePage& TreeFile::page(u64 index) const {
    return *reinterpret_cast<abi::TimePage*>(pages_ + index * stride());
}

}  // namespace vdsokit::on_linux
