// SPDX-License-Identifier: BSD-2-Clause
// A machine for tests of page tables: frames, and a walker that at every barrier walks the tables
// of TTBR0 for each watched page and keeps whatever it found until it is told to forget. It notes
// each breach of the architecture's rules.
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "arch/types.h"
#include "hosts/virt/memory/frames.h"

namespace vdsokit::test {

class Machine {
public:
    static constexpr u32 frame_limit = 4096;

    bool wide_asids = false;
    std::vector<u64> watched;  // addresses that the walker walks
    std::vector<std::string> breaches;
    u64 forgotten_all = 0;  // how often the whole TLB was emptied
    u64 forgotten_pages = 0;
    u64 allocations_left = ~u64{0};  // after that many, memory is out

    // Walks now, as the processor may at any time.
    void speculate();
    // Notes whatever the TLB still knows of TTBR0's ASID that the tables no longer say.
    void check_entered();
    u32 frames_used() const;

    // What el1.h and the seam's frames come to.
    void write_process_table(u64 value) {
        process_table_ = value;
        speculate();
    }
    void forget_page(u64 operand);
    void forget_asid(u64 operand);
    void forget_all();
    host::Frame allocate();
    u32& users(host::Frame frame);
    u8* bytes(host::Frame frame);

private:
    using Key = std::pair<u64, u64>;  // ASID; page, or table's reach and level
    u64 asid() const { return process_table_ >> 48; }
    u64 leaf(u64 address, bool remembers);

    u64 process_table_ = 0;
    std::map<Key, u64> pages_;   // -> last-level entry
    std::map<Key, u64> tables_;  // -> table's physical address
    std::map<u32, virt::PageTable> memory_;
    std::map<u32, u32> users_;
};

// The one that the code under test runs on; each test begins with a new one.
extern Machine machine;

}  // namespace vdsokit::test
