// SPDX-License-Identifier: BSD-2-Clause
// An image's bytes through everything that a host does with them: all rules, then preload and map.
#include "test/fuzz/elf_mutator.h"
#include "test/fuzz/target.h"
#include "test/kit/image/promises.h"

namespace vdsokit::fuzz {
namespace {

void run(kit::Bytes input) {
    test::TestImage const image{std::vector<u8>(input.data(), input.data() + input.size())};
    std::string const broken = test::broken_promise(image);
    require(broken.empty(), broken);
}

Target const target{"image", run, mutate_elf};

}  // namespace
}  // namespace vdsokit::fuzz
