// SPDX-License-Identifier: BSD-2-Clause
// An image that may be loaded: what a host gets from untrusted bytes once every rule of
// image_rules.h holds, and the only way to a Preload.
#pragma once

#include "kit/image/image_rules.h"

namespace vdsokit::kit {

// Which rule refused the image, and where in the file.
struct ImageFault {
    ImageRule const* rule;
    FileOffset at;
};

// An address in an image, as a distance from its first byte: add the base of a mapping.
struct ImageOffset {
    u64 value;
    friend constexpr bool operator==(ImageOffset, ImageOffset) = default;
};

class Image {
public:
    Bytes file() const { return view_.elf.file(); }

    u64 page_size() const { return header_.page_size; }
    // The code pages, then one time page: this many bytes of address space, and of file.
    u64 size() const { return u64{header_.time_page_offset} + header_.page_size; }
    u64 code_size() const { return header_.time_page_offset; }
    u64 code_pages() const { return code_size() / page_size(); }
    ImageOffset time_page() const { return {header_.time_page_offset}; }

    // The instructions that enter the kernel, ascending.
    u64 trap_count() const { return header_.trap_count; }
    ImageOffset trap_site(u64 index) const { return {view_.note.value().trap(index)}; }
    // Bytes of each of them.
    u32 trap_size() const { return view_.facts->trap.size; }

    // An exported function, by name and version. Absent: no such export.
    Maybe<ImageOffset> find(Text name, Text version) const;
    // Where a signal handler returns to that brought no restorer. Absent: no libc needs it here.
    Maybe<ImageOffset> sigreturn() const;

private:
    friend Result<Image, ImageFault> open_image(Bytes file, ImageMachine machine);
    explicit Image(ImageView const& view) : view_(view), header_(view.note.value().header()) {}

    ImageView view_;
    abi::NoteHeader header_;
};

// For a host, before it loads anything: the first rule that does not hold refuses the image.
// The bytes outlive the Image and do not change meanwhile. A host that runs programs of another
// machine too names that for their image.
[[nodiscard]] Result<Image, ImageFault> open_image(Bytes file, ImageMachine machine = host_machine);

}  // namespace vdsokit::kit
