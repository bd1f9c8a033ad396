// SPDX-License-Identifier: BSD-2-Clause
#include "tool/launch/options.h"

#include <CLI/CLI.hpp>

#include <memory>

#include "tool/launch/failure.h"
#include "tool/launch/guest_tree.h"

namespace vdsokit::launch {

namespace {

constexpr char const* description =
    "Runs aarch64 and 32-bit arm Linux programs on vdsokit's small kernel in QEMU, with vdsokit's "
    "vDSO.\n"
    "Without PROGRAM: the demonstration.";

constexpr char const* details = R"(
PROGRAM is a file of this machine, or the name of a command of Debian's busybox, which the
guest has as /bin/sh and so on. It becomes /bin/NAME and starts in /. Its input, output and
exit status are the program's (128 + n for signal n); a terminal is passed on as a terminal,
and there Ctrl-] ends the guest.

A dynamic program's interpreter and libraries are found by themselves: musl's
(/lib/ld-musl-aarch64.so.1) in the sysroot that scripts/sysroot fetched, glibc's
(/lib/ld-linux-aarch64.so.1, libc.so.6, libstdc++.so.6, ...) in Debian's cross packages, and so for
arm (/lib/ld-linux-armhf.so.3). Others, and other versions of these, are given by --file.

Exit status besides the program's: 125 the guest or this machine failed, 126 PROGRAM cannot be
executed, 127 PROGRAM was not found.)";

class Formatter final : public CLI::Formatter {
public:
    Formatter() { column_width(28); }
    std::string make_usage(CLI::App const*, std::string name) const override {
        return "Usage: " + name + " [OPTIONS] [PROGRAM [ARG...]]\n";
    }
};

// PATH keeps its place in the guest, counted from the root; PATH=GUESTPATH names another.
FileToBring read_file_option(std::string const& text) {
    std::size_t const equals = text.find('=');
    std::string const host_path = text.substr(0, equals);
    return {host_path,
            normal_guest_path(equals == std::string::npos ? host_path : text.substr(equals + 1))};
}

}  // namespace

std::variant<Options, int> read_options(int argc, char** argv) {
    Options options;
    std::vector<std::string> files;
    std::string image;
    bool shell = false;
    bool no_image = false;
    bool rel4 = false;
    std::string host = "virt";

    CLI::App app(description, "scripts/run");
    app.formatter(std::make_shared<Formatter>());
    app.footer(details);
    app.prefix_command();
    app.add_option("--file", files, "Bring a file or folder: PATH, or PATH=GUESTPATH (repeatable)")
        ->allow_extra_args(false)
        ->type_name("PATH[=GUESTPATH]");
    app.add_option("--host", host, "virt, or sel4: a root task on the kernel of SEL4_PREFIX")
        ->check(CLI::IsMember({"virt", "sel4"}))
        ->type_name("NAME")
        ->capture_default_str();
    app.add_flag("--shell", shell, "An interactive busybox shell");
    app.add_flag(
        "--stats", options.stats,
        "System calls of each process that ends, and the host's counts, on standard error");
    app.add_option("--vdso", image, "Another image in place of the built one of its machine")
        ->type_name("FILE");
    app.add_flag("--no-vdso", no_image, "No image at all");
    app.add_flag("--rel4", rel4, "Load the image as rel4-linux-kit does (docs/rel4.md)");
    app.add_option("--vdso-address", options.vdso_address,
                   "fixed (0x4_0000_0000, usual on sel4) or random (usual on virt)")
        ->check(CLI::IsMember({"fixed", "random"}))
        ->type_name("KIND");
    app.add_flag("--verbose", options.verbose, "The host's own messages, on standard error");
    app.add_flag("--count-instructions", options.count_instructions,
                 "The guest's clocks count its instructions: 1 ns each, the same every time");
    app.add_flag("--el2", options.enters_at_el2,
                 "Start the guest at EL2, as machines with virtualization do");
    app.add_option("--memory", options.memory,
                   "Memory of the machine [1G]; a seL4 kernel is built for one size")
        ->type_name("SIZE");
    app.add_option("--cpu", options.cpu, "QEMU's CPU model")
        ->type_name("NAME")
        ->capture_default_str();

    try {
        app.parse(argc, argv);
    } catch (CLI::ParseError const& error) {
        return app.exit(error) == 0 ? 0 : status_host_failure;
    }

    options.command = app.remaining();
    if (!options.command.empty() && options.command.front() == "--")
        options.command.erase(options.command.begin());
    else if (!options.command.empty() && options.command.front().starts_with('-'))
        throw Failure{status_host_failure, "no such option: " + options.command.front()};
    if (shell && !options.command.empty())
        throw Failure{status_host_failure, "--shell takes no PROGRAM"};
    if (no_image && (rel4 || !image.empty()))
        throw Failure{status_host_failure, "--no-vdso excludes --vdso and --rel4"};
    options.task = shell                     ? Task::shell
                   : options.command.empty() ? Task::demonstration
                                             : Task::program;
    options.host = host == "sel4" ? HostKind::sel4 : HostKind::virt;
    if (options.host == HostKind::sel4 && !options.memory.empty())
        throw Failure{status_host_failure, "--host sel4 excludes --memory"};
    for (std::string const& file : files) options.files.push_back(read_file_option(file));
    if (!image.empty()) options.image = image;
    options.image_use = no_image ? ImageUse::none : rel4 ? ImageUse::rel4 : ImageUse::shared;
    return options;
}

}  // namespace vdsokit::launch
