// SPDX-License-Identifier: BSD-2-Clause
// unshare, as far as time and files go; /proc/<id>/timens_offsets.
// [Linux kernel/nsproxy.c, kernel/time/namespace.c; time_namespaces(7)]
#include "hosts/personality/process/time_offsets.h"

#include "hosts/personality/files/descriptors.h"
#include "hosts/personality/memory/memory.h"
#include "hosts/personality/memory/vdso.h"
#include "hosts/personality/process/calls.h"
#include "hosts/personality/process/offset_lines.h"
#include "hosts/personality/process/process.h"
#include "hosts/personality/text.h"

namespace vdsokit::personality {

namespace {

constexpr u64 new_time = 0x80;
constexpr u64 share_files = 0x400;

}  // namespace

// The caller stays where it is; its children begin in the new group.
Outcome unshare_call(Call& call) {
    u64 const flags = call.argument(0);
    if ((flags & ~(new_time | share_files)) != 0) return Outcome::error(Errno::inval);
    Process& process = call.process;
    if ((flags & share_files) != 0 && !process.descriptors().unshare_table())
        return Outcome::error(Errno::nomem);
    if ((flags & new_time) == 0) return Outcome::done(0);
    TimeGroup* const group = TimeGroup::make(process.children_time_group.get());
    if (group == nullptr) return Outcome::error(Errno::nospc);
    process.children_time_group.set(group);
    group->release();  // the process has its own user
    return Outcome::done(0);
}

namespace {

void write_offset(Text& text, char const* clock, kit::Timespec offset) {
    u64 const line = text.length();
    text.add(clock).pad_to(line, 11);
    // Right-aligned in ten columns, as Linux's.
    u8 digits[24];
    Text number(digits, sizeof(digits));
    number.signed_decimal(offset.seconds);
    u64 const seconds = text.length();
    text.pad_to(seconds, number.stored() < 10 ? 10 - number.stored() : 0);
    text.add(digits, number.stored()).byte(' ').decimal(offset.nanoseconds, 9).add("\n");
}

}  // namespace

void write_time_offsets(Process* process, Text& text) {
    kit::NamespaceOffsets const offsets = offsets_of(process->children_time_group.get());
    write_offset(text, "monotonic", offsets.monotonic);
    write_offset(text, "boottime", offsets.boottime);
}

Outcome read_time_offsets(Process& process, u8 const* bytes, u64 size) {
    TimeGroup* const group = process.children_time_group.get();
    if (group == nullptr || group->is_entered()) return Outcome::error(Errno::access);
    kit::NamespaceOffsets offsets = group->offsets();
    u64 const taken = parse_time_offsets({bytes, size}, offsets);
    if (taken == 0) return Outcome::error(Errno::inval);
    if (!group->set_offsets(offsets)) return Outcome::error(Errno::range);
    return Outcome::done(taken);
}

}  // namespace vdsokit::personality
