// SPDX-License-Identifier: BSD-2-Clause
// ppoll and pselect6. Both look at all files at each attempt and wait for any file to change.
#include "hosts/personality/files/call_functions.h"
#include "hosts/personality/files/wait_tools.h"

namespace vdsokit::personality::file_call {

namespace {

struct PollRow {
    i32 descriptor;
    u16 wanted;
    u16 found;
};
static_assert(sizeof(PollRow) == 8);

constexpr u32 always_reported = Ready::error | Ready::hang_up;

u32 ready_bits(File& file) {
    // O_PATH opens nothing: poll says so, as for a number that is not open.
    return file.flags().has(OpenFlags::path_only) ? Ready::invalid : file.node().ready(file);
}

// Stores what is ready. The number of rows that are; negative: EFAULT.
i64 poll_once(Call& call, u64 count) {
    i64 ready = 0;
    Memory& memory = call.process.memory();
    for (u64 at = 0; at < count; ++at) {
        VirtualAddress const address{call.argument(0) + at * sizeof(PollRow)};
        PollRow row;
        if (!memory.load(row, address)) return -static_cast<i64>(Errno::fault);
        u32 bits = 0;
        if (row.descriptor >= 0) {
            File* const file = call.process.descriptors().find(row.descriptor);
            bits = file == nullptr ? Ready::invalid : ready_bits(*file);
            bits &= row.wanted | always_reported | Ready::invalid;
        }
        row.found = static_cast<u16>(bits);
        if (bits != 0) ready += 1;
        VirtualAddress const found{address.value + offsetof(PollRow, found)};
        if (!memory.store(found, row.found)) return -static_cast<i64>(Errno::fault);
    }
    return ready;
}

// The three sets of select, a bit for each descriptor.
struct Sets {
    static constexpr u32 words = descriptor_limit / 64;
    u64 bits[3][words];

    static u32 mask_of(u32 set) {
        constexpr u32 masks[] = {Ready::readable | Ready::hang_up | Ready::error,
                                 Ready::writable | Ready::error, Ready::urgent};
        return masks[set];
    }
    bool has(u32 set, u32 number) const {
        return ((bits[set][number / 64] >> (number % 64)) & 1) != 0;
    }
    void add(u32 set, u32 number) { bits[set][number / 64] |= u64{1} << (number % 64); }
};

// Whole words, as the kernel copies them.
u64 set_size(Call& call, u32 count) {
    u64 const word_size = call.process.memory().layout().word_size;
    u64 const bits = 8 * word_size;
    return (count + bits - 1) / bits * word_size;
}

bool load_sets(Call& call, u32 count, Sets& sets) {
    for (u32 set = 0; set < 3; ++set)
        if (call.argument(1 + set) != 0 &&
            !call.process.memory().copy_in(sets.bits[set], call.address(1 + set),
                                           set_size(call, count)))
            return false;
    return true;
}

bool store_sets(Call& call, u32 count, Sets const& sets) {
    for (u32 set = 0; set < 3; ++set)
        if (call.argument(1 + set) != 0 &&
            !call.process.memory().copy_out(call.address(1 + set), sets.bits[set],
                                            set_size(call, count)))
            return false;
    return true;
}

// The number of bits set in `found`; negative: EBADF.
i64 select_once(Call& call, u32 count, Sets const& wanted, Sets& found) {
    i64 ready = 0;
    for (u32 number = 0; number < count; ++number) {
        if (!wanted.has(0, number) && !wanted.has(1, number) && !wanted.has(2, number)) continue;
        File* const file = call.process.descriptors().find(static_cast<i32>(number));
        if (file == nullptr || file->flags().has(OpenFlags::path_only))
            return -static_cast<i64>(Errno::badf);
        u32 const bits = file->node().ready(*file);
        for (u32 set = 0; set < 3; ++set) {
            if (!wanted.has(set, number) || (bits & Sets::mask_of(set)) == 0) continue;
            found.add(set, number);
            ready += 1;
        }
    }
    return ready;
}

}  // namespace

Outcome ppoll(Call& call) {
    u64 const count = static_cast<u32>(call.argument(1));
    if (count > descriptor_limit_of(call.process)) return Outcome::error(Errno::inval);
    u64 deadline = no_deadline;
    Outcome const begun =
        begin_wait(call, call.address(2), call.address(3), call.argument(4), deadline);
    if (begun.value() != 0) return begun;
    i64 const ready = poll_once(call, count);
    if (ready < 0) return error_of(ready);
    if (ready > 0 || is_over(call, deadline)) return Outcome::done(static_cast<u64>(ready));
    return wait_for_files(call, deadline);
}

Outcome pselect6(Call& call) {
    if (call.number(0) < 0) return Outcome::error(Errno::inval);
    u32 const asked = static_cast<u32>(call.number(0));
    u32 const count = asked < descriptor_limit ? asked : descriptor_limit;
    // The sixth argument points to a mask and its size.
    u64 mask[2] = {0, 0};
    if (call.argument(5) != 0 && !call.process.memory().load(mask, call.address(5)))
        return Outcome::error(Errno::fault);
    u64 deadline = no_deadline;
    Outcome const begun = begin_wait(call, call.address(4), {mask[0]}, mask[1], deadline);
    if (begun.value() != 0) return begun;
    Sets wanted{};
    Sets found{};
    if (!load_sets(call, count, wanted)) return Outcome::error(Errno::fault);
    i64 const ready = select_once(call, count, wanted, found);
    if (ready < 0) return error_of(ready);
    if (ready == 0 && !is_over(call, deadline)) return wait_for_files(call, deadline);
    if (!store_sets(call, count, found)) return Outcome::error(Errno::fault);
    return Outcome::done(static_cast<u64>(ready));
}

}  // namespace vdsokit::personality::file_call
