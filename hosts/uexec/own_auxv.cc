// SPDX-License-Identifier: BSD-2-Clause
#include "hosts/uexec/own_auxv.h"

#include <elf.h>
#include <link.h>
#include <unistd.h>

#include <cstring>

#include "hosts/uexec/pointer.h"

namespace vdsokit::uexec {

namespace {

// The vector itself: getauxval() answers AT_HWCAP and AT_PLATFORM with what glibc made of them.
ElfW(auxv_t) const* vector() {
    char** word = environ;
    while (*word != nullptr) ++word;
    return reinterpret_cast<ElfW(auxv_t) const*>(word + 1);
}

// 0: the kernel says nothing about it.
u64 entry(kit::Aux type) {
    for (auto const* at = vector(); at->a_type != AT_NULL; ++at)
        if (at->a_type == static_cast<u64>(type)) return at->a_un.a_val;
    return 0;
}

char const* string_entry(kit::Aux type) {
    return static_cast<char const*>(pointer_to(entry(type)));
}

// About this program, or about the kernel's vDSO, or filled in by the initial stack.
bool is_replaced(u64 type) {
    constexpr u64 replaced[] = {AT_IGNORE, AT_EXECFD, AT_PLATFORM, AT_SYSINFO, AT_SYSINFO_EHDR};
    for (u64 const other : replaced)
        if (type == other) return true;
    return false;
}

}  // namespace

kit::ProcessFacts own_facts() {
    using kit::Aux;
    return {.page_size = entry(Aux::pagesz),
            .user = entry(Aux::uid),
            .effective_user = entry(Aux::euid),
            .group = entry(Aux::gid),
            .effective_group = entry(Aux::egid),
            .is_secure = entry(Aux::secure) != 0,
            .hwcap = entry(Aux::hwcap),
            .hwcap2 = entry(Aux::hwcap2),
            .clock_ticks = entry(Aux::clktck),
            .signal_stack_size = entry(Aux::minsigstksz),
            .has_platform = own_platform() != nullptr};
}

char const* own_platform() { return string_entry(kit::Aux::platform); }

void copy_own_random(u8 (&to)[16]) {
    char const* const random = string_entry(kit::Aux::random);
    if (random != nullptr) std::memcpy(to, random, sizeof to);
}

void add_others(kit::Auxv& auxv) {
    for (auto const* at = vector(); at->a_type != AT_NULL; ++at) {
        auto const type = static_cast<kit::Aux>(at->a_type);
        if (is_replaced(at->a_type) || auxv.find(type) != nullptr) continue;
        if (!auxv.add(type, at->a_un.a_val)) return;  // full: more than any kernel has
    }
}

u64 own_stack_end() {
    char const* const last = string_entry(kit::Aux::execfn);
    return reinterpret_cast<std::uintptr_t>(last) + std::strlen(last) + 1;
}

}  // namespace vdsokit::uexec
