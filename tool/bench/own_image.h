// SPDX-License-Identifier: BSD-2-Clause
// Our image in this process, as a host maps it: the kit preloads it into frames of a file in memory
// and maps those at a base that the kernel had free, code R-X, time page R--. Behind it lies the
// chain page. The one writable view of the time page is the publisher's.
#pragma once

#include "abi/time_page.h"
#include "kit/image/image.h"
#include "kit/image/mapping.h"
#include "kit/random/random_publisher.h"
#include "tool/bench/vdso_functions.h"

namespace vdsokit::bench {

// Page frames are pages of one memfd.
class MemoryFile {
public:
    struct Frame {
        u64 index;
    };

    explicit MemoryFile(u64 frame_size);
    ~MemoryFile();
    MemoryFile(MemoryFile const&) = delete;
    MemoryFile& operator=(MemoryFile const&) = delete;

    kit::Result<Frame, kit::MapError> allocate_frame();
    u8* frame_bytes(Frame frame) { return view_ + frame.index * frame_size_; }
    void release_frame(Frame) {}
    void publish_code(Frame frame);
    // No writable view of it is left.
    void seal(Frame frame);

    // The same process is also the address space.
    kit::Result<kit::Nothing, kit::MapError> map_shared(kit::VirtualAddress page, Frame frame,
                                                        kit::Access access);
    void unmap_shared(kit::VirtualAddress page);

private:
    static constexpr u64 frames_max = 64;

    u64 frame_size_;
    u64 count_ = 0;
    int file_ = -1;
    u8* view_ = nullptr;
};

class OwnImage {
public:
    // Copies `file`. Throws Failure: the kit refuses the image, or there is no memory.
    OwnImage(kit::Bytes file, std::string const& name, VdsoFunctions const& kernel);

    std::string const& name() const { return name_; }
    abi::TimePage& page() const { return *page_; }
    VdsoFunctions const& functions() const { return *functions_; }

private:
    void chain_to(VdsoFunctions const& kernel, u64 at, u64 page_size);
    void promise_as(VdsoFunctions const& kernel);

    std::string name_;
    MemoryFile memory_;
    abi::TimePage* page_ = nullptr;
    kit::RandomPublisher random_;
    std::optional<VdsoFunctions> functions_;
};

}  // namespace vdsokit::bench
