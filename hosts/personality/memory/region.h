// SPDX-License-Identifier: BSD-2-Clause
// A run of pages of a process with one origin and one access. Regions come from a pool and lie on
// their Memory's list; each holds one user of its file or shared pages.
#pragma once

#include "hosts/personality/list.h"
#include "hosts/personality/memory/layout.h"

namespace vdsokit::personality {

class File;
class SharedPages;

enum class Touch : u8 { read, write, execute };

constexpr bool allows(Access access, Touch touch) {
    switch (access) {
    case Access::none: return false;
    case Access::read: return touch == Touch::read;
    case Access::read_write: return touch != Touch::execute;
    case Access::read_execute: return touch != Touch::write;
    }
    return false;
}

// Where a page comes from when it is first touched.
enum class Backing : u8 {
    zero,    // a zeroed frame of the process's own
    file,    // the page cache
    shared,  // SharedPages: anonymous memory that outlives a fork uncopied
    fixed,   // mapped whole when the region was made (the vDSO); never comes again
};

enum class RegionName : u8 { none, heap, stack, vdso, vvar, signal_page, helper_page };

// MADV_DOFORK, MADV_WIPEONFORK, MADV_DONTFORK
enum class ForkRule : u8 { copy, wipe, omit };

struct RegionFacts {
    u64 start = 0;
    u64 end = 0;
    Access access = Access::none;
    Backing backing = Backing::zero;
    RegionName name = RegionName::none;
    ForkRule on_fork = ForkRule::copy;
    bool is_shared = false;     // writes are seen by all who map it; never copied on write
    bool may_write = true;      // mprotect may make it writable
    bool may_execute = true;    // mprotect may make it executable
    bool is_droppable = false;  // MAP_DROPPABLE: no page of it outlives a shortage or a fork
    File* file = nullptr;
    SharedPages* pages = nullptr;
    u64 offset = 0;  // of `start` in the file or the shared pages, in bytes

    u64 size() const { return end - start; }
    bool holds(u64 address) const { return address >= start && address < end; }
    u64 offset_of(u64 address) const { return offset + (address - start); }
    // `next` begins where this ends and nothing tells them apart.
    bool continues_in(RegionFacts const& next) const;
};

struct RegionOrder;
struct Region : Link<RegionOrder>, RegionFacts {
    explicit Region(RegionFacts const& facts) : RegionFacts(facts) {}
};

// Takes one more user of the file or the shared pages. nullptr: out of memory.
[[nodiscard]] Region* make_region(RegionFacts const& facts);
// The region is on no list any more.
void drop_region(Region* region);

}  // namespace vdsokit::personality
