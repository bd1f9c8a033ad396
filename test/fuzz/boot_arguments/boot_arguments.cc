// SPDX-License-Identifier: BSD-2-Clause
// The kernel's command line.
#include "hosts/machine/boot_arguments.h"

#include "test/fuzz/target.h"

namespace vdsokit::fuzz {
namespace {

void run(kit::Bytes input) {
    auto const read = machine::read_boot_arguments(input);
    if (read) return;
    kit::Bytes const word = read.error().word;
    require(word.size() != 0, "a fault names a word");
    require(word.data() >= input.data() && word.data() + word.size() <= input.data() + input.size(),
            "the word is one of the line's");
    require(text_of(word).find(' ') == std::string_view::npos, "a word holds no space");
}

Target const target{"boot_arguments", run};

}  // namespace
}  // namespace vdsokit::fuzz
