// SPDX-License-Identifier: BSD-2-Clause
// Addresses, access rights and the seam between kit and a host's memory: what a host owes so that
// the kit can preload an image and map it.
#pragma once

#include <concepts>

#include "arch/types.h"
#include "kit/core/result.h"

namespace vdsokit::kit {

// An address in a process. Not a pointer: the kit never follows it.
struct VirtualAddress {
    u64 value;
    friend constexpr auto operator<=>(VirtualAddress, VirtualAddress) = default;
};

// There is no "write and execute": no page is ever both.
enum class Access : u8 { none, read, read_write, read_execute };

constexpr u64 align_down(u64 value, u64 alignment) { return value & ~(alignment - 1); }
// The caller has checked that value + alignment - 1 does not wrap.
constexpr u64 align_up(u64 value, u64 alignment) {
    return align_down(value + alignment - 1, alignment);
}

enum class MapError : u8 {
    out_of_memory,  // a page table or a slot could not be had
    in_use,         // something is mapped there
    out_of_range,   // not an address of a process
};

// Where page frames come from. `Frame` is a handle: copying it copies no memory.
template <class T>
concept FrameSource = requires(T source, typename T::Frame frame) {
    // One zeroed frame of page_size bytes, owned by the caller. False in `ok`: none is left.
    { source.allocate_frame() } -> std::same_as<Result<typename T::Frame, MapError>>;
    // The host's own read-write view of it.
    { source.frame_bytes(frame) } -> std::same_as<u8*>;
    // Gives up what allocate_frame() gave.
    { source.release_frame(frame) } -> std::same_as<void>;
    // Instructions were written to it through frame_bytes(); make them visible to execution.
    { source.publish_code(frame) } -> std::same_as<void>;
};

// A process's memory, as far as the kit needs it.
template <class T>
concept AddressSpace = requires(T space, VirtualAddress page, typename T::Frame frame,
                                Access access) {
    // Maps one shared frame; it stays shared with whoever else has it. Never replaces a mapping.
    { space.map_shared(page, frame, access) } -> std::same_as<Result<Nothing, MapError>>;
    // Takes such a mapping away again; nothing happens if there is none.
    { space.unmap_shared(page) } -> std::same_as<void>;
};

}  // namespace vdsokit::kit
