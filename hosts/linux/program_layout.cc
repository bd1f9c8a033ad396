// SPDX-License-Identifier: BSD-2-Clause
#include "hosts/linux/program_layout.h"

#include <algorithm>
#include <cstring>

namespace vdsokit::on_linux {

namespace {

template <class T>
T copy_of(kit::Bytes file, u64 offset) {
    T copy;
    std::memcpy(&copy, file.data() + offset, sizeof copy);
    return copy;
}

// Segments' bounds as the file has them; the same sums as the kernel's, which has accepted them.
void add_segment(MemoryLayout& layout, Elf64_Phdr const& segment) {
    u64 const begin = segment.p_vaddr;
    u64 const end = segment.p_vaddr + segment.p_filesz;
    if ((segment.p_flags & PF_X) != 0) {
        layout.start_code = std::min<u64>(layout.start_code, begin);
        layout.end_code = std::max<u64>(layout.end_code, end);
    }
    layout.start_data = std::max<u64>(layout.start_data, begin);
    layout.end_data = std::max<u64>(layout.end_data, end);
}

}  // namespace

u64 file_start(InitialAuxv const& auxv) {
    u64 const headers = auxv.value(AT_PHDR);
    u64 const count = auxv.value(AT_PHNUM);
    if (headers < sizeof(Elf64_Ehdr) || count == 0 || count > program_headers_max) return 0;
    return headers - sizeof(Elf64_Ehdr);
}

u64 file_start_bytes(InitialAuxv const& auxv) {
    return sizeof(Elf64_Ehdr) + auxv.value(AT_PHNUM) * sizeof(Elf64_Phdr);
}

std::optional<MemoryLayout> layout_of(InitialAuxv const& auxv, u64 stack_pointer, kit::Bytes file) {
    u64 const count = auxv.value(AT_PHNUM);
    if (file_start(auxv) == 0 || file.size() != file_start_bytes(auxv)) return std::nullopt;
    auto const header = copy_of<Elf64_Ehdr>(file, 0);
    if (std::memcmp(header.e_ident, ELFMAG, SELFMAG) != 0 || header.e_phoff != sizeof header ||
        header.e_phnum != count || header.e_phentsize != sizeof(Elf64_Phdr))
        return std::nullopt;

    MemoryLayout layout{};
    layout.start_code = ~u64{0};
    for (u64 index = 0; index < count; ++index) {
        auto const segment = copy_of<Elf64_Phdr>(file, sizeof header + index * sizeof(Elf64_Phdr));
        if (segment.p_type == PT_LOAD) add_segment(layout, segment);
    }
    u64 const bias = auxv.value(AT_ENTRY) - header.e_entry;
    for (u64* const bound :
         {&layout.start_code, &layout.end_code, &layout.start_data, &layout.end_data})
        *bound += bias;

    layout.start_stack = stack_pointer;
    // One string after the other: the arguments, the environment, the file's name.
    layout.env_end = auxv.value(AT_EXECFN);
    layout.env_start = auxv.first_variable != 0 ? auxv.first_variable : layout.env_end;
    layout.arg_end = layout.env_start;
    layout.arg_start = auxv.first_argument != 0 ? auxv.first_argument : layout.arg_end;
    return layout;
}

}  // namespace vdsokit::on_linux
