// SPDX-License-Identifier: BSD-2-Clause
// What the tool prints about an image, and what it stamps into one.
#include "tool/vdsokit/show.h"
#include "test/fuzz/elf_mutator.h"
#include "test/fuzz/target.h"
#include "tool/vdsokit/check.h"
#include "tool/vdsokit/failure.h"
#include "tool/vdsokit/stamp.h"

namespace vdsokit::fuzz {
namespace {

bool is_printable(std::string const& text) {
    for (char const letter : text)
        if (letter != '\n' && (letter < 0x20 || letter > 0x7e)) return false;
    return true;
}

void stamp(kit::Bytes input, tool::StampOptions const& options) {
    tool::Source const source{"input", {input.data(), input.data() + input.size()}};
    try {
        std::vector<u8> const stamped = tool::stamp(source, options);
        require(tool::check({stamped.data(), stamped.size()}).is_ok(),
                "a stamped image passes every rule");
    } catch (tool::Failure const& failure) {
        require(!failure.text.empty(), "a refusal says why");
    }
}

void run(kit::Bytes input) {
    tool::Report const report = tool::check(input);
    require(is_printable(tool::as_text("input", report)), "a report holds no control characters");
    require(!tool::as_json("input", report).dump().empty(), "a report is JSON");
    kit::ImageView const view{input};
    if (view.elf.has_header()) {
        tool::Json const description = tool::describe(view);
        require(is_printable(tool::as_text(description)),
                "a description holds no control characters");
        require(!description.dump().empty(), "a description is JSON");
    }
    stamp(input, {.direct = CounterKind::physical_count, .publish = {}, .trap = "brk"});
    stamp(input, {.direct = {}, .publish = {}, .trap = "0xdead"});
}

Target const target{"show", run, mutate_elf};

}  // namespace
}  // namespace vdsokit::fuzz
