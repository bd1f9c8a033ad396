// SPDX-License-Identifier: BSD-2-Clause
#include "hosts/linux/injection.h"

#include <elf.h>

#include "abi/chain_page.h"
#include "hosts/linux/initial_auxv.h"
#include "hosts/linux/injection_steps.h"
#include "hosts/linux/kernel_vdso.h"
#include "hosts/linux/process_maps.h"
#include "hosts/linux/process_memory.h"
#include "hosts/linux/program_layout.h"

namespace vdsokit::on_linux {

namespace {

std::optional<MemoryLayout> find_layout(pid_t thread, ProcessMemory const& memory,
                                        InitialAuxv const& auxv, u64 stack) {
    u8 file[sizeof(Elf64_Ehdr) + program_headers_max * sizeof(Elf64_Phdr)];
    if (u64 const start = file_start(auxv); start != 0) {
        u64 const bytes = file_start_bytes(auxv);
        if (memory.read(start, file, bytes))
            if (auto const layout = layout_of(auxv, stack, {file, bytes})) return layout;
    }
    return read_layout(thread);
}

template <class T>
void append(std::vector<u8>& bytes, T const* values, u64 count) {
    auto const* const begin = reinterpret_cast<u8 const*>(values);
    bytes.insert(bytes.end(), begin, begin + count * sizeof(T));
}

}  // namespace

Failure prepare_injection(Tracee const& tracee, Payload const& payload,
                          InjectionOptions const& options) {
    auto registers = tracee.registers();
    if (!registers) return Failure::because("other architecture");
    u64 const stack = arch::tracee_sp(*registers);
    ProcessMemory const memory(tracee.thread());
    auto const auxv = read_initial_auxv(memory, stack);
    if (!auxv) return Failure::because("its stack is not as an exec leaves it");
    if (auxv->vdso() == 0) return Failure::because("the kernel gives it no vDSO");
    kit::Bytes const code(vdsokit_batch_begin,
                          static_cast<u64>(vdsokit_batch_end - vdsokit_batch_begin));
    auto const spare = KernelVdso::own().spare_room(code.size());
    if (!spare) return Failure::because("the kernel's vDSO has no room for our steps");

    u64 const vector_bytes = auxv->entries.size() * sizeof(AuxEntry);
    StepRoom const room(stack, vector_bytes);
    auto const layout = find_layout(tracee.thread(), memory, *auxv, stack);
    // Whose distances the process fills in, should it need a chain page of its own.
    abi::ChainPage const chain = KernelVdso::own().chain_page_at(0);
    std::vector<u8> bytes;
    bytes.reserve(room.words() * sizeof(u64));
    append(bytes,
           compose_steps(
               {payload, options, *auxv, room, arch::tracee_pc(*registers), layout.has_value()})
               .data(),
           steps_max);
    append(bytes, &chain, 1);
    // The heap's end, which lies where the kernel's lot fell, is added by the process.
    prctl_mm_map const map =
        layout ? mm_map_of(*layout, room.auxv(), vector_bytes) : prctl_mm_map{};
    append(bytes, &map, 1);
    append(bytes, auxv->entries.data(), auxv->entries.size());
    if (!memory.write(room.steps(), bytes.data(), bytes.size()))
        return Failure::of_errno("its stack cannot be written");
    if (!memory.write_code(auxv->vdso() + *spare, code))
        return Failure::of_errno("the kernel's vDSO in it cannot be written");
    arch::point_at_batch(*registers, auxv->vdso() + *spare, room.steps());
    if (!tracee.set_registers(*registers))
        return Failure::of_errno("it cannot be made to map the image");
    return Failure::none();
}

}  // namespace vdsokit::on_linux
