// SPDX-License-Identifier: BSD-2-Clause
// Calls on ranges of pages that are there: msync, mlock, mincore, madvise.
#include "hosts/personality/memory/call_tools.h"
#include "hosts/personality/memory/calls.h"
#include "hosts/personality/process/process.h"

namespace vdsokit::personality {

namespace {

namespace sync_flag {
constexpr u32 async = 1, invalidate = 2, sync = 4;
}
namespace lock_flag {
constexpr u32 current = 1, future = 2, on_fault = 4;
constexpr u32 on_fault_only = 1;  // mlock2's
}  // namespace lock_flag

// [include/uapi/asm-generic/mman-common.h]
enum class Advice : u32 {
    normal = 0,
    random = 1,
    sequential = 2,
    will_need = 3,
    dont_need = 4,
    free = 8,
    dont_fork = 10,
    do_fork = 11,
    mergeable = 12,
    unmergeable = 13,
    huge_page = 14,
    no_huge_page = 15,
    dont_dump = 16,
    do_dump = 17,
    wipe_on_fork = 18,
    keep_on_fork = 19,
    cold = 20,
    page_out = 21,
    populate_read = 22,
    populate_write = 23,
};

// The range of msync, mlock, munlock and mincore. False: errno in `error`.
bool take_range(Call& call, u64& start, u64& size, Errno& error) {
    start = call.argument(0);
    error = Errno::nomem;
    return whole_pages(call.argument(1), size) && is_process_range(start, size) &&
           call.process.memory().covers(start, size);
}

}  // namespace

// Shared pages are the file's own; there is no device behind them.
Outcome msync(Call& call) {
    u32 const flags = static_cast<u32>(call.argument(2));
    bool const both = (flags & sync_flag::async) != 0 && (flags & sync_flag::sync) != 0;
    if ((flags & ~(sync_flag::async | sync_flag::invalidate | sync_flag::sync)) != 0 || both ||
        !is_page(call.argument(0)))
        return Outcome::error(Errno::inval);
    u64 start = 0;
    u64 size = 0;
    Errno error = Errno::nomem;
    return take_range(call, start, size, error) ? Outcome::done(0) : Outcome::error(error);
}

namespace {

// Pages never leave memory, so a lock is kept by making them come.
Outcome lock(Call& call, bool now) {
    u64 const lead = call.argument(0) % page_size;
    u64 const start = call.argument(0) - lead;
    u64 size = 0;
    Memory& memory = call.process.memory();
    if (call.argument(1) > process_end || !whole_pages(call.argument(1) + lead, size) ||
        !is_process_range(start, size) || !memory.covers(start, size))
        return Outcome::error(Errno::nomem);
    u64 const end = start + size;
    for (u64 at = start; now && at < end;) {
        Region const* const region = memory.region_above(at);
        u64 const stop = region->end < end ? region->end : end;
        populate(memory, at, stop, region->access);
        at = stop;
    }
    return Outcome::done(0);
}

}  // namespace

Outcome mlock(Call& call) { return lock(call, true); }

Outcome mlock2(Call& call) {
    u64 const flags = call.argument(2);
    if ((flags & ~u64{lock_flag::on_fault_only}) != 0) return Outcome::error(Errno::inval);
    return lock(call, flags == 0);
}

Outcome munlock(Call&) { return Outcome::done(0); }

// Untouched pages come at the first touch; locking them all ahead would fill memory with stack.
Outcome mlockall(Call& call) {
    u64 const flags = call.argument(0);
    u64 const known = lock_flag::current | lock_flag::future | lock_flag::on_fault;
    if (flags == 0 || (flags & ~known) != 0 || flags == lock_flag::on_fault)
        return Outcome::error(Errno::inval);
    return Outcome::done(0);
}

Outcome mincore(Call& call) {
    if (!is_page(call.argument(0))) return Outcome::error(Errno::inval);
    u64 start = 0;
    u64 size = 0;
    Errno error = Errno::nomem;
    if (!take_range(call, start, size, error)) return Outcome::error(error);
    Memory& memory = call.process.memory();
    for (u64 page = 0; page < size / page_size; ++page) {
        u8 const resident = memory.is_resident(start + page * page_size) ? 1 : 0;
        if (!memory.store({call.argument(2) + page}, resident)) return Outcome::error(Errno::fault);
    }
    return Outcome::done(0);
}

namespace {

// Neither a dump nor a child ever holds what is in these. [Linux mm/madvise.c]
bool has_droppable(Memory& memory, u64 start, u64 size) {
    for (u64 at = start; at < start + size;) {
        Region const* const region = memory.region_above(at);
        if (region == nullptr || region->start >= start + size) return false;
        if (region->is_droppable) return true;
        at = region->end;
    }
    return false;
}

}  // namespace

Outcome madvise(Call& call) {
    u64 start = 0;
    u64 size = 0;
    Errno error = Errno::nomem;
    if (!is_page(call.argument(0))) return Outcome::error(Errno::inval);
    bool const covered = take_range(call, start, size, error);
    Memory& memory = call.process.memory();
    switch (static_cast<Advice>(call.argument(2))) {
    case Advice::normal:
    case Advice::random:
    case Advice::sequential:
    case Advice::will_need:
    case Advice::mergeable:
    case Advice::unmergeable:
    case Advice::huge_page:
    case Advice::no_huge_page:
    case Advice::dont_dump:
    case Advice::cold:
    case Advice::page_out:
    case Advice::free:  // the contents may stay
        return covered ? Outcome::done(0) : Outcome::error(error);
    case Advice::dont_need:
        return covered ? answer(memory.forget(start, size)) : Outcome::error(error);
    case Advice::dont_fork:
        return covered ? answer(memory.set_fork_rule(start, size, ForkRule::omit))
                       : Outcome::error(error);
    case Advice::wipe_on_fork:
        return covered ? answer(memory.set_fork_rule(start, size, ForkRule::wipe))
                       : Outcome::error(error);
    case Advice::do_dump:
        if (covered && has_droppable(memory, start, size)) return Outcome::error(Errno::inval);
        return covered ? Outcome::done(0) : Outcome::error(error);
    case Advice::keep_on_fork:
        if (covered && has_droppable(memory, start, size)) return Outcome::error(Errno::inval);
        [[fallthrough]];
    case Advice::do_fork:
        return covered ? answer(memory.set_fork_rule(start, size, ForkRule::copy))
                       : Outcome::error(error);
    case Advice::populate_read:
    case Advice::populate_write: {
        if (!covered) return Outcome::error(error);
        Touch const touch = static_cast<Advice>(call.argument(2)) == Advice::populate_write
                                ? Touch::write
                                : Touch::read;
        for (u64 at = start; at < start + size; at += page_size)
            if (memory.touch({at}, touch) != TouchResult::present)
                return Outcome::error(Errno::fault);
        return Outcome::done(0);
    }
    }
    return Outcome::error(Errno::inval);
}

}  // namespace vdsokit::personality
