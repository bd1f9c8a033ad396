// SPDX-License-Identifier: BSD-2-Clause
// Writes the image: the linked file's one segment, with what the linker put behind it (section
// headers) moved into the free end of the code pages, and what it wrote differently put right
// (symbols, hash table, note). Where the code pages have no room for the headers of all sections,
// those are left out that every reader finds by program header, dynamic entry or note. Same input,
// same bytes.
#pragma once

#include <vector>

#include "tool/pack/linked_image.h"

namespace vdsokit::pack {

class Packer {
public:
    // `image` has passed check_linked(); both outlive the packer.
    Packer(LinkedImage const& image, std::vector<u32> const& traps, u64 page_size);

    // On success bytes() is the image file.
    Check pack();
    std::vector<u8> const& bytes() const { return bytes_; }

private:
    Check pack_symbols();
    Check pack_hash();
    Check pack_gnu_hash();
    Check pack_dynamic();
    Check pack_note();
    Check pack_sections();

    // The kept section of that name, for changing its header.
    Section* kept(std::string_view name);
    void clear(u64 offset, u64 end);
    template <class T>
    void put(u64 offset, T const& value);

    LinkedImage const& image_;
    std::vector<u32> const& traps_;
    u64 page_size_;
    u64 symbol_count_ = 0;
    std::vector<u8> bytes_;
    std::vector<Section> kept_;   // in the order of the linked file
    std::vector<u16> new_index_;  // by index in the linked file; 0: it has no header
};

}  // namespace vdsokit::pack
