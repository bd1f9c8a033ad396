// SPDX-License-Identifier: BSD-2-Clause
// A program that the user names to the launcher: what it needs besides itself.
#include "tool/launch/elf_needs.h"

#include "test/fuzz/elf_mutator.h"
#include "test/fuzz/target.h"

namespace vdsokit::fuzz {
namespace {

void run(kit::Bytes input) {
    auto const needs = launch::read_elf_needs(text_of(input));
    if (!needs) return;
    auto const is_text = [input](std::string const& text) {
        return text.find('\0') == std::string::npos &&
               text_of(input).find(text) != std::string_view::npos;
    };
    require(is_text(needs->interpreter), "the interpreter's name stands in the file");
    for (std::string const& library : needs->libraries)
        require(is_text(library), "a library's name stands in the file");
}

Target const target{"elf_needs", run, mutate_elf};

}  // namespace
}  // namespace vdsokit::fuzz
