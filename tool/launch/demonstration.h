// SPDX-License-Identifier: BSD-2-Clause
// The demonstration: a shell script in the guest runs one probe in several builds, and Debian's own
// date; what the programs say of themselves and what the host counted are joined in a table.
#pragma once

#include "tool/launch/options.h"
#include "tool/launch/places.h"
#include "tool/launch/signals.h"

namespace vdsokit::launch {

// The exit status. Throws Failure.
int demonstrate(Options const& options, Places const& places, Signals const& signals);

}  // namespace vdsokit::launch
