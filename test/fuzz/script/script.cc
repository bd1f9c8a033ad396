// SPDX-License-Identifier: BSD-2-Clause
// The first line of a script.
#include "hosts/personality/memory/script.h"

#include <algorithm>
#include <cstring>

#include "test/fuzz/target.h"

namespace vdsokit::fuzz {
namespace {

using namespace personality;

void run(kit::Bytes input) {
    kit::Bytes const head = input.part(0, std::min(input.size(), script_head_size));
    // Poisoned, so that a missing NUL is found.
    ScriptLine line;
    std::memset(&line, 'x', sizeof line);
    ScriptKind const kind = parse_script(head, line);
    bool const is_marked = text_of(head).starts_with("#!");
    require((kind != ScriptKind::no_script) == is_marked, "a script begins with #!");
    if (kind != ScriptKind::script) return;
    std::size_t const name = strnlen(line.interpreter, sizeof line.interpreter);
    std::size_t const argument = strnlen(line.argument, sizeof line.argument);
    require(name != 0 && name < sizeof line.interpreter, "the interpreter is named, and ends");
    require(argument < sizeof line.argument, "the argument ends");
    std::string_view const blanks = " \t\n";
    require(std::string_view(line.interpreter).find_first_of(blanks) == std::string_view::npos,
            "the interpreter's name holds no blank");
    require(argument == 0 || (!std::strchr(" \t", line.argument[0]) &&
                              !std::strchr(" \t", line.argument[argument - 1])),
            "the argument has no blanks around it");
    require(text_of(head).find(line.interpreter) != std::string_view::npos &&
                text_of(head).find(line.argument) != std::string_view::npos,
            "both stand in the line");
}

Target const target{"script", run};

}  // namespace
}  // namespace vdsokit::fuzz
