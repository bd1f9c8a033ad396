// SPDX-License-Identifier: BSD-2-Clause
// mmap and its kin: numbers and flags checked and turned into requests to Memory.
#include "hosts/personality/files/descriptors.h"
#include "hosts/personality/memory/call_tools.h"
#include "hosts/personality/memory/calls.h"
#include "hosts/personality/memory/protection.h"
#include "hosts/personality/process/process.h"
#include "kit/core/bytes.h"

namespace vdsokit::personality {

namespace {

// [include/uapi/asm-generic/mman-common.h, mman.h]
namespace map_flag {
constexpr u32 type = 0xf, shared = 1, private_copy = 2, shared_validate = 3, droppable = 8,
              fixed = 0x10, anonymous = 0x20, grows_down = 0x100, deny_write = 0x800,
              executable = 0x1000, locked = 0x2000, no_reserve = 0x4000, populate = 0x8000,
              non_block = 0x10000, stack = 0x20000, huge_pages = 0x40000, synchronous = 0x80000,
              fixed_no_replace = 0x10'0000;
// What a kernel that knows no more flags accepts for MAP_SHARED_VALIDATE.
constexpr u32 validated = type | fixed | anonymous | deny_write | executable | locked | no_reserve |
                          populate | non_block | stack | fixed_no_replace;
}  // namespace map_flag
namespace remap_flag {
constexpr u32 may_move = 1, fixed = 2;
}

// The file's part of a request. False: errno in `error`.
bool take_file(Call& call, bool validate_shared, MapRequest& request, Errno& error) {
    File* const file = call.process.descriptors().find(call.number(4));
    error = Errno::badf;
    if (file == nullptr) return false;
    error = Errno::nodev;
    if (!file->is_regular()) return false;
    error = Errno::access;
    if (!file->may_read()) return false;
    if (request.is_shared) {
        request.may_write = file->may_map_shared_writable();
        if (request.access == Access::read_write && !request.may_write) return false;
    }
    error = Errno::overflow;
    u64 const last = ~u64{0} >> 1;
    if (!kit::inside(request.offset, request.size, last)) return false;
    error = Errno::notsup;
    if (validate_shared && (static_cast<u32>(call.argument(3)) & ~map_flag::validated) != 0)
        return false;
    request.file = file;
    return true;
}

}  // namespace

// MAP_POPULATE, MAP_LOCKED, mlock: what comes now need not come later. Running out is no error.
void populate(Memory& memory, u64 start, u64 end, Access access) {
    if (access == Access::none) return;
    Touch const touch = access == Access::read_write ? Touch::write : Touch::read;
    for (u64 at = start; at < end; at += page_size)
        if (memory.touch({at}, touch) != TouchResult::present) return;
}

Outcome mmap(Call& call) {
    u32 const flags = static_cast<u32>(call.argument(3));
    u32 const type = flags & map_flag::type;
    MapRequest request;
    request.address = call.argument(0);
    request.size = call.argument(1);
    request.offset = call.argument(5);
    if (!is_page(request.offset)) return Outcome::error(Errno::inval);
    bool const anonymous = (flags & map_flag::anonymous) != 0;
    bool const droppable = type == map_flag::droppable;
    if (type != map_flag::shared && type != map_flag::private_copy &&
        (type != map_flag::shared_validate || anonymous) && (!droppable || !anonymous))
        return Outcome::error(Errno::inval);
    // Kept in memory and dropped when it is short: one or the other.
    if (droppable && (flags & map_flag::locked) != 0) return Outcome::error(Errno::inval);
    // No huge pages, no stacks that grow, no persistent memory.
    if ((flags & (map_flag::grows_down | map_flag::huge_pages)) != 0)
        return Outcome::error(Errno::inval);
    if ((flags & map_flag::synchronous) != 0) return Outcome::error(Errno::notsup);
    if (request.size == 0) return Outcome::error(Errno::inval);
    auto const access = access_of(call.argument(2));
    if (!access) return Outcome::error(access.error());
    request.access = access.value();
    request.is_shared = type != map_flag::private_copy && !droppable;
    request.is_droppable = droppable;
    request.may_exceed_memory = (flags & map_flag::no_reserve) != 0;
    if ((flags & map_flag::fixed) != 0) request.placement = Placement::fixed;
    if ((flags & map_flag::fixed_no_replace) != 0) request.placement = Placement::fixed_if_free;
    if (!anonymous) {
        Errno error = Errno::badf;
        if (!take_file(call, type == map_flag::shared_validate, request, error))
            return Outcome::error(error);
    }
    Memory& memory = call.process.memory();
    auto const mapped = memory.map(request);
    if (mapped && (flags & (map_flag::populate | map_flag::locked)) != 0) {
        u64 const start = mapped.value().value;
        populate(memory, start, start + request.size, request.access);
    }
    return answer(mapped);
}

Outcome munmap(Call& call) {
    return answer(call.process.memory().unmap(call.argument(0), call.argument(1)));
}

Outcome mprotect(Call& call) {
    auto const access = access_of(call.argument(2) & ~protection_flag::grows);
    if (!access) return Outcome::error(access.error());
    return answer(
        call.process.memory().protect(call.argument(0), call.argument(1), access.value()));
}

Outcome mremap(Call& call) {
    u64 const flags = call.argument(3);
    bool const may_move = (flags & remap_flag::may_move) != 0;
    bool const is_fixed = (flags & remap_flag::fixed) != 0;
    if ((flags & ~u64{remap_flag::may_move | remap_flag::fixed}) != 0 || (is_fixed && !may_move))
        return Outcome::error(Errno::inval);
    return answer(call.process.memory().remap({.old_start = call.argument(0),
                                               .old_size = call.argument(1),
                                               .new_size = call.argument(2),
                                               .may_move = may_move,
                                               .is_fixed = is_fixed,
                                               .new_start = call.argument(4)}));
}

Outcome brk(Call& call) { return Outcome::done(call.process.memory().set_break(call.argument(0))); }

}  // namespace vdsokit::personality
