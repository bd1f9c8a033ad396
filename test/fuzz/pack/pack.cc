// SPDX-License-Identifier: BSD-2-Clause
// What the linker wrote, before it becomes an image. It is not hostile, but new linkers come.
#include "test/fuzz/elf_mutator.h"
#include "test/fuzz/target.h"
#include "tool/pack/checks.h"
#include "tool/pack/packer.h"
#include "tool/pack/traps.h"

namespace vdsokit::fuzz {
namespace {

// Empty: it was refused.
std::vector<u8> pack(kit::Bytes input, u64 page_size) {
    pack::LinkedImage image;
    std::vector<u32> traps;
    pack::Check fault = image.open(input);
    if (!fault) fault = pack::check_linked(image, page_size);
    if (!fault) fault = pack::find_traps(image, traps);
    std::vector<u8> packed;
    if (!fault) {
        pack::Packer packer(image, traps, page_size);
        fault = packer.pack();
        packed = packer.bytes();
        require(packed.size() == image.segments()[0].file_size, "an image is the linked segment");
    }
    require(!fault || (!fault->what.empty() && !fault->where.empty()),
            "a refusal says what and where");
    return fault ? std::vector<u8>{} : packed;
}

void run(kit::Bytes input) {
    std::vector<u8> const packed = pack(input, 4096);
    if (!packed.empty()) require(pack(input, 4096) == packed, "the same input, the same bytes");
    static_cast<void>(pack(input, 16384));
}

Target const target{"pack", run, mutate_elf};

}  // namespace
}  // namespace vdsokit::fuzz
