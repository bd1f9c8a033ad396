// SPDX-License-Identifier: BSD-2-Clause
// vdsokit-virt: runs aarch64 Linux programs on the kernel of hosts/virt. scripts/run calls it.
#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cstdio>
#include <exception>
#include <optional>

#include "tool/launch/demonstration.h"
#include "tool/launch/failure.h"
#include "tool/launch/guest.h"
#include "tool/launch/machine.h"
#include "tool/launch/machine_setup.h"
#include "tool/launch/options.h"
#include "tool/launch/places.h"
#include "tool/launch/session.h"
#include "tool/launch/signals.h"
#include "tool/launch/terminal.h"

namespace {

using namespace vdsokit::launch;

int run_program(Options const& options, Places const& places, Signals const& signals) {
    GuestTree tree = common_files(options, places);
    add_start(tree, options.task == Task::shell ? std::vector<std::string>{"/bin/sh"}
                                                : add_program(tree, options, places));
    bool const terminal = have_terminal();
    WindowSize const size = terminal ? terminal_size() : WindowSize{0, 0};
    Machine machine(
        machine_setup(options, places, tree, boot_words(options, terminal ? &size : nullptr)));
    std::optional<RawTerminal> raw;
    if (terminal) raw.emplace();
    return Session(machine, signals,
                   {.terminal = terminal, .verbose = options.verbose, .filter = {}})
        .run();
}

// A standard descriptor that whoever started this has closed must not become another file's.
void open_standard_descriptors() {
    for (int const number : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
        if (::fcntl(number, F_GETFD) >= 0) continue;
        if (::open("/dev/null", O_RDWR) != number)
            throw Failure{status_host_failure, "/dev/null cannot be opened"};
    }
}

int run(int argc, char** argv) {
    open_standard_descriptors();
    auto const parsed = read_options(argc, argv);
    if (int const* const status = std::get_if<int>(&parsed)) return *status;
    Options const& options = std::get<Options>(parsed);
    Places const places = find_places();
    Signals const signals;
    return options.task == Task::demonstration ? demonstrate(options, places, signals)
                                               : run_program(options, places, signals);
}

}  // namespace

int main(int argc, char** argv) {
    try {
        return run(argc, argv);
    } catch (Failure const& failure) {
        fmt::print(stderr, "scripts/run: {}\n", failure.text);
        return failure.status;
    } catch (std::exception const& error) {
        fmt::print(stderr, "scripts/run: {}\n", error.what());
        return status_host_failure;
    }
}
