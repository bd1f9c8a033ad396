// SPDX-License-Identifier: BSD-2-Clause
#include "hosts/uexec/page_file.h"

#include <fcntl.h>
#include <sys/mman.h>

#include "hosts/uexec/pointer.h"

namespace vdsokit::uexec {

int protection_of(kit::Access access) {
    switch (access) {
    case kit::Access::none: return PROT_NONE;
    case kit::Access::read: return PROT_READ;
    case kit::Access::read_write: return PROT_READ | PROT_WRITE;
    case kit::Access::read_execute: return PROT_READ | PROT_EXEC;
    }
    return PROT_NONE;
}

Failure PageFile::create(u64 pages, u64 page_size) {
    pages_ = pages;
    page_size_ = page_size;
    file_ = on_linux::Descriptor(memfd_create("vdsokit-vdso", MFD_CLOEXEC | MFD_ALLOW_SEALING));
    if (!file_) return Failure::of_errno("memfd_create");
    auto const size = static_cast<std::size_t>(pages * page_size);
    if (ftruncate(file_.number(), static_cast<off_t>(size)) != 0)
        return Failure::of_errno("the image's memory");
    void* const view = mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_SHARED, file_.number(), 0);
    if (view == MAP_FAILED) return Failure::of_errno("the image's memory");
    view_ = static_cast<u8*>(view);
    return Failure::none();
}

Failure PageFile::seal() {
    int const seals = F_SEAL_FUTURE_WRITE | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL;
    if (fcntl(file_.number(), F_ADD_SEALS, seals) != 0)
        return Failure::of_errno("sealing the image");
    return Failure::none();
}

void PageFile::drop_view() {
    if (view_ != nullptr) munmap(view_, static_cast<std::size_t>(pages_ * page_size_));
    view_ = nullptr;
}

kit::Result<PageFile::Frame, kit::MapError> PageFile::allocate_frame() {
    if (next_ == pages_) return kit::MapError::out_of_memory;
    return next_++;
}

void PageFile::publish_code(Frame frame) {
    auto* const first = reinterpret_cast<char*>(frame_bytes(frame));
    __builtin___clear_cache(first, first + page_size_);
}

// Code is mapped privately, so that a debugger can set its breakpoints; the time page is shared,
// so that it cannot be written, whatever the program does.
kit::Result<kit::Nothing, kit::MapError> OwnSpace::map_shared(kit::VirtualAddress page, Frame frame,
                                                              kit::Access access) {
    int const sharing = access == kit::Access::read_execute ? MAP_PRIVATE : MAP_SHARED;
    void* const mapped = mmap(pointer_to(page.value), static_cast<std::size_t>(pages_.page_size()),
                              protection_of(access), sharing | MAP_FIXED, pages_.file(),
                              static_cast<off_t>(frame * pages_.page_size()));
    if (mapped == MAP_FAILED) return kit::MapError::out_of_memory;
    return kit::Nothing{};
}

void OwnSpace::unmap_shared(kit::VirtualAddress page) {
    munmap(pointer_to(page.value), static_cast<std::size_t>(pages_.page_size()));
}

}  // namespace vdsokit::uexec
