// SPDX-License-Identifier: BSD-2-Clause
// Signals to the launcher, read as bytes from a descriptor, so that they are handled between two
// steps of the session and every object is taken down in order.
#pragma once

#include "hosts/linux/descriptor.h"

namespace vdsokit::launch {

using on_linux::Descriptor;

class Signals {
public:
    // Blocks what it reads, and ignores SIGPIPE: a reader that goes away is an error of write().
    Signals();

    int descriptor() const { return descriptor_.number(); }
    // The next signal that has come, or 0.
    int take() const;

private:
    Descriptor descriptor_;
};

}  // namespace vdsokit::launch
