// SPDX-License-Identifier: BSD-2-Clause
// A QEMU that runs the guest's kernel: one serial line, memory, no network and nothing else. It ends
// with the launcher, however the launcher ends.
#pragma once

#include <sys/types.h>

#include <string>

#include "hosts/linux/descriptor.h"

namespace vdsokit::launch {

using on_linux::Descriptor;

struct MachineSetup {
    std::string kernel;   // file; empty: boot_file is all there is
    std::string archive;  // contents of the initial file system
    std::string boot_words;
    std::string boot_file;  // contents: kernel, files and words in one
    std::string memory;     // as QEMU takes it: "1G"
    std::string cpu;
    bool enters_at_el2;
    bool count_instructions;  // virtual time is the number of instructions, in ns
};

class Machine {
public:
    // Throws Failure if no process could be made. A QEMU that then fails ends by itself.
    explicit Machine(MachineSetup const& setup);
    ~Machine();
    Machine(Machine const&) = delete;
    Machine& operator=(Machine const&) = delete;

    // The serial line, both ways, non-blocking.
    int console() const { return console_.number(); }
    // What QEMU itself has had to say so far.
    std::string complaints() const;

private:
    Descriptor console_;
    Descriptor complaints_;  // a file in memory, QEMU's standard error
    pid_t process_ = -1;
};

}  // namespace vdsokit::launch
