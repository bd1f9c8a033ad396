// SPDX-License-Identifier: BSD-2-Clause
// unshare, as far as time and files go; /proc/<id>/timens_offsets.
// [Linux kernel/nsproxy.c, kernel/time/namespace.c; time_namespaces(7)]
#include "hosts/personality/process/time_offsets.h"

#include "hosts/personality/files/descriptors.h"
#include "hosts/personality/memory/memory.h"
#include "hosts/personality/memory/vdso.h"
#include "hosts/personality/process/calls.h"
#include "hosts/personality/process/process.h"
#include "hosts/personality/text.h"
#include "kit/image/text.h"

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

// The words of one line of at most three.
class Line {
public:
    Line(u8 const* from, u8 const* end) : at_(from), end_(end) {}

    kit::Text word() {
        while (at_ < end_ && is_blank(*at_)) ++at_;
        u8 const* const from = at_;
        while (at_ < end_ && !is_blank(*at_)) ++at_;
        return {reinterpret_cast<char const*>(from), static_cast<u64>(at_ - from)};
    }

private:
    static bool is_blank(u8 byte) { return byte == ' ' || byte == '\t'; }
    u8 const* at_;
    u8 const* end_;
};

bool parse_digits(char const* from, u64 size, u64& value) {
    if (size == 0 || size > 18) return false;
    value = 0;
    for (u64 at = 0; at < size; ++at) {
        if (from[at] < '0' || from[at] > '9') return false;
        value = value * 10 + static_cast<u64>(from[at] - '0');
    }
    return true;
}

bool parse_seconds(kit::Text word, i64& seconds) {
    bool const is_negative = word.size() != 0 && word.data()[0] == '-';
    u64 const sign = is_negative ? 1 : 0;
    u64 value = 0;
    if (!parse_digits(word.data() + sign, word.size() - sign, value)) return false;
    seconds = is_negative ? -static_cast<i64>(value) : static_cast<i64>(value);
    return true;
}

bool parse_line(u8 const* from, u8 const* end, kit::NamespaceOffsets& offsets) {
    Line line(from, end);
    kit::Text const clock = line.word();
    kit::Timespec offset{0, 0};
    u64 nanoseconds = 0;
    if (!parse_seconds(line.word(), offset.seconds)) return false;
    kit::Text const part = line.word();
    if (!parse_digits(part.data(), part.size(), nanoseconds) || nanoseconds >= 1'000'000'000)
        return false;
    offset.nanoseconds = static_cast<u32>(nanoseconds);
    if (clock == kit::Text("monotonic") || clock == kit::Text("1"))
        offsets.monotonic = offset;
    else if (clock == kit::Text("boottime") || clock == kit::Text("7"))
        offsets.boottime = offset;
    else
        return false;
    return true;
}

}  // namespace

void write_time_offsets(Process* process, Text& text) {
    kit::NamespaceOffsets const offsets = offsets_of(process->children_time_group.get());
    write_offset(text, "monotonic", offsets.monotonic);
    write_offset(text, "boottime", offsets.boottime);
}

// Lines `<clock> <seconds> <nanoseconds>`, two at most; all of them count or none.
Outcome read_time_offsets(Process& process, u8 const* bytes, u64 size) {
    TimeGroup* const group = process.children_time_group.get();
    if (group == nullptr || group->is_entered()) return Outcome::error(Errno::access);
    kit::NamespaceOffsets offsets = group->offsets();
    u8 const* const end = bytes + size;
    u8 const* at = bytes;
    for (u32 lines = 0; at < end && lines < 2; ++lines) {
        u8 const* stop = at;
        while (stop < end && *stop != '\n') ++stop;
        if (!parse_line(at, stop, offsets)) return Outcome::error(Errno::inval);
        at = stop < end ? stop + 1 : stop;
    }
    if (at == bytes) return Outcome::error(Errno::inval);
    if (!group->set_offsets(offsets)) return Outcome::error(Errno::range);
    return Outcome::done(static_cast<u64>(at - bytes));
}

}  // namespace vdsokit::personality
