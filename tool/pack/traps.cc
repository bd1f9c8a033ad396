// SPDX-License-Identifier: BSD-2-Clause
#include "tool/pack/traps.h"

#include <algorithm>

#include <fmt/format.h>

#include "abi/note.h"

namespace vdsokit::pack {
namespace {

u32 instruction_at(kit::Bytes code, u64 offset, u32 size) {
    u32 value = 0;
    for (u32 i = 0; i < size; ++i) value |= u32{code[offset + i]} << (8 * i);
    return value;
}

}  // namespace

Check find_traps(LinkedImage const& image, std::vector<u32>& traps) {
    Section const* const list = image.find(".vdsokit.traps");
    Section const* const text = image.find(".text");
    if (text == nullptr) return Fault{"no code", ".text"};
    if (list == nullptr) return Fault{"no list of trap instructions", ".vdsokit.traps"};
    kit::Bytes const words = image.contents(*list);
    kit::Bytes const code = image.contents(*text);
    kit::TrapInstruction const& trap = image.machine().trap;

    for (u64 at = 0; words.holds(at, 4); at += 4) {
        u32 const address = words.read<u32>(at);
        u64 const offset = u64{address} - text->header.address;  // wraps when in front: not held
        if (!code.holds(offset, trap.size) || instruction_at(code, offset, trap.size) != trap.value)
            return Fault{"a listed trap is no trap instruction", hex(address)};
        traps.push_back(address);
    }
    std::ranges::sort(traps);
    if (std::ranges::adjacent_find(traps) != traps.end())
        return Fault{"a trap is listed twice", ".vdsokit.traps"};
    if (traps.empty() || traps.size() > abi::note_traps_max)
        return Fault{
            fmt::format("{} traps; the note holds 1 to {}", traps.size(), abi::note_traps_max),
            ".vdsokit.traps"};

    if (trap.mask == 0) return {};
    for (u64 at = 0; code.holds(at, trap.size); at += trap.alignment) {
        u32 const address = static_cast<u32>(text->header.address + at);
        if ((instruction_at(code, at, trap.size) & trap.mask) == (trap.value & trap.mask) &&
            !std::ranges::binary_search(traps, address))
            return Fault{"a trap instruction that is not listed", hex(address)};
    }
    return {};
}

}  // namespace vdsokit::pack
