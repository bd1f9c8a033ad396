// SPDX-License-Identifier: BSD-2-Clause
// What a guest is started with: its files and its boot words. Throws Failure.
#pragma once

#include <string>
#include <vector>

#include "arch/types.h"
#include "tool/launch/guest_tree.h"
#include "tool/launch/options.h"
#include "tool/launch/places.h"

namespace vdsokit::launch {

struct WindowSize {
    u16 rows;  // 0: unknown
    u16 columns;
};

// Empty files with busybox, the image and the user's own files in it.
GuestTree common_files(Options const& options, Places const& places);

// Brings options.command's program, and returns the command as the guest runs it.
std::vector<std::string> add_program(GuestTree& tree, Options const& options, Places const& places);

// What process 1 is: argv[0] is its path in the guest. The last thing to be added.
void add_start(GuestTree& tree, std::vector<std::string> const& argv);

// The kernel's command line; `terminal` is null for a byte stream.
std::string boot_words(Options const& options, WindowSize const* terminal);

}  // namespace vdsokit::launch
