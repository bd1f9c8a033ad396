// SPDX-License-Identifier: BSD-2-Clause
#include "hosts/personality/process/offset_lines.h"

#include "kit/image/text.h"

namespace vdsokit::personality {

namespace {

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

u64 parse_time_offsets(kit::Bytes text, kit::NamespaceOffsets& offsets) {
    u8 const* const end = text.data() + text.size();
    u8 const* at = text.data();
    for (u32 lines = 0; at < end && lines < 2; ++lines) {
        u8 const* stop = at;
        while (stop < end && *stop != '\n') ++stop;
        if (!parse_line(at, stop, offsets)) return 0;
        at = stop < end ? stop + 1 : stop;
    }
    return static_cast<u64>(at - text.data());
}

}  // namespace vdsokit::personality
