// SPDX-License-Identifier: BSD-2-Clause
#include "hosts/linux/kernel_vdso.h"

#include <sys/auxv.h>
#include <unistd.h>

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <iterator>
#include <string>

#include "hosts/linux/process_maps.h"
#include "kit/core/bytes.h"
#include "kit/image/symbols.h"

namespace vdsokit::on_linux {

namespace {

// By name alone: whatever its version, the kernel has one function of each name, and names it
// __vdso_ or __kernel_ as its architecture has it.
u64 offset_of(kit::SymbolTable const& symbols, std::string const& function) {
    for (std::string const prefix : {"__vdso_", "__kernel_"}) {
        std::string const name = prefix + function;
        auto const symbol = symbols.find(kit::Text{name.data(), name.size()});
        if (symbol) return symbol.value().value;
    }
    return 0;
}

}  // namespace

KernelVdso::KernelVdso() {
    u64 const base = getauxval(AT_SYSINFO_EHDR);
    auto const maps = read_maps(getpid());
    auto range = std::find_if(maps.begin(), maps.end(),
                              [&](MappedRange const& map) { return map.begin == base; });
    if (base == 0 || range == maps.end()) return;
    kit::Bytes const image(reinterpret_cast<u8 const*>(base), range->end - range->begin);
    kit::ElfView const view(image);
    kit::SymbolTable const symbols(view);
    functions_ = {{
        {offsetof(abi::ChainPage, clock_gettime), offset_of(symbols, "clock_gettime")},
        {offsetof(abi::ChainPage, clock_getres), offset_of(symbols, "clock_getres")},
        {offsetof(abi::ChainPage, getcpu), offset_of(symbols, "getcpu")},
        {offsetof(abi::ChainPage, getrandom), offset_of(symbols, "getrandom")},
    }};
    size_ = used_ = image.size();
    while (used_ > 0 && image[used_ - 1] == 0) --used_;
    for (; range != maps.begin(); --range) {
        MappedRange const& below = *std::prev(range);
        if (below.end != range->begin || below.name.rfind("[vvar", 0) != 0) break;
        data_below_ = base - below.begin;
    }
}

abi::ChainPage KernelVdso::chain_page_at(u64 offset) const {
    abi::ChainPage page{};
    page.magic = abi::chain_magic;
    for (Function const& function : functions_) {
        u64 const distance = abi::chain_distance(offset, function.offset);
        std::memcpy(reinterpret_cast<u8*>(&page) + function.field, &distance, sizeof distance);
    }
    return page;
}

std::optional<u64> KernelVdso::spare_room(u64 bytes) const {
    constexpr u64 alignment = 16;
    u64 const at = (used_ + alignment - 1) & ~(alignment - 1);
    if (used_ == 0 || !kit::inside(at, bytes, size_)) return std::nullopt;
    return at;
}

KernelVdso const& KernelVdso::own() {
    static KernelVdso const kernel;
    return kernel;
}

}  // namespace vdsokit::on_linux
