// SPDX-License-Identifier: BSD-2-Clause
// Objects of one type carved from host frames: a pool grows by a frame when it is full and gives
// each empty frame back, so nothing has a maximum but memory. Being out of memory is an ordinary
// answer. Pools are globals: `constinit Pool<Thing> things;`.
#pragma once

#include <new>
#include <utility>

#include "hosts/personality/list.h"
#include "hosts/personality/seam.h"

namespace vdsokit::personality {

inline constexpr u64 frame_size = 4096;

template <class T>
class Pool {
public:
    // nullptr: out of memory.
    template <class... Arguments>
    [[nodiscard]] T* make(Arguments&&... arguments) {
        Page* page = partial_.front();
        if (page == nullptr) page = add_page();
        if (page == nullptr) return nullptr;
        Spare* const spare = page->spare;
        page->spare = spare->next;
        page->used += 1;
        if (page->spare == nullptr) page->unlink();
        return new (static_cast<void*>(spare)) T(std::forward<Arguments>(arguments)...);
    }

    // `object` came from this pool's make().
    void free(T* object) {
        object->~T();
        Page* const page = reinterpret_cast<Page*>(
            kit::align_down(reinterpret_cast<std::uintptr_t>(object), frame_size));
        if (page->used == 0) __builtin_trap();
        page->spare = new (static_cast<void*>(object)) Spare{page->spare};
        page->used -= 1;
        if (!page->is_linked()) partial_.push_front(*page);
        if (page->used == 0) remove_page(*page);
    }

private:
    struct Partial;
    struct Spare {
        Spare* next;
    };
    // At the start of each frame; the objects follow.
    struct Page : Link<Partial> {
        host::Frame frame;
        u32 used = 0;
        Spare* spare = nullptr;
    };

    static constexpr u64 alignment = alignof(T) < alignof(Spare) ? alignof(Spare) : alignof(T);
    static constexpr u64 stride =
        kit::align_up(sizeof(T) < sizeof(Spare) ? sizeof(Spare) : sizeof(T), alignment);
    static constexpr u64 first = kit::align_up(sizeof(Page), alignment);
    static_assert(first + stride <= frame_size, "an object fits a frame with its header");

    Page* add_page() {
        host::Frame const frame = host::allocate_frame();
        if (frame == host::no_frame) return nullptr;
        u8* const bytes = host::frame_bytes(frame);
        Page* const page = new (static_cast<void*>(bytes)) Page;
        page->frame = frame;
        for (u64 at = first; at + stride <= frame_size; at += stride)
            page->spare = new (static_cast<void*>(bytes + at)) Spare{page->spare};
        partial_.push_front(*page);
        return page;
    }

    void remove_page(Page& page) {
        page.unlink();
        host::Frame const frame = page.frame;
        page.~Page();
        host::release_frame(frame);
    }

    List<Page, Partial> partial_;  // frames with room
};

}  // namespace vdsokit::personality
