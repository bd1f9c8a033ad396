// SPDX-License-Identifier: BSD-2-Clause
// A stack that a process has filled as it likes: the first byte says where the stack pointer is.
#include <cstring>

#include "hosts/linux/initial_auxv.h"
#include "hosts/linux/program_layout.h"
#include "test/fuzz/target.h"

namespace vdsokit::fuzz {
namespace {

constexpr u64 page = 4096;
constexpr u64 base = 0x7ff0'0000'0000;

// Whole pages of memory, zero behind the input.
struct Stack {
    std::vector<u8> bytes;

    bool read(u64 address, void* to, u64 size) const {
        if (address < base || !kit::inside(address - base, size, bytes.size())) return false;
        std::memcpy(to, bytes.data() + (address - base), size);
        return true;
    }
};

void run(kit::Bytes input) {
    if (input.size() == 0) return;
    Stack stack{{input.data() + 1, input.data() + input.size()}};
    stack.bytes.resize((stack.bytes.size() + page - 1) / page * page);
    u64 const pointer = base + input[0] * u64{8};
    auto const auxv = on_linux::read_initial_auxv(stack, pointer);
    if (!auxv) return;
    require(pointer % 16 == 0, "a stack pointer is a multiple of 16");
    require(!auxv->entries.empty() && auxv->entries.size() <= 256, "there are 256 entries at most");
    for (u64 index = 0; index < auxv->entries.size(); ++index) {
        on_linux::AuxEntry const& entry = auxv->entries[index];
        on_linux::AuxEntry there{};
        require(stack.read(auxv->address + index * sizeof there, &there, sizeof there) &&
                    there.type == entry.type && there.value == entry.value,
                "entries are what stands there");
        require((entry.type == AT_NULL) == (index + 1 == auxv->entries.size()),
                "the closing entry is the last and the only one of its kind");
    }
    u64 value = 0;
    if (u64 const at = auxv->vdso_value_at(); at != 0)
        require(stack.read(at, &value, sizeof value) && value == auxv->vdso(),
                "the vDSO's address stands where it is said to");
    else
        require(auxv->vdso() == 0, "no vDSO is at no place");
    // The same bytes as a program's file.
    u64 const bytes = on_linux::file_start_bytes(*auxv);
    if (on_linux::file_start(*auxv) == 0 || bytes > input.size()) return;
    kit::Bytes const file(input.data() + (input.size() - bytes), bytes);
    auto const layout = on_linux::layout_of(*auxv, pointer, file);
    if (!layout) return;
    require(layout->start_stack == pointer && layout->arg_end == layout->env_start,
            "arguments end where the environment begins");
}

Target const target{"initial_auxv", run};

}  // namespace
}  // namespace vdsokit::fuzz
