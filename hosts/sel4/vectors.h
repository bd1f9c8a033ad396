// SPDX-License-Identifier: BSD-2-Clause
// The vector registers of a stopped thread. The kernel shows them to nobody, so the thread itself
// stores or loads them: for a moment it runs code of ours in its own space, at two pages that no
// process can use and that are mapped for that moment alone.
#pragma once

#include "hosts/personality/host_types.h"
#include "hosts/sel4/objects/mappings.h"

namespace vdsokit::sel4 {

class VectorWindow {
public:
    explicit VectorWindow(SpaceCap space);
    ~VectorWindow();
    VectorWindow(VectorWindow const&) = delete;
    VectorWindow& operator=(VectorWindow const&) = delete;

    static u64 save_entry();
    static u64 restore_entry();
    void read(host::Registers& registers) const;
    void write(host::Registers const& registers) const;
};

// Makes the two frames; false: no memory.
[[nodiscard]] bool start_vectors();

}  // namespace vdsokit::sel4
