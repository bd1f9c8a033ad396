// SPDX-License-Identifier: BSD-2-Clause
// A process's memory: its regions and the page tables below them. The only way to a process's
// bytes. Pages come when they are first touched; after a fork they are shared until written.
// No page is ever writable and executable, and the vDSO's pages are never writable: what would make
// them so is refused with EACCES.
#pragma once

#include "hosts/personality/memory/code_pages.h"
#include "hosts/personality/memory/regions.h"
#include "hosts/personality/outcome.h"
#include "hosts/personality/seam.h"
#include "kit/core/result.h"

namespace vdsokit::personality {

class File;

enum class TouchResult : u8 {
    present,        // go on
    not_mapped,     // SIGSEGV, SEGV_MAPERR
    not_allowed,    // SIGSEGV, SEGV_ACCERR
    past_end,       // SIGBUS: a file mapping beyond the file's end
    out_of_memory,  // SIGKILL
};

template <class T>
using Attempt = kit::Result<T, Errno>;
using kit::Nothing;

enum class Placement : u8 { anywhere, fixed, fixed_if_free };

// What mmap is asked for, its numbers already checked for what they mean.
struct MapRequest {
    u64 address = 0;  // a wish, or where it must be
    u64 size = 0;     // in bytes, not 0
    Access access = Access::none;
    Placement placement = Placement::anywhere;
    bool is_shared = false;
    bool may_write = true;           // mprotect may make it writable
    bool may_exceed_memory = false;  // MAP_NORESERVE
    bool is_droppable = false;       // MAP_DROPPABLE; anonymous and private
    File* file = nullptr;            // nullptr: anonymous
    u64 offset = 0;                  // in the file; whole pages
    RegionName name = RegionName::none;
};

// Where exec put things, for /proc and for those who look for the stack.
struct ProgramPlaces {
    u64 stack_start = 0;
    u64 stack_end = 0;
    u64 arguments_start = 0;  // the strings of argv, then those of envp
    u64 arguments_end = 0;
    u64 environment_end = 0;
    u64 vdso = 0;  // 0: none
};

struct DropOrder;

class Memory : public Link<DropOrder> {
public:
    // An empty address space with one user. nullptr: out of memory.
    [[nodiscard]] static Memory* create();
    void retain() { users_ += 1; }  // clone(CLONE_VM)
    void release();                 // the last user destroys it
    // fork: the same regions, private pages copy-on-write. nullptr: out of memory.
    [[nodiscard]] Memory* fork();

    host::AddressSpace& space() { return space_; }
    Layout const& layout() const { return *layout_; }
    bool is_narrow() const { return layout_->word_size == 4; }

    // Makes the page at `address` usable for `touch`, as a page fault does.
    TouchResult touch(VirtualAddress address, Touch touch);

    // False: some byte is not mapped or not allowed (EFAULT). A partial copy may have happened.
    [[nodiscard]] bool copy_in(void* to, VirtualAddress from, u64 size);
    [[nodiscard]] bool copy_out(VirtualAddress to, void const* from, u64 size);
    [[nodiscard]] bool clear(VirtualAddress to, u64 size);
    template <class T>
    [[nodiscard]] bool load(T& to, VirtualAddress from) {
        return copy_in(&to, from, sizeof(T));
    }
    template <class T>
    [[nodiscard]] bool store(VirtualAddress to, T const& from) {
        return copy_out(to, &from, sizeof(T));
    }
    // Length of the string without its NUL, or a negative errno: fault, or nametoolong when there
    // is no NUL in the first `capacity` bytes.
    i64 copy_string_in(char* to, VirtualAddress from, u64 capacity);
    // The same without the copy: how many bytes precede the NUL, at most `limit`.
    i64 string_length(VirtualAddress from, u64 limit);

    // What futex waits on: the same word has the same key in every process that shares it.
    // False: not readable. A private word is told apart by this memory and its address.
    [[nodiscard]] bool word_key(VirtualAddress word, WaitKey& key);

    // mmap, munmap, mprotect, mremap, brk; addresses as the process gave them. Nothing changes on
    // an error, but for what a fixed mapping replaces when memory runs out.
    Attempt<VirtualAddress> map(MapRequest const& request);
    Attempt<Nothing> unmap(u64 start, u64 size);
    Attempt<Nothing> protect(u64 start, u64 size, Access access);
    struct RemapRequest {
        u64 old_start;
        u64 old_size;
        u64 new_size;
        bool may_move;
        bool is_fixed;
        u64 new_start;
    };
    Attempt<VirtualAddress> remap(RemapRequest const& request);
    u64 set_break(u64 end);
    // MADV_DONTNEED: the pages' contents are as if never touched.
    Attempt<Nothing> forget(u64 start, u64 size);
    // MADV_DONTFORK and the like.
    Attempt<Nothing> set_fork_rule(u64 start, u64 size, ForkRule rule);

    // One frame that somebody else keeps, mapped for good: the vDSO. Takes over no user.
    Attempt<Nothing> map_frame(u64 page, host::Frame frame, Access access, RegionName name);

    // Another frame in the place of the time page, wherever the process has moved that to. Nothing
    // where it has none. Takes over no user.
    void show_time_page(host::Frame frame);

    // Regions in order, for /proc/self/maps: the first that ends above `address`, nullptr at the
    // end. Valid until the memory changes.
    Region const* region_above(u64 address) { return regions_.first_above(address); }
    bool covers(u64 start, u64 size) { return regions_.covers(start, size); }
    // The page at `address` has a frame.
    bool is_resident(u64 address) const {
        return !(space_.lookup({kit::align_down(address, page_size)}).frame == host::no_frame);
    }

    // Where a mapping of whole pages would go: at the wish if that is free. 0: no room.
    u64 choose(u64 wish, u64 size);

    // A pointer or a long, as the process has it.
    [[nodiscard]] bool load_word(u64& to, VirtualAddress from);

    // Called by exec on a memory that nobody runs in yet.
    void set_layout(Layout const& layout) { layout_ = &layout; }
    void set_places(ProgramPlaces const& places) { places_ = places; }
    void set_mapping_top(u64 top) { mapping_top_ = top; }
    void set_heap(u64 start) { heap_start_ = heap_end_ = start; }
    ProgramPlaces const& places() const { return places_; }

    Memory() = default;

private:
    TouchResult bring(Region const& region, u64 page, Touch touch);
    TouchResult make_writable(Region const& region, u64 page, host::Frame frame);
    TouchResult map_own(u64 page, host::Frame frame, Access access, CodeSource source);
    bool fork_region(Region const& region, Memory& child);
    void drop_pages(u64 start, u64 end);
    static host::Frame new_frame();
    static bool drop_droppable();
    void note_droppable();
    void protect_pages(Region const& region);
    bool own_code_pages(Region const& region, u64 start, u64 end);
    bool breaks_fixed(u64 start, u64 end);
    bool is_gap_free(u64 start, u64 size);
    // What the process may map, move or take away.
    bool is_own_range(u64 start, u64 size) const {
        return size <= layout_->end && start <= layout_->end - size;
    }
    Attempt<VirtualAddress> move(RemapRequest const& request, u64 new_start);
    bool grow_in_place(RemapRequest const& request);

    host::AddressSpace space_;
    Regions regions_;
    Layout const* layout_ = &wide_layout;
    u64 users_ = 1;
    u64 mapping_top_ = process_end - stack_size;
    u64 heap_start_ = 0;
    u64 heap_end_ = 0;
    ProgramPlaces places_;
};

}  // namespace vdsokit::personality
