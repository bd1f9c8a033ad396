// SPDX-License-Identifier: BSD-2-Clause
#include "hosts/uexec/options.h"

#include <getopt.h>

#include <cstdio>
#include <cstdlib>

namespace vdsokit::uexec {

namespace {

constexpr char const* help =
    "vdsokit-uexec --vdso FILE [OPTIONS] [--] PROGRAM [ARGUMENT...]\n"
    "\n"
    "Loads a program and its interpreter into its own process and starts it on the vDSO FILE. "
    "What\n"
    "the program itself executes later has the kernel's vDSO again, or none.\n"
    "\n"
    "  --vdso FILE         an image for this CPU: build/images/CPU/vdso.so\n"
    "  --publish counter   clocks run from the CPU's counter, kept in step with the host's\n"
    "  --publish held      clocks are set to the host's 250 times a second\n"
    "  --publish none      nothing is published: every call makes the system call\n"
    "                      default: counter where the CPU has one to trust, else none\n"
    "  --offset SECONDS    the wall clocks are off by this\n"
    "  --unchecked         map the image even if it breaks a rule, to see what a libc makes of it\n"
    "  --verbose           say on standard error what was done\n"
    "  --help              this text\n"
    "\n"
    "Exit status: the program's; 127 it is not found, 126 it cannot be executed, 125 wrong use or\n"
    "a failure here.\n";

enum Choice { choose_vdso = 1, choose_publish, choose_offset, choose_unchecked, choose_verbose };

Refusal usage(std::string const& what) { return Refusal::own(what + "; see --help"); }

std::optional<Publish> publish_named(std::string const& name) {
    if (name == "counter") return Publish::counter;
    if (name == "held") return Publish::held;
    if (name == "none") return Publish::none;
    return std::nullopt;
}

}  // namespace

OrRefusal<std::optional<Options>> parse_options(int argc, char** argv) {
    constexpr option choices[] = {{"vdso", required_argument, nullptr, choose_vdso},
                                  {"publish", required_argument, nullptr, choose_publish},
                                  {"offset", required_argument, nullptr, choose_offset},
                                  {"unchecked", no_argument, nullptr, choose_unchecked},
                                  {"verbose", no_argument, nullptr, choose_verbose},
                                  {"help", no_argument, nullptr, 'h'},
                                  {nullptr, 0, nullptr, 0}};
    Options options;
    opterr = 0;
    // + ends the options at the program's name; : tells a missing value from an unknown option.
    for (int choice = 0; (choice = getopt_long(argc, argv, "+:h", choices, nullptr)) != -1;) {
        switch (choice) {
        case choose_vdso: options.image_file = optarg; break;
        case choose_publish: {
            auto const publish = publish_named(optarg);
            if (!publish) return usage("--publish " + std::string(optarg) + ": no such way");
            options.publish = *publish;
            break;
        }
        case choose_offset: {
            char* end = nullptr;
            errno = 0;
            options.wall_offset = std::strtoll(optarg, &end, 10);
            if (end == optarg || *end != 0 || errno != 0)
                return usage("--offset " + std::string(optarg) + ": no number of seconds");
            break;
        }
        case choose_unchecked: options.unchecked = true; break;
        case choose_verbose: options.verbose = true; break;
        case 'h': std::fputs(help, stdout); return std::optional<Options>();
        case ':': return usage(std::string(argv[optind - 1]) + ": its value is missing");
        default: return usage(std::string(argv[optind - 1]) + ": no such option");
        }
    }
    options.command.assign(argv + optind, argv + argc);
    if (options.command.empty()) return usage("name a PROGRAM");
    if (options.image_file.empty()) return usage("name an image by --vdso FILE");
    return std::optional<Options>(std::move(options));
}

}  // namespace vdsokit::uexec
