// SPDX-License-Identifier: BSD-2-Clause
#include "hosts/linux/kernel_vdso.h"

#include <sys/auxv.h>
#include <unistd.h>

#include <algorithm>
#include <string>

#include "hosts/linux/process_maps.h"
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
    auto const range = std::find_if(maps.begin(), maps.end(),
                                    [&](MappedRange const& map) { return map.begin == base; });
    if (base == 0 || range == maps.end()) return;
    kit::ElfView const view(
        kit::Bytes(reinterpret_cast<u8 const*>(base), range->end - range->begin));
    kit::SymbolTable const symbols(view);
    clock_gettime_ = offset_of(symbols, "clock_gettime");
    clock_getres_ = offset_of(symbols, "clock_getres");
    getcpu_ = offset_of(symbols, "getcpu");
    getrandom_ = offset_of(symbols, "getrandom");
}

KernelVdso const& KernelVdso::own() {
    static KernelVdso const kernel;
    return kernel;
}

}  // namespace vdsokit::on_linux
