// SPDX-License-Identifier: BSD-2-Clause
// Where images come from and where they go: files, and the running kernel's own vDSO.
#pragma once

#include <string>
#include <vector>

#include "kit/core/bytes.h"

namespace vdsokit::tool {

// An image's bytes with the name under which messages speak of it.
struct Source {
    std::string name;
    std::vector<u8> content;

    kit::Bytes bytes() const { return {content.data(), content.size()}; }
};

// Throws Failure: not a regular file, unreadable, or larger than any image.
Source read_file(std::string const& path);

// What this process has mapped at AT_SYSINFO_EHDR, up to the end of that mapping; named "live".
// Throws Failure: there is none, or it cannot be read.
Source read_live();

// All of the new content or the old file: written under another name and renamed.
// Throws Failure.
void write_file(std::string const& path, std::vector<u8> const& content);

}  // namespace vdsokit::tool
