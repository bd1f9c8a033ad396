// SPDX-License-Identifier: BSD-2-Clause
// Bytes of the host that look like memory of a 32-bit process while one of its calls is answered:
// the structures of the generic call, where no pointer of such a process can reach. Memory's copies
// find them here. One event at a time, so there is one window.
#pragma once

#include "hosts/personality/seam.h"

namespace vdsokit::personality {

class Window {
public:
    // Beyond every address of a process. Closed, it faults like all there.
    static constexpr u64 base = process_end;
    // An iovec array of 1024, and a structure for each other argument.
    static constexpr u64 capacity = 16 * 1024 + 2048;

    void open() {
        slot_count_ = 0;
        used_ = 0;
    }
    void close() { slot_count_ = 0; }

    // Zeroed room for a structure, at most one an argument. 0: it does not fit.
    [[nodiscard]] u64 place(u64 size);
    u8* bytes(u64 address) { return bytes_ + (address - base); }
    // The call has stored something there.
    bool was_written(u64 address) const;

    // For Memory: where these bytes are, if they all lie in one structure. nullptr: a fault.
    u8* find(u64 start, u64 size, bool writes);

private:
    struct Slot {
        u64 start;
        u64 size;
        bool written;
    };
    static constexpr u32 most_slots = 6;

    Slot slots_[most_slots] = {};
    u32 slot_count_ = 0;
    u64 used_ = 0;
    alignas(16) u8 bytes_[capacity] = {};
};

extern constinit Window window;

}  // namespace vdsokit::personality
