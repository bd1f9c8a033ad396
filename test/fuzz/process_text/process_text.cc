// SPDX-License-Identifier: BSD-2-Clause
// What /proc says of a process that names itself and its files as it likes.
#include "hosts/linux/process_maps.h"

#include <cstring>

#include "test/fuzz/target.h"

namespace vdsokit::fuzz {
namespace {

// A name that ends the line is found again, whatever else is in it.
void look_at_range(std::string const& text) {
    auto const range = on_linux::parse_range(text);
    if (!range) return;
    require(std::strlen(range->access) <= 4, "access is four letters at most");
    require(range->name.size() < text.size() && text.ends_with(range->name),
            "a name is the end of its line");
}

// The kernel's numbers behind a command's name that imitates them.
void look_at_layout(std::string const& name) {
    std::string stat = "1 (" + name.substr(0, name.find('\0')) + ") S";
    for (u64 field = 4; field <= 52; ++field) stat += " " + std::to_string(field);
    auto const layout = on_linux::parse_layout(stat.c_str());
    require(layout.has_value(), "a name hides no number");
    require(layout->start_code == 26 && layout->start_stack == 28 && layout->start_data == 45 &&
                layout->start_brk == 47 && layout->env_end == 51,
            "numbers are counted from the name's end");
}

void run(kit::Bytes input) {
    std::string const text(text_of(input));
    look_at_range(text);
    look_at_layout(text);
    on_linux::parse_layout(text.c_str());
}

Target const target{"process_text", run};

}  // namespace
}  // namespace vdsokit::fuzz
