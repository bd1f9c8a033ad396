// SPDX-License-Identifier: BSD-2-Clause
#include "tool/bench/vdso_functions.h"

#include <sys/auxv.h>
#include <unistd.h>

#include <algorithm>

#include "hosts/linux/process_maps.h"
#include "kit/image/symbols.h"

namespace vdsokit::bench {

VdsoFunctions VdsoFunctions::of_kernel() {
    u64 const base = getauxval(AT_SYSINFO_EHDR);
    auto const maps = on_linux::read_maps(getpid());
    auto const range =
        std::find_if(maps.begin(), maps.end(), [&](auto const& map) { return map.begin == base; });
    if (base == 0 || range == maps.end()) return VdsoFunctions(kit::Bytes{});
    return VdsoFunctions({reinterpret_cast<u8 const*>(base), range->end - range->begin});
}

AnyFunction VdsoFunctions::find(std::string const& function) const {
    kit::ElfView const view(image_);
    kit::SymbolTable const symbols(view);
    for (std::string const prefix : {"__vdso_", "__kernel_"}) {
        std::string const name = prefix + function;
        auto const symbol = symbols.find(kit::Text{name.data(), name.size()});
        if (symbol)
            return reinterpret_cast<AnyFunction>(
                reinterpret_cast<std::uintptr_t>(image_.data() + symbol.value().value));
    }
    return nullptr;
}

}  // namespace vdsokit::bench
