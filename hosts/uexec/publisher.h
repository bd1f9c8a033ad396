// SPDX-License-Identifier: BSD-2-Clause
// Who writes the time page: first here, before the program starts, then in a process of its own
// (keeper.h), which has a copy of the object and of the view of the page.
#pragma once

#include <memory>
#include <string>

#include "abi/time_page.h"
#include "hosts/uexec/options.h"

namespace vdsokit::uexec {

class Publisher {
public:
    virtual ~Publisher() = default;
    // Publishes for the first time. The page outlives this object.
    virtual void attach(abi::TimePage& page) = 0;
    // Brings the page in step with the host's clocks. Returns after how many milliseconds to do it
    // again; -1: never again, the page says "none".
    virtual int follow() = 0;
    // From now on every call makes the system call.
    virtual void withdraw() = 0;
    // For --verbose.
    virtual std::string description() const = 0;
};

// nullptr: nothing is published, for the reason that is put into `why`.
OrRefusal<std::unique_ptr<Publisher>> make_publisher(Publish publish, long long wall_offset,
                                                     std::string& why);

}  // namespace vdsokit::uexec
