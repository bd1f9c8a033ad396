// SPDX-License-Identifier: BSD-2-Clause
// `vdsokit run` and `vdsokit set`, one program: `vdsokit` executes it as vdsokit-run with its own
// arguments. Apart from that tool because this one is built for the CPU that runs it.
#include <fmt/format.h>

#include <fstream>
#include <iterator>
#include <set>
#include <string_view>

#include "hosts/linux/control_client.h"
#include "hosts/linux/find_program.h"
#include "hosts/linux/launch.h"
#include "kit/image/image.h"
#include "tool/run/embedded_image.h"
#include "tool/run/options.h"
#include "tool/run/when.h"

namespace {

using namespace vdsokit;
using namespace vdsokit::tool;

constexpr int status_own_failure = 125;

int fail(int status, std::string const& reason) {
    fmt::print(stderr, "vdsokit: {}\n", reason);
    return status;
}

int run(RunOptions const& options) {
    on_linux::FoundProgram const program = on_linux::find_program(options.command.front());
    if (program.status != 0) return fail(program.status, program.reason);
    std::string bytes;
    kit::Bytes image = embedded_image();
    if (!options.image_file.empty()) {
        std::ifstream file(options.image_file, std::ios::binary);
        bytes.assign(std::istreambuf_iterator<char>(file), {});
        if (!file)
            return fail(status_own_failure, fmt::format("{}: cannot be read", options.image_file));
        image = {reinterpret_cast<u8 const*>(bytes.data()), bytes.size()};
    }
    auto const opened = kit::open_image(image);
    if (!opened) {
        kit::ImageFault const& fault = opened.error();
        return fail(status_own_failure,
                    fmt::format("{}: refused: {}: {} (offset {:#x})",
                                options.image_file.empty() ? "the image" : options.image_file,
                                fault.rule->name, fault.rule->reason, fault.at.value));
    }
    auto const failed = on_linux::launch({image, options.source, options.offset, options.verbose},
                                         program.path, options.command);
    if (failed.exec_errno == 0) return fail(status_own_failure, failed.failure.reason());
    return fail(
        failed.exec_errno == ENOENT ? on_linux::status_not_found : on_linux::status_not_executable,
        failed.failure.reason());
}

int set(SetOptions const& options) {
    int status = 0;
    std::set<u64> trees;
    if (options.all)
        for (u64 const tree : on_linux::running_trees()) trees.insert(tree);
    for (int const process : options.processes) {
        u64 const tree = on_linux::tree_of(process);
        if (tree != 0)
            trees.insert(tree);
        else
            status = fail(
                1, fmt::format("pid {}: not a process on our vDSO that you may look at", process));
    }
    for (u64 const tree : trees)
        if (auto const failure = on_linux::request_offset(tree, options.offset))
            status = fail(1, failure.reason());
    if (trees.empty() && options.all) status = fail(1, "no program runs on our vDSO");
    return status;
}

}  // namespace

int main(int argc, char** argv) {
    std::string_view const verb = argc > 1 ? argv[1] : "";
    try {
        if (verb == "run") return run(parse_run(argc - 1, argv + 1));
        if (verb == "set") return set(parse_set(argc - 1, argv + 1));
        return fail(status_usage, "this is part of vdsokit; see `vdsokit --help`");
    } catch (Answer const& answer) {
        return answer.status;
    } catch (std::exception const& error) {
        return fail(status_own_failure, error.what());
    }
}
