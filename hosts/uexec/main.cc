// SPDX-License-Identifier: BSD-2-Clause
// vdsokit-uexec: loads a program into its own process and starts it on our vDSO.
#include <cstdio>

#include "hosts/uexec/keeper.h"
#include "hosts/uexec/new_program.h"
#include "hosts/uexec/options.h"
#include "hosts/uexec/publisher.h"

namespace {

using namespace vdsokit::uexec;

// Returns only if the program could not be started.
Refusal run(Options const& options) {
    auto const found = vdsokit::on_linux::find_program(options.command.front());
    if (found.status != 0) return {found.status, found.reason};
    auto opened = NewProgram::open(found.path, options.command);
    if (auto* const refused = std::get_if<Refusal>(&opened)) return *refused;
    auto& program = *std::get<std::unique_ptr<NewProgram>>(opened);

    auto loaded = Vdso::load(options.image_file, options.unchecked);
    if (auto* const refused = std::get_if<Refusal>(&loaded)) return *refused;
    auto& vdso = *std::get<std::unique_ptr<Vdso>>(loaded);

    std::string why = "the image has no time page";
    std::unique_ptr<Publisher> publisher;
    if (vdso.time_page() != nullptr) {
        auto made = make_publisher(options.publish, options.wall_offset, why);
        if (auto* const refused = std::get_if<Refusal>(&made)) return *refused;
        publisher = std::move(std::get<std::unique_ptr<Publisher>>(made));
    }
    // An offset that only some calls showed would be worse than none.
    if (publisher == nullptr && options.wall_offset != 0)
        return Refusal::own("--offset: nothing is published: " + why);
    if (auto refused = program.make(vdso)) return *refused;
    if (publisher != nullptr) {
        publisher->attach(*vdso.time_page());
        if (auto const failure = start_keeper(*publisher)) return Refusal::own(failure.reason());
    }
    vdso.let_go();
    if (options.verbose)
        std::fprintf(stderr, "vdsokit-uexec: %s: the vDSO is at %#llx; time: %s\n",
                     found.path.c_str(), static_cast<unsigned long long>(program.vdso_base()),
                     publisher != nullptr ? publisher->description().c_str()
                                          : ("none published: " + why).c_str());
    program.start();
}

}  // namespace

int main(int argc, char** argv) {
    auto const parsed = parse_options(argc, argv);
    if (auto const* const options = std::get_if<std::optional<Options>>(&parsed)) {
        if (!*options) return 0;
        Refusal const refused = run(**options);
        std::fprintf(stderr, "vdsokit-uexec: %s\n", refused.reason.c_str());
        return refused.status;
    }
    Refusal const& refused = std::get<Refusal>(parsed);
    std::fprintf(stderr, "vdsokit-uexec: %s\n", refused.reason.c_str());
    return refused.status;
}
