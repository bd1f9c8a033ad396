// SPDX-License-Identifier: BSD-2-Clause
// What `vdsokit stamp --publish` is given.
#include "tool/vdsokit/publication.h"

#include "test/fuzz/target.h"
#include "tool/vdsokit/failure.h"

namespace vdsokit::fuzz {
namespace {

void run(kit::Bytes input) {
    try {
        tool::Publication const publication = tool::parse_publication(std::string(text_of(input)));
        for (u32 const bits : {32u, 56u, 64u}) {
            abi::TimePage const page =
                tool::published_page(publication, {.bits = bits, .states_frequency = true});
            for (abi::ClockLine const& line : page.clocks) {
                require(abi::is_line_state(line.state) && (line.state & abi::state_locked) == 0,
                        "a line is one of ours and not locked");
                require(line.shift < 64, "a shift is one");
            }
        }
    } catch (tool::Failure const& failure) {
        require(!failure.text.empty(), "a refusal says why");
    }
}

Target const target{"publication", run};

}  // namespace
}  // namespace vdsokit::fuzz
