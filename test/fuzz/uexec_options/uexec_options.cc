// SPDX-License-Identifier: BSD-2-Clause
// The command line of vdsokit-uexec: arguments that end in NUL.
#include <getopt.h>

#include <string>

#include "hosts/uexec/options.h"
#include "test/fuzz/target.h"

namespace vdsokit::fuzz {
namespace {

void run(kit::Bytes input) {
    std::vector<std::string> arguments{"vdsokit-uexec"};
    std::string_view rest = text_of(input);
    while (!rest.empty()) {
        std::size_t const end = rest.find('\0');
        arguments.emplace_back(rest.substr(0, end));
        rest = end == std::string_view::npos ? "" : rest.substr(end + 1);
    }
    // The help would be printed each time.
    for (std::string const& argument : arguments)
        if (argument.starts_with("-h") || argument.starts_with("--h")) return;
    std::vector<char*> places;
    places.reserve(arguments.size() + 1);
    for (std::string& argument : arguments) places.push_back(argument.data());
    places.push_back(nullptr);

    optind = 0;  // glibc's way to begin again
    auto const parsed = uexec::parse_options(static_cast<int>(arguments.size()), places.data());
    if (auto const* const refusal = std::get_if<uexec::Refusal>(&parsed)) {
        require(refusal->status == uexec::status_own_failure && !refusal->reason.empty(),
                "a refusal says why");
        return;
    }
    auto const& options = std::get<std::optional<uexec::Options>>(parsed);
    require(options.has_value(), "no help was asked for");
    require(!options->image_file.empty() && !options->command.empty(),
            "there are an image and a program");
    // Nothing behind the program's name is ours.
    std::vector<std::string> const& command = options->command;
    require(command.size() < arguments.size() &&
                std::equal(command.rbegin(), command.rend(), arguments.rbegin()),
            "the command is the end of the command line");
}

Target const target{"uexec_options", run};

}  // namespace
}  // namespace vdsokit::fuzz
