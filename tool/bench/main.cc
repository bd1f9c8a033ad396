// SPDX-License-Identifier: BSD-2-Clause
// `vdsokit bench`; `vdsokit` executes it as vdsokit-bench with its own arguments. Apart from that
// tool because this one is built for the CPU that runs it.
#include <fmt/format.h>

#include <fstream>
#include <iterator>
#include <memory>

#include "tool/bench/failure.h"
#include "tool/bench/options.h"
#include "tool/bench/own_image.h"
#include "tool/bench/progress.h"
#include "tool/bench/report.h"
#include "tool/run/embedded_image.h"

namespace {

using namespace vdsokit;
using namespace vdsokit::bench;

int fail(int status, std::string const& reason) {
    fmt::print(stderr, "vdsokit: {}\n", reason);
    return status;
}

std::string read(std::string const& name) {
    std::ifstream file(name, std::ios::binary);
    std::string bytes{std::istreambuf_iterator<char>(file), {}};
    if (!file) throw Failure{status_failed, name + ": cannot be read"};
    return bytes;
}

// Opened before anything is measured, so that no result is lost to a wrong path.
std::ofstream open_output(std::string const& name) {
    std::ofstream file;
    if (name.empty() || name == "-") return file;
    file.open(name, std::ios::binary);
    if (!file) throw Failure{status_failed, name + ": cannot be written"};
    return file;
}

void write(std::ofstream& file, std::string const& name, std::string const& text) {
    file << text;
    file.close();
    if (!file) throw Failure{status_failed, name + ": cannot be written"};
}

// A file's image, or the one built in.
std::unique_ptr<OwnImage> load(std::string const& file, VdsoFunctions const& kernel) {
    if (file.empty())
        return std::make_unique<OwnImage>(tool::embedded_image(), "the image built in", kernel);
    std::string const bytes = read(file);
    return std::make_unique<OwnImage>(
        kit::Bytes(reinterpret_cast<u8 const*>(bytes.data()), bytes.size()), file, kernel);
}

Report measure_all(Options const& options) {
    VdsoFunctions const kernel = VdsoFunctions::of_kernel();
    auto const own = load(options.image_file, kernel);
    std::string const& name = own->name();
    std::unique_ptr<OwnImage> other;
    if (!options.other_file.empty()) other = load(options.other_file, kernel);
    u64 const frequency = counter_frequency();
    std::vector<abi::TimePage*> pages{&own->page()};
    if (other != nullptr) pages.push_back(&other->page());
    Publisher publisher(pages, frequency);
    std::vector<Row> const all =
        rows(own->functions(), kernel,
             other != nullptr ? other->functions() : VdsoFunctions(kit::Bytes{}));
    if (all.empty()) throw Failure{status_failed, name + ": exports nothing that is known here"};
    for (Row const& row : all)
        if (std::string const fault = fault_of(row); !fault.empty())
            throw Failure{status_failed, fault};
    auto const cores = static_cast<u32>(usable_cpus().size());
    ProgressBar bar;
    auto measured = measure(all, publisher, frequency, conditions(cores), options.seconds,
                            [&bar](double part, Condition const& at) { bar.show(part, at); });
    return {this_machine(), name,  options.other_file,
            frequency,      cores, tables(all, std::move(measured))};
}

int run(Options const& options) {
    std::ofstream json = open_output(options.json_file);
    std::ofstream html = open_output(options.html_file);
    Report const report = measure_all(options);
    fmt::print("{}", options.json_file == "-" ? as_json(report) : as_text(report));
    if (json.is_open()) write(json, options.json_file, as_json(report));
    if (html.is_open()) write(html, options.html_file, as_html(report));
    return std::fflush(stdout) == 0 ? 0 : fail(status_failed, "standard output: cannot be written");
}

}  // namespace

int main(int argc, char** argv) {
    try {
        return run(parse_options(argc - 1, argv + 1));
    } catch (Answer const& answer) {
        return answer.status;
    } catch (Failure const& failure) {
        return fail(failure.status, failure.text);
    } catch (std::exception const& error) {
        return fail(status_failed, error.what());
    }
}
