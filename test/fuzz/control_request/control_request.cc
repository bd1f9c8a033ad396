// SPDX-License-Identifier: BSD-2-Clause
// What a client says to a supervisor of `vdsokit run`.
#include "hosts/linux/control.h"

#include <algorithm>
#include <cstring>

#include "test/fuzz/target.h"

namespace vdsokit::fuzz {
namespace {

using on_linux::ControlRequest;

void run(kit::Bytes input) {
    // As recv() does with MSG_TRUNC: what fits, and how long it was.
    ControlRequest request{};
    std::memcpy(static_cast<void*>(&request), input.data(),
                std::min<u64>(input.size(), sizeof request));
    bool const valid = on_linux::is_valid(request, static_cast<i64>(input.size()));
    ControlRequest const meant{on_linux::control_version, on_linux::ControlVerb::set_offset,
                               request.seconds, request.nanoseconds, 0};
    require(on_linux::is_valid(meant, sizeof meant) == (meant.nanoseconds < 1'000'000'000),
            "a request with any offset is valid, and no other nanoseconds");
    if (!valid) return;
    require(input.size() == sizeof request && std::memcmp(input.data(), &meant, sizeof meant) == 0,
            "a valid request is what a client of this version sends, byte for byte");
}

Target const target{"control_request", run};

}  // namespace
}  // namespace vdsokit::fuzz
