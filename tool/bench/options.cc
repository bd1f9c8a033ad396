// SPDX-License-Identifier: BSD-2-Clause
#include "tool/bench/options.h"

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include "tool/bench/failure.h"

namespace vdsokit::bench {

Options parse_options(int argc, char** argv) {
    Options options;
    CLI::App app{
        "vdsokit bench [OPTIONS]\n\nWhat a call costs on this machine: each function of our image "
        "against the running kernel's vDSO, libc and the system call, and all of them against one "
        "bare ordered read of the counter. On 1 core up to all, while the time page is written "
        "0, 1 and 1,000 times a second.",
        "vdsokit bench"};
    app.footer(
        "The calls are interleaved, so that whatever else the machine does meets all alike; "
        "compare the ratios.\n\nExit status: 0; 1 it cannot be measured here, or a file "
        "cannot be written; 2 wrong use.");
    app.add_option("--json", options.json_file, "all figures as JSON; - is standard output")
        ->type_name("FILE");
    app.add_option("--html", options.html_file,
                   "one page with the distributions drawn; needs no network")
        ->type_name("FILE");
    app.add_option("--seconds", options.seconds, "how long to measure, by default 30")
        ->check(CLI::Range(0.1, 86400.0))
        ->type_name("S");
    app.add_option("--vdso", options.image_file, "another image than the one built in")
        ->type_name("FILE");
    app.add_option("--against", options.other_file,
                   "a second image of ours, interleaved with the first")
        ->type_name("FILE");
    try {
        app.parse(argc, argv);
    } catch (CLI::Success const& answered) {
        throw Answer{app.exit(answered)};
    } catch (CLI::ParseError const& error) {
        fmt::print(stderr, "vdsokit: {}; see --help\n", error.what());
        throw Answer{status_usage};
    }
    return options;
}

}  // namespace vdsokit::bench
