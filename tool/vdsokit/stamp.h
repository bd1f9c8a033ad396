// SPDX-License-Identifier: BSD-2-Clause
// `vdsokit stamp`: variants of an image as files, for hosts that preload nothing themselves. Only
// the time page and the instructions at the trap sites change; the result still passes every rule.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "kit/image/machines.h"
#include "tool/vdsokit/publication.h"
#include "tool/vdsokit/source.h"

namespace vdsokit::tool {

struct StampOptions {
    // The monotonic clocks run straight from this counter, realtime makes the system call.
    std::optional<CounterKind> direct;
    // Or every clock is published like this.
    std::optional<Publication> publish;
    // A number or "brk": what stands at each trap site.
    std::optional<std::string> trap;
};

// Throws Failure: the image breaks a rule, or its machine cannot do what is asked.
std::vector<u8> stamp(Source const& image, StampOptions const& options);

}  // namespace vdsokit::tool
