// SPDX-License-Identifier: BSD-2-Clause
#include "hosts/personality/memory/script.h"

namespace vdsokit::personality {

namespace {

constexpr bool is_blank(u8 byte) { return byte == ' ' || byte == '\t'; }

void copy_part(char* to, kit::Bytes head, u64 from, u64 end) {
    for (u64 at = from; at < end; ++at) *to++ = static_cast<char>(head[at]);
    *to = 0;
}

}  // namespace

ScriptKind parse_script(kit::Bytes head, ScriptLine& line) {
    if (head.size() < 2 || head[0] != '#' || head[1] != '!') return ScriptKind::no_script;
    u64 end = 2;
    while (end < head.size() && head[end] != '\n' && head[end] != 0) ++end;
    bool const is_cut = end == script_head_size;

    u64 name = 2;
    while (name < end && is_blank(head[name])) ++name;
    u64 name_end = name;
    while (name_end < end && !is_blank(head[name_end])) ++name_end;
    if (name == name_end || (is_cut && name_end == end)) return ScriptKind::malformed;

    u64 argument = name_end;
    while (argument < end && is_blank(head[argument])) ++argument;
    while (end > argument && is_blank(head[end - 1])) --end;
    copy_part(line.interpreter, head, name, name_end);
    copy_part(line.argument, head, argument, end);
    return ScriptKind::script;
}

}  // namespace vdsokit::personality
