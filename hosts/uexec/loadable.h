// SPDX-License-Identifier: BSD-2-Clause
// A program's or an interpreter's file, open and understood, and its segments in this process.
#pragma once

#include <string>
#include <vector>

#include "hosts/linux/descriptor.h"
#include "hosts/linux/failure.h"
#include "hosts/uexec/refusal.h"
#include "hosts/uexec/room.h"
#include "kit/process/program.h"

namespace vdsokit::uexec {

u64 own_page_size();

struct Loadable {
    std::string path;
    on_linux::Descriptor file;
    kit::Program program;

    // Maps its segments; over room that is held for them.
    on_linux::Failure map(u64 bias) const;
    kit::AddressRange range(u64 bias) const {
        return {program.start() + bias, program.end() + bias};
    }
    // What room a program that can move needs, wherever it is.
    u64 room_needed() const;
};

// A refusal's status is 126; that of a file that is not there, `missing`.
OrRefusal<Loadable> open_loadable(std::string const& path, int missing);

// The program that a command means: the interpreter where its file is a script, whose first line
// then begins `command`.
OrRefusal<Loadable> open_program(std::string const& path, std::vector<std::string>& command);

}  // namespace vdsokit::uexec
