// SPDX-License-Identifier: BSD-2-Clause
#include "tool/launch/demonstration.h"

#include <fmt/format.h>

#include <cstdio>
#include <filesystem>
#include <string>
#include <vector>

#include "tool/launch/failure.h"
#include "tool/launch/guest.h"
#include "tool/launch/libraries.h"
#include "tool/launch/machine.h"
#include "tool/launch/machine_setup.h"
#include "tool/launch/records.h"
#include "tool/launch/session.h"

namespace vdsokit::launch {

namespace {

constexpr char const* script_path = "/demo/demo.sh";
constexpr char const* date_path = "/demo/date";
constexpr char const* programs[] = {"probe-musl-static", "probe-musl-dynamic", "probe-glibc-static",
                                    "probe-glibc-dynamic", "probe-threads"};
constexpr char const* narrow_programs[] = {"probe-arm-musl-static", "probe-arm-glibc-static"};

struct Boot {
    int status;
    std::vector<Record> said;     // by the probes
    std::vector<Record> counted;  // by the host, a process each
};

void add_probe(GuestTree& tree, std::filesystem::path const& path, Places const& places) {
    std::string const contents = read_host_file(path.string());
    add_needs(tree, contents, places);
    tree.add_file("/bin/" + path.filename().string(), contents, true);
}

// Returns the command that runs it. seL4 has no threads for 32-bit programs on a 64-bit CPU.
std::vector<std::string> add_demonstration(GuestTree& tree, HostKind host, Places const& places) {
    std::vector<std::string> command{"/bin/sh", script_path};
    auto const add = [&](std::filesystem::path const& folder, char const* program) {
        add_probe(tree, folder / program, places);
        command.emplace_back(program);
    };
    for (char const* const program : programs) add(places.programs, program);
    switch (host) {
    case HostKind::virt:
        for (char const* const program : narrow_programs) add(places.narrow_programs, program);
        break;
    case HostKind::sel4: break;
    }
    tree.add_from_host(script_path, (places.programs / "demo.sh").string());
    // A copy, so that the host's counts name it apart from the shell.
    tree.add_from_host(date_path, (places.sysroot / "bin/busybox").string());
    return command;
}

Boot boot(GuestTree tree, std::vector<std::string> const& command, Options const& options,
          Places const& places, Signals const& signals, bool show_output) {
    add_start(tree, command);
    Machine machine(machine_setup(options, places, tree, boot_words(options, nullptr)));
    RecordFilter probes({"probe"});
    RecordFilter counts({"stats", "host"});
    auto const filter = [&](Channel channel, std::string_view bytes) -> std::string {
        if (channel == Channel::output) {
            std::string const rest = probes.pass(bytes);
            return show_output ? rest : std::string();
        }
        return channel == Channel::errors ? counts.pass(bytes) : std::string(bytes);
    };
    int const status =
        Session(machine, signals, {.terminal = false, .verbose = options.verbose, .filter = filter})
            .run();
    return {status, probes.records(), counts.records()};
}

double time_calls(Record const& process) {
    double sum = 0;
    for (char const* const call : {"clock_gettime", "gettimeofday", "clock_getres",
                                   "clock_gettime64", "clock_getres_time64"})
        sum += process.number(call);
    return sum;
}

// Time system calls of the process with this id, or of all that ran this file.
double time_calls_where(std::vector<Record> const& counted, char const* key,
                        std::string const& value) {
    double sum = 0;
    for (Record const& process : counted) {
        if (process.kind == "stats" && process.text(key) == value) sum += time_calls(process);
    }
    return sum;
}

std::string executable_of(std::vector<Record> const& counted, std::string const& pid) {
    for (Record const& process : counted) {
        if (process.kind == "stats" && process.text("pid") == pid) return process.text("exe");
    }
    throw Failure{status_host_failure, "the host counted nothing for process " + pid};
}

double nanoseconds_a_call(Record const& probe) {
    return probe.number("nanoseconds") / probe.number("calls_timed");
}

void print_row(std::string const& program, std::string const& libc, std::string const& linkage,
               double calls, double system_calls, std::string const& vdso_time,
               std::string const& system_time) {
    fmt::print("{:<22} {:<6} {:<8} {:>11.0f} {:>17.0f} {:>12} {:>19}\n", program, libc, linkage,
               calls, system_calls, vdso_time, system_time);
}

// A probe ran twice: by the library and, to be compared with, by the system call.
void print_table(Boot const& main_boot, Boot const& boot_without_image) {
    fmt::print("\n{:<22} {:<6} {:<8} {:>11} {:>17} {:>12} {:>19}\n", "program", "libc", "linkage",
               "clock calls", "time system calls", "ns by vDSO", "ns by system call");
    for (std::size_t at = 0; at + 1 < main_boot.said.size(); at += 2) {
        Record const& library = main_boot.said[at];
        Record const& system = main_boot.said[at + 1];
        std::string const path = executable_of(main_boot.counted, library.text("pid"));
        print_row(path.substr(path.rfind('/') + 1), library.text("libc"), library.text("linkage"),
                  library.number("calls"),
                  time_calls_where(main_boot.counted, "pid", library.text("pid")),
                  fmt::format("{:.0f}", nanoseconds_a_call(library)),
                  fmt::format("{:.0f}", nanoseconds_a_call(system)));
    }
    print_row("date (busybox)", "glibc", "static",
              time_calls_where(boot_without_image.counted, "exe", date_path),
              time_calls_where(main_boot.counted, "exe", date_path), "-", "-");
}

}  // namespace

int demonstrate(Options const& options, Places const& places, Signals const& signals) {
    Options with_counts = options;
    with_counts.stats = true;
    GuestTree tree = common_files(options, places);
    std::vector<std::string> const command = add_demonstration(tree, options.host, places);
    Boot const main_boot = boot(tree, command, with_counts, places, signals, true);
    if (main_boot.status != 0) return main_boot.status;

    // date does not say how many calls it makes. Without an image each one is a system call, which
    // the host counts.
    Options without_image = with_counts;
    without_image.image_use = ImageUse::none;
    Boot const boot_without_image = boot(tree, {date_path}, without_image, places, signals, false);
    if (boot_without_image.status != 0) return boot_without_image.status;

    print_table(main_boot, boot_without_image);
    if (options.stats) {
        for (Record const& record : main_boot.counted) {
            fmt::print(stderr, "{}:", record.kind);
            for (auto const& [key, value] : record.fields) fmt::print(stderr, " {}={}", key, value);
            fmt::print(stderr, "\n");
        }
    }
    return 0;
}

}  // namespace vdsokit::launch
