// SPDX-License-Identifier: BSD-2-Clause
// Lines that the host says about what it loads.
#pragma once

#include "hosts/personality/seam.h"
#include "hosts/personality/text.h"

namespace vdsokit::personality {

// A line of at most `capacity` bytes; what is longer is cut off.
class Report {
public:
    static constexpr u64 capacity = 400;
    Text& text() { return text_; }
    // Adds the newline and shows it.
    void show(host::Channel channel) {
        u64 const size = text_.stored();
        bytes_[size] = '\n';
        host::console_write(channel, bytes_, size + 1);
    }

private:
    u8 bytes_[capacity + 1];
    Text text_{bytes_, capacity};
};

}  // namespace vdsokit::personality
