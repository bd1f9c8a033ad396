// SPDX-License-Identifier: BSD-2-Clause
// vdsokit-pack: turns a linked shared object into the image file that processes are given. Part of
// the build; exit status 1 and one line that says what and where if the file is no image.
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include "tool/pack/checks.h"
#include "tool/pack/packer.h"
#include "tool/pack/traps.h"

namespace {

using namespace vdsokit;

pack::Check run(std::string const& input, std::string const& output, u64 page_size) {
    std::ifstream source(input, std::ios::binary);
    if (!source) return pack::Fault{"cannot be read", input};
    std::vector<char> const file{std::istreambuf_iterator<char>(source), {}};
    pack::LinkedImage image;
    kit::Bytes const bytes{reinterpret_cast<u8 const*>(file.data()), file.size()};
    if (pack::Check fault = image.open(bytes)) return fault;
    if (pack::Check fault = pack::check_linked(image, page_size)) return fault;
    std::vector<u32> traps;
    if (pack::Check fault = pack::find_traps(image, traps)) return fault;
    pack::Packer packer(image, traps, page_size);
    if (pack::Check fault = packer.pack()) return fault;

    // A name of its own first: whoever looks at `output` never sees half an image.
    std::string const part = output + ".part";
    std::ofstream sink(part, std::ios::binary | std::ios::trunc);
    sink.write(reinterpret_cast<char const*>(packer.bytes().data()),
               static_cast<std::streamsize>(packer.bytes().size()));
    sink.close();
    if (!sink) return pack::Fault{"cannot be written", part};
    std::error_code error;
    std::filesystem::rename(part, output, error);
    if (error) return pack::Fault{error.message(), output};
    return {};
}

}  // namespace

int main(int argc, char** argv) {
    CLI::App app{"Turns a linked vDSO into an image file."};
    std::string input;
    std::string output;
    u64 page_size = 4096;
    app.add_option("INPUT", input, "the shared object as linked")->required();
    app.add_option("OUTPUT", output, "the image file")->required();
    app.add_option("--page-size", page_size, "4096, 16384 or 65536")
        ->check(CLI::IsMember({4096, 16384, 65536}));
    CLI11_PARSE(app, argc, argv);
    if (pack::Check const fault = run(input, output, page_size)) {
        fmt::print(stderr, "vdsokit-pack: {}: {}: {}\n", input, fault->where, fault->what);
        return 1;
    }
    return 0;
}
