// SPDX-License-Identifier: BSD-2-Clause
// `vdsokit check`: every rule of kit/image/image_rules.h on an image, each failure named.
#pragma once

#include <vector>

#include <nlohmann/json.hpp>

#include "kit/image/image_rules.h"
#include "tool/vdsokit/source.h"

namespace vdsokit::tool {

struct Report {
    struct Failed {
        kit::ImageRule const* rule;
        kit::FileOffset at;
    };
    std::vector<Failed> failed;
    u64 applied = 0;    // rules that were looked at
    u64 unreached = 0;  // could not be, because of those that failed
    u64 left_out = 0;   // the vdsokit rules, for an image without the note

    bool is_ok() const { return failed.empty() && unreached == 0; }
};

// Rules for hosts are left out: the tool reads images of any machine.
Report check(kit::Bytes image);

// One line for each failure, `NAME: RULE: REASON (offset 0x..)`, then one that sums up.
std::string as_text(std::string const& name, Report const& report);
nlohmann::ordered_json as_json(std::string const& name, Report const& report);

}  // namespace vdsokit::tool
