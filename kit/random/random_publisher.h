// SPDX-License-Identifier: BSD-2-Clause
// What getrandom in processes knows of the host's generator: the only writer of the time page's
// random line (abi/random_line.h). The host owns the generator and its system call; this says when
// a key that the call gave before is out of date, and what the host promises of the mappings in
// which programs keep such keys. Not thread-safe: under the lock of the Timekeeper.
#pragma once

#include "abi/time_page.h"
#include "kit/core/result.h"

namespace vdsokit::kit {

// How a program is to map its states; the numbers are those of its own mmap call. The host vouches
// that such a mapping is never written to a disk, is all zero in the child of a fork, and is
// otherwise kept whole or dropped to zero page by page. Linux: PROT_READ | PROT_WRITE and
// MAP_DROPPABLE | MAP_ANONYMOUS.
struct RandomPromise {
    u32 map_protection = 1 | 2;
    u32 map_flags = 0x08 | 0x20;
    u32 page_size = 4096;  // of such a mapping: a power of two
};

enum class RandomError : u8 {
    page_size_out_of_range,  // no power of two, or shorter than a state
    no_page,                 // attach() first
};

class RandomPublisher {
public:
    // One page more: of a time namespace. Stays at one address from add() to remove().
    struct Page {
        abi::TimePage* page = nullptr;
        Page* next = nullptr;
    };

    // The page that is kept from now on; it outlives this object or its next attach(). A page that
    // was attached before says "make the system call".
    void attach(abi::TimePage& page);

    // Says the same as the first page from now on; remove() says "make the system call".
    void add(Page& entry, abi::TimePage& page);
    void remove(Page& entry);

    // From now on programs may generate, as soon as the generator is seeded. A host whose processes
    // may not use vector registers does not call it: without it the probe fails.
    Result<Nothing, RandomError> publish(RandomPromise const& promise);
    void withdraw();

    // The generator was seeded, for the first time or again, and the system call gives bytes of the
    // new seed from before this call on. Also without a page.
    void reseeded();
    // 0: not seeded yet.
    u64 generation() const { return generation_; }

private:
    void store();
    void store(abi::RandomLine& line);

    Page own_;  // the head of the list; its page may be missing
    RandomPromise promise_{};
    u64 generation_ = 0;
    bool is_published_ = false;
};

}  // namespace vdsokit::kit
