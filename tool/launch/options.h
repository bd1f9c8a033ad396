// SPDX-License-Identifier: BSD-2-Clause
// The command line of the launcher, which is that of scripts/run.
#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace vdsokit::launch {

enum class Task { demonstration, shell, program };

// Where the programs run: hosts/virt or hosts/sel4.
enum class HostKind { virt, sel4 };

// How the image is given to the guest.
enum class ImageUse { shared, rel4, none };

struct FileToBring {
    std::string host_path;
    std::string guest_path;
};

struct Options {
    HostKind host = HostKind::virt;
    Task task = Task::demonstration;
    std::vector<std::string> command;  // the program as the user named it, and its arguments
    std::vector<FileToBring> files;
    std::optional<std::string> image;  // in place of the built one
    ImageUse image_use = ImageUse::shared;
    std::string vdso_address;  // "fixed", "random"; empty: as the host has it
    bool stats = false;
    bool verbose = false;
    bool enters_at_el2 = false;
    bool count_instructions = false;
    std::string memory;  // empty: what the host is built for
    std::string cpu = "cortex-a57";
};

// The options, or the exit status if everything has been said already (--help, a wrong option).
std::variant<Options, int> read_options(int argc, char** argv);

}  // namespace vdsokit::launch
