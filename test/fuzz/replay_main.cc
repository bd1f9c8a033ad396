// SPDX-License-Identifier: BSD-2-Clause
// Runs a target on every file of its corpus. Needs no fuzzer, so any compiler's sanitizers see the
// corpus, and coverage counts it.
// Usage: fuzz-replay NAME DIRECTORY..., or fuzz-replay --has NAME: status 0 if there is such a target.
#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "test/fuzz/target.h"

namespace {

using namespace vdsokit;
using std::filesystem::path;

std::vector<path> files_of(path const& directory) {
    std::vector<path> files;
    for (auto const& entry : std::filesystem::directory_iterator(directory))
        if (entry.is_regular_file()) files.push_back(entry.path());
    std::sort(files.begin(), files.end());
    return files;
}

std::vector<u8> content_of(path const& file) {
    std::ifstream stream(file, std::ios::binary);
    std::vector<char> const content{std::istreambuf_iterator<char>(stream), {}};
    // Exactly as long as the file, so that a read past its end is seen.
    return {content.begin(), content.end()};
}

}  // namespace

int main(int argc, char** argv) {
    if (argc == 3 && std::string_view(argv[1]) == "--has")
        return fuzz::Target::find(argv[2]) != nullptr ? 0 : 1;
    fuzz::Target const* const target = argc > 2 ? fuzz::Target::find(argv[1]) : nullptr;
    if (target == nullptr) {
        std::fputs("usage: fuzz-replay NAME DIRECTORY...\nNAME is one of:\n", stderr);
        for (fuzz::Target const* each : fuzz::Target::all())
            std::fprintf(stderr, "  %s\n", each->name());
        return 2;
    }
    u64 count = 0;
    for (int at = 2; at < argc; ++at) {
        for (path const& file : files_of(argv[at])) {
            // Seen when the target does not come back from it.
            std::fprintf(stderr, "%s\n", file.c_str());
            std::vector<u8> const content = content_of(file);
            target->run({content.data(), content.size()});
            ++count;
        }
    }
    std::printf("%llu inputs\n", static_cast<unsigned long long>(count));
    return count != 0 ? 0 : 1;
}
