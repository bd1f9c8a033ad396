// SPDX-License-Identifier: BSD-2-Clause
#include "tool/run/options.h"

#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include <map>

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include "hosts/linux/control_client.h"
#include "tool/run/when.h"

namespace vdsokit::tool {

namespace {

constexpr char const* follows =
    "What follows: CLOCK_REALTIME, its coarse twin, CLOCK_TAI, gettimeofday and time, wherever a "
    "program asks its vDSO, as libc and Go do. Monotonic clocks are the kernel's. What does not "
    "follow: raw clock system calls, time stamps that the kernel makes (files, sockets), absolute "
    "CLOCK_REALTIME timeouts, rdtsc.";

[[noreturn]] void refuse(std::string const& reason) {
    fmt::print(stderr, "vdsokit: {}\n", reason);
    throw Answer{status_usage};
}

// The kernel's, from which offsets count: our own vDSO may be one of ours.
kit::Timespec wall_clock() {
    timespec now{};
    syscall(SYS_clock_gettime, CLOCK_REALTIME, &now);
    return {now.tv_sec, static_cast<u32>(now.tv_nsec)};
}

template <class Value>
kit::Timespec value_or_refuse(Value const& parsed) {
    if (auto const* fault = std::get_if<WhenFault>(&parsed)) refuse(fault->reason);
    return std::get<kit::Timespec>(parsed);
}

// The two ways to say how far the wall clock is off.
struct WallClock {
    std::string realtime;
    std::string offset;

    CLI::Option_group* add_to(CLI::App& app) {
        CLI::Option_group* const group = app.add_option_group("wall clock");
        group
            ->add_option("--realtime", realtime,
                         "the wall clock begins at WHEN: @SECONDS or ISO 8601")
            ->type_name("WHEN");
        group->add_option("--offset", offset, "the wall clock is off by this: +1y2d3h, -90s")
            ->type_name("DURATION");
        group->require_option(0, 1);
        return group;
    }
    kit::Timespec from_kernel() const {
        if (!offset.empty()) return value_or_refuse(parse_span(offset));
        if (realtime.empty()) return {};
        auto const off = difference(value_or_refuse(parse_time(realtime)), wall_clock());
        if (!off) refuse(fmt::format("'{}': out of a clock's range", realtime));
        return *off;
    }
};

void parse(CLI::App& app, int argc, char** argv) {
    try {
        app.parse(argc, argv);
    } catch (CLI::Success const& answered) {
        throw Answer{app.exit(answered)};
    } catch (CLI::ParseError const& error) {
        refuse(std::string(error.what()) + "; see --help");
    }
}

}  // namespace

RunOptions parse_run(int argc, char** argv) {
    RunOptions options;
    WallClock wall;
    CLI::App app{
        "vdsokit run [OPTIONS] [--] PROGRAM [ARGUMENT...]\n\nRuns a program, and all that it "
        "starts, on vdsokit's vDSO in place of the "
        "kernel's. Its pid, exit status, signals and terminal are as without it.",
        "vdsokit run"};
    app.footer(std::string(follows) +
               "\n\nExit status: the program's; 127 it is not found, 126 it cannot be executed, "
               "125 vdsokit failed, 2 wrong use.");
    wall.add_to(app);
    app.add_option(
           "--clock-source", options.source,
           "what the clocks are read from: 'kernel' (the default), its own vDSO; 'tsc', the "
           "CPU's counter, which follows the kernel's clocks within some 100 ns")
        ->type_name("SOURCE")
        ->transform(CLI::CheckedTransformer(std::map<std::string, on_linux::ClockSource>{
            {"kernel", on_linux::ClockSource::kernel}, {"tsc", on_linux::ClockSource::counter}}));
    app.add_option("--vdso", options.image_file, "another image than the one built in")
        ->type_name("FILE");
    app.add_flag("--verbose", options.verbose, "say for each exec what was done");
    app.prefix_command();
    parse(app, argc, argv);
    options.command = app.remaining();
    if (!options.command.empty() && options.command.front() == "--")
        options.command.erase(options.command.begin());
    else if (!options.command.empty() && options.command.front().rfind('-', 0) == 0)
        refuse(options.command.front() + ": no such option; see --help");
    if (options.command.empty()) refuse("name a PROGRAM; see --help");
    options.offset = wall.from_kernel();
    return options;
}

SetOptions parse_set(int argc, char** argv) {
    SetOptions options;
    WallClock wall;
    CLI::App app{
        "vdsokit set (PID... | --all) (--realtime WHEN | --offset DURATION)\n\nChanges the wall "
        "clock of running programs, for the whole tree that each "
        "belongs to, at once.",
        "vdsokit set"};
    app.footer(fmt::format(
        "An offset is from the kernel's clock, not from the present one: --offset 0s "
        "undoes all.\n\nA tree whose supervisor has not answered within {} s (it may be "
        "stopped) stays as it is.\n\nExit status: 0; 1 a tree or a process could not be "
        "reached; 2 wrong use.",
        on_linux::patience.count()));
    wall.add_to(app)->require_option(1);
    app.add_option("PID", options.processes, "processes started by `vdsokit run`");
    app.add_flag("--all", options.all, "every tree of this user");
    parse(app, argc, argv);
    if (options.all != options.processes.empty()) refuse("name a PID, or --all; see --help");
    options.offset = wall.from_kernel();
    return options;
}

}  // namespace vdsokit::tool
