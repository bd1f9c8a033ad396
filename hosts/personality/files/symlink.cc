// SPDX-License-Identifier: BSD-2-Clause
#include "hosts/personality/files/symlink.h"

#include "hosts/personality/pool.h"

namespace vdsokit::personality {

namespace {
constinit Pool<Symlink> symlinks;
}

Symlink* Symlink::of_archive(FileSystem& file_system, kit::Bytes text) {
    return symlinks.make(file_system, text, host::no_frame);
}

Symlink* Symlink::make(FileSystem& file_system, kit::Bytes text) {
    host::Frame const frame = host::allocate_frame();
    if (frame == host::no_frame) return nullptr;
    u8* const bytes = host::frame_bytes(frame);
    __builtin_memcpy(bytes, text.data(), text.size());
    Symlink* const link = symlinks.make(file_system, kit::Bytes(bytes, text.size()), frame);
    if (link == nullptr) host::release_frame(frame);
    return link;
}

void Symlink::destroy() {
    if (frame_ != host::no_frame) host::release_frame(frame_);
    symlinks.free(this);
}

}  // namespace vdsokit::personality
