// SPDX-License-Identifier: BSD-2-Clause
// From the options to a machine that can be started. Throws Failure.
#pragma once

#include <string>

#include "tool/launch/guest_tree.h"
#include "tool/launch/machine.h"
#include "tool/launch/options.h"
#include "tool/launch/places.h"

namespace vdsokit::launch {

MachineSetup machine_setup(Options const& options, Places const& places, GuestTree const& tree,
                           std::string const& words);

}  // namespace vdsokit::launch
