// SPDX-License-Identifier: BSD-2-Clause
// What a host owes the personality. The host's folder supplies "host.h", which declares all of the
// following in namespace vdsokit::host; the concepts below refuse one that lacks something.
// One CPU runs host code at a time; while it does, no thread of a process runs.
//
//   struct Frame                      handle of one 4 KiB frame; `no_frame` is none
//   Frame allocate_frame()            zeroed, one user; no_frame when memory is out
//   void retain_frame(Frame)          one more user
//   void release_frame(Frame)         one user fewer; the last one frees it
//   u32 frame_users(Frame)            a frame with one user may be written in place
//   u8* frame_bytes(Frame)            the host's own read-write view, 4 KiB aligned
//   void publish_code(Frame)          instructions were written to it; make them visible
//   FrameCount frame_count()          {total, free}
//
//   class AddressSpace                one process's page tables; a page is 4 KiB
//     bool create()                   false: out of memory
//     void destroy()                  releases every mapped frame and the tables; no thread uses
//                                     it any more
//     bool map(VirtualAddress, Frame, Access)   takes over one user of the frame; replaces (and
//                                     releases) what was there; false: out of memory, nothing done
//     void unmap(VirtualAddress)      releases the frame; nothing if nothing is mapped
//     void protect(VirtualAddress, Access)      nothing if nothing is mapped
//     Mapped lookup(VirtualAddress) const       {frame or no_frame, access}; a page that was
//                                     protected to Access::none still has its frame
//     VirtualAddress next_mapped(VirtualAddress) const   the first page at or above that has a
//                                     frame, found without visiting each empty page; {~0} if none
//     Every page of a process lies below process_end. The page tables are kept coherent by the
//     host: when it returns to a thread, what was asked
//     is in force.
//
//   struct Registers                  integer registers of arch's Linux ABI, plus vector state
//   class Thread                      the host's half of a thread, part of the personality's own
//     bool create(AddressSpace&)      stopped, registers zero; false: out of memory
//     void destroy()                  never of the thread whose trap is being handled
//     void use(AddressSpace&)         from now on it runs there (exec)
//     Registers& registers()          to read and change; in force when it next runs. Of the vector
//                                     state in it, what the next two say:
//     void fetch_vectors()            it is what the thread has
//     void put_vectors()              the thread has it. Until either, and after the thread has run,
//                                     the thread's own state counts; it is zero after create(), use()
//     void run() / void stop()        runnable or not. A trap does not change it.
//     u64 cpu_time() const            ns that it has had a CPU since create(): at least what ran
//                                     between a return to it and its next trap. Never goes back.
//
//   void console_write(Channel, u8 const*, u64)     program output, program errors, host messages
//   u64 console_read(u8*, u64)        bytes that have arrived, 0 if none; console_ended() after EOF
//   void fill_random(u8*, u64)        unpredictable bytes
//   CpuFeatures cpu_features()        what a process may use of this CPU, for AT_HWCAP and AT_HWCAP2
//   kit::Timekeeper& timekeeper()
//   kit::Maybe<u32> call_replacement()   the instruction that makes a system call on this host, where
//                                     the CPU's own does something else: it stands in every page that
//                                     a process may execute. Nothing: none is replaced
//   void set_timer(u64 ns)            call on_timer() when CLOCK_MONOTONIC reaches ns, or earlier
//   [[noreturn]] void shut_down(u32 status)
#pragma once

#include <concepts>
#include <utility>

#include "host.h"

#include "kit/core/memory.h"

namespace vdsokit::personality {

using kit::Access;
using kit::VirtualAddress;

// 47 bits: what seL4 leaves to user code, and what programs that tag pointers count on.
inline constexpr u64 process_end = 0x8000'0000'0000;

template <class Space>
concept HostAddressSpace = requires(Space space, Space const& view, VirtualAddress page,
                                    host::Frame frame, Access access) {
    { space.create() } -> std::same_as<bool>;
    { space.destroy() } -> std::same_as<void>;
    { space.map(page, frame, access) } -> std::same_as<bool>;
    { space.unmap(page) } -> std::same_as<void>;
    { space.protect(page, access) } -> std::same_as<void>;
    { view.lookup(page).frame } -> std::convertible_to<host::Frame>;
    { view.lookup(page).access } -> std::convertible_to<Access>;
    { view.next_mapped(page) } -> std::same_as<VirtualAddress>;
};
static_assert(HostAddressSpace<host::AddressSpace>);

template <class Thread>
concept HostThread = requires(Thread thread, host::AddressSpace& space) {
    { thread.create(space) } -> std::same_as<bool>;
    { thread.destroy() } -> std::same_as<void>;
    { thread.use(space) } -> std::same_as<void>;
    { thread.registers() } -> std::same_as<host::Registers&>;
    { thread.fetch_vectors() } -> std::same_as<void>;
    { thread.put_vectors() } -> std::same_as<void>;
    { thread.run() } -> std::same_as<void>;
    { thread.stop() } -> std::same_as<void>;
    { std::as_const(thread).cpu_time() } -> std::same_as<u64>;
};
static_assert(HostThread<host::Thread>);

}  // namespace vdsokit::personality
