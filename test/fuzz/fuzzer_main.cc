// SPDX-License-Identifier: BSD-2-Clause
// libFuzzer's side. One program holds all targets; it runs the one whose name it is called by, so
// that each is linked under its name. [https://llvm.org/docs/LibFuzzer.html]
#include <cstdio>
#include <cstdlib>
#include <filesystem>

#include "test/fuzz/target.h"

using vdsokit::u32;
using vdsokit::u8;
using vdsokit::fuzz::Target;

namespace {

Target const* target = nullptr;

}  // namespace

extern "C" std::size_t LLVMFuzzerMutate(u8* data, std::size_t size, std::size_t capacity);

extern "C" int LLVMFuzzerInitialize(int*, char*** arguments) {
    std::string const name = std::filesystem::path((*arguments)[0]).filename().string();
    target = Target::find(name);
    if (target != nullptr) return 0;
    std::fprintf(stderr, "%s: there is no such target; these are:\n", name.c_str());
    for (Target const* each : Target::all()) std::fprintf(stderr, "  %s\n", each->name());
    std::exit(2);
}

extern "C" int LLVMFuzzerTestOneInput(u8 const* data, std::size_t size) {
    target->run({data, size});
    return 0;
}

extern "C" std::size_t LLVMFuzzerCustomMutator(u8* data, std::size_t size, std::size_t capacity,
                                               unsigned seed) {
    // One in four the general way: what no format knows of.
    if (target->mutate() == nullptr || seed % 4 == 0) return LLVMFuzzerMutate(data, size, capacity);
    return target->mutate()(data, size, capacity, seed);
}
