// SPDX-License-Identifier: BSD-2-Clause
// Completes a dynamic program: adds its interpreter and the libraries that it and they name, as far
// as the guest does not have them yet and this machine does.
#pragma once

#include <string>

#include "tool/launch/guest_tree.h"
#include "tool/launch/places.h"

namespace vdsokit::launch {

// `contents` is the program's or library's file. What is not found is left out: the program's own
// interpreter is the one to say so.
void add_needs(GuestTree& tree, std::string const& contents, Places const& places);

}  // namespace vdsokit::launch
