// SPDX-License-Identifier: BSD-2-Clause
// vdsokit: checks, shows and stamps vDSO images. Exit status: 0, 1 when an image breaks a rule,
// 2 when the command line or a file cannot be used.
#include <cstdio>
#include <exception>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include "tool/vdsokit/check.h"
#include "tool/vdsokit/describe.h"
#include "tool/vdsokit/failure.h"
#include "tool/vdsokit/show.h"
#include "tool/vdsokit/sibling.h"
#include "tool/vdsokit/source.h"
#include "tool/vdsokit/stamp.h"

namespace {

using namespace vdsokit;
using namespace vdsokit::tool;

struct Arguments {
    std::vector<std::string> files;
    bool live = false;
    bool json = false;
    std::string input;
    std::string output;
    std::string counter;
    std::string trap;
    std::string publish;
};

void print_json(Json const& value) {
    // Names of files may be anything: what is no UTF-8 is replaced.
    fmt::print("{}\n", value.dump(2, ' ', false, Json::error_handler_t::replace));
}

void complain(Failure const& failure) { fmt::print(stderr, "vdsokit: {}\n", failure.text); }

std::vector<std::string> sources(Arguments const& arguments) {
    if (arguments.live && !arguments.files.empty())
        throw Failure{status_usage, "--live and FILE exclude each other; see --help"};
    if (!arguments.live && arguments.files.empty())
        throw Failure{status_usage, "name a FILE, or --live for the running kernel's; see --help"};
    return arguments.files;
}

// Files that can be read are checked although others cannot.
int run_check(Arguments const& arguments) {
    int status = 0;
    Json reports = Json::array();
    auto const judge = [&](Source const& source) {
        Report const report = check(source.bytes());
        if (!report.is_ok() && status == 0) status = status_refused;
        if (arguments.json)
            reports.push_back(as_json(source.name, report));
        else
            fmt::print("{}", as_text(source.name, report));
    };
    std::vector<std::string> const files = sources(arguments);
    if (arguments.live) judge(read_live());
    for (std::string const& file : files) {
        try {
            judge(read_file(file));
        } catch (Failure const& failure) {
            complain(failure);
            status = failure.status;
        }
    }
    if (arguments.json) print_json({{"images", reports}});
    return status;
}

int run_show(Arguments const& arguments) {
    std::vector<std::string> const files = sources(arguments);
    if (files.size() > 1) throw Failure{status_usage, "show takes one FILE; see --help"};
    Source const source = arguments.live ? read_live() : read_file(files.front());
    kit::ImageView const image{source.bytes()};
    if (!image.elf.has_header() || !kit::find_rule("elf-magic")->check(image).is_held())
        throw Failure{status_refused,
                      fmt::format("{}: not an ELF image; `vdsokit check {}` says why", source.name,
                                  arguments.live ? "--live" : source.name)};
    Json const description = describe(image);
    if (arguments.json)
        print_json(description);
    else
        fmt::print("{}", as_text(description));
    return 0;
}

int run_stamp(Arguments const& arguments) {
    StampOptions options;
    if (!arguments.counter.empty())
        options.direct = arguments.counter == "physical" ? CounterKind::physical_count
                                                         : CounterKind::virtual_count;
    if (!arguments.publish.empty()) options.publish = parse_publication(arguments.publish);
    if (!arguments.trap.empty()) options.trap = arguments.trap;
    if (!options.direct && !options.publish && !options.trap)
        throw Failure{status_usage,
                      "stamp changes nothing without --counter, --publish or --trap; see --help"};
    write_file(arguments.output, stamp(read_file(arguments.input), options));
    return 0;
}

void describe_options(CLI::App& app, Arguments& arguments) {
    app.require_subcommand(1);
    app.footer("Exit status: 0; 1 an image breaks a rule; 2 wrong use, or a file cannot be used.");

    CLI::App& check = *app.add_subcommand(
        "check", "Applies every rule of the image contract and names each that is broken.");
    check.add_option("FILE", arguments.files, "images of any machine");
    check.add_flag("--live", arguments.live, "the running kernel's own vDSO");
    check.add_flag("--json", arguments.json, "print JSON");

    CLI::App& show = *app.add_subcommand(
        "show", "Prints header, segments, exports, notes and the decoded time page.");
    show.add_option("FILE", arguments.files, "an image of any machine");
    show.add_flag("--live", arguments.live, "the running kernel's own vDSO");
    show.add_flag("--json", arguments.json, "print JSON");

    // For --help; main() has taken them before anything is parsed.
    app.add_subcommand("run", "Runs a program on this vDSO, with a wall clock of its own.");
    app.add_subcommand("set", "Changes the wall clock of programs that `run` started.");
    app.add_subcommand("bench", "Measures this vDSO against the kernel's, on this machine.");

    CLI::App& stamp = *app.add_subcommand(
        "stamp", "Writes a variant of a vdsokit image: another time page, other traps.");
    stamp.add_option("IN", arguments.input, "a vdsokit image that passes `check`")->required();
    stamp.add_option("-o,--output", arguments.output, "the variant")->required();
    CLI::Option* const counter =
        stamp
            .add_option("--counter", arguments.counter,
                        "virtual or physical: monotonic clocks run straight from that counter, "
                        "realtime makes the system call; for a host that never publishes")
            ->check(CLI::IsMember({"virtual", "physical"}));
    stamp.add_option("--trap", arguments.trap,
                     "VALUE or brk: put this 32-bit instruction in place of each that enters the "
                     "kernel");
    stamp
        .add_option("--publish", arguments.publish,
                    "counter=virtual|physical,frequency=HZ,realtime=NS,monotonic=NS[,boottime=NS]"
                    "[,tai-offset=S][,resolution=NS][,coarse-resolution=NS]: bake in a time page "
                    "that says this at counter value 0; for tests and measurements")
        ->excludes(counter);
}

int run(CLI::App& app, Arguments const& arguments) {
    if (app.got_subcommand("check")) return run_check(arguments);
    if (app.got_subcommand("show")) return run_show(arguments);
    return run_stamp(arguments);
}

}  // namespace

int main(int argc, char** argv) {
    CLI::App app{"vdsokit: checks, shows and stamps vDSO images.", "vdsokit"};
    Arguments arguments;
    describe_options(app, arguments);
    try {
        // Not parsed here: what follows is the other program's.
        if (argc > 1 && is_sibling_verb(argv[1])) become_sibling(argv);
        app.parse(argc, argv);
        return run(app, arguments);
    } catch (CLI::Success const& answered) {
        return app.exit(answered);  // --help
    } catch (CLI::ParseError const& error) {
        complain({status_usage, std::string{error.what()} + "; see --help"});
        return status_usage;
    } catch (Failure const& failure) {
        complain(failure);
        return failure.status;
    } catch (std::exception const& error) {
        complain({status_usage, error.what()});
        return status_usage;
    }
}
