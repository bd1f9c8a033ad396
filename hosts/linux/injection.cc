// SPDX-License-Identifier: BSD-2-Clause
#include "hosts/linux/injection.h"

#include <elf.h>
#include <linux/prctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>

#include <cstring>

#include "abi/chain_page.h"
#include "hosts/linux/batch.h"
#include "hosts/linux/initial_auxv.h"
#include "hosts/linux/kernel_vdso.h"
#include "hosts/linux/process_maps.h"
#include "hosts/linux/process_memory.h"
#include "hosts/linux/program_layout.h"

namespace vdsokit::on_linux {

namespace {

// The first steps, in this order, so that their results are found again.
constexpr u64 wants_file = 0, map_code = 2, map_time = 5, map_chain = 7;
constexpr u64 steps_max = 32;
constexpr u64 word = sizeof(u64);

// What the process's memory below its stack pointer holds while the batch runs. It lies inside the
// 128 KiB that exec gives the stack at once. [Linux fs/exec.c setup_arg_pages]
class Room {
public:
    Room(u64 stack_pointer, u64 auxv_words) : auxv_words_(auxv_words) {
        end_ = (stack_pointer - arch::red_zone) & ~u64{63};
        begin_ = (end_ - bytes()) & ~u64{63};
    }
    u64 steps() const { return begin_; }
    u64 chain() const { return begin_ + steps_max * sizeof(BatchStep); }
    u64 map() const { return chain() + sizeof(abi::ChainPage); }
    u64 auxv() const { return map() + sizeof(prctl_mm_map); }
    u64 words() const { return (end_ - begin_) / word; }

private:
    u64 bytes() const {
        return steps_max * sizeof(BatchStep) + sizeof(abi::ChainPage) + sizeof(prctl_mm_map) +
               auxv_words_ * word;
    }
    u64 auxv_words_;
    u64 begin_;
    u64 end_;
};

abi::ChainPage chain_to(u64 kernel_vdso) {
    KernelVdso const& kernel = KernelVdso::own();
    auto const in_process = [&](u64 offset) { return offset == 0 ? 0 : kernel_vdso + offset; };
    return {.magic = abi::chain_magic,
            .clock_gettime = in_process(kernel.clock_gettime()),
            .clock_getres = in_process(kernel.clock_getres()),
            .getcpu = in_process(kernel.getcpu()),
            .getrandom = in_process(kernel.getrandom())};
}

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

// What PR_SET_MM_MAP wants: all as it is, but for the vector. The end of the heap, which lies where
// the kernel's lot fell, is added by the process.
prctl_mm_map map_with(MemoryLayout const& layout, u64 vector_at, u64 vector_bytes) {
    prctl_mm_map map{};
    map.start_code = layout.start_code;
    map.end_code = layout.end_code;
    map.start_data = layout.start_data;
    map.end_data = layout.end_data;
    map.start_stack = layout.start_stack;
    map.arg_start = layout.arg_start;
    map.arg_end = layout.arg_end;
    map.env_start = layout.env_start;
    map.env_end = layout.env_end;
    std::memcpy(&map.auxv, &vector_at, sizeof vector_at);
    map.auxv_size = static_cast<u32>(vector_bytes);
    map.exe_fd = ~u32{0};
    return map;
}

struct Plan {
    Payload const& payload;
    InjectionOptions const& options;
    InitialAuxv const& auxv;
    Room const& room;
    u64 entry;
    bool sets_auxv;
};

// The maps. Where they are only the process's kernel decides: we say where we would like them.
void add_maps(Batch& batch, Plan const& plan) {
    Payload const& payload = plan.payload;
    u64 const length = payload.code_bytes + payload.page_bytes + payload.cpu_page;
    u64 const hint = plan.auxv.vdso() - KernelVdso::own().data_below() - length;
    batch.call(SYS_execve, 0, payload.cookie, static_cast<u64>(MarkKind::wants_file));
    u64 const file = batch.result_at(wants_file);
    batch.add({step_add, {batch.argument_at(map_code, 4), file, 0}, 0});
    batch.call(SYS_mmap, hint, length, PROT_READ | PROT_EXEC, MAP_PRIVATE);
    u64 const base = batch.result_at(map_code);
    batch.add({step_add, {batch.argument_at(map_time, 4), file, 0}, 0});
    batch.add({step_add, {batch.argument_at(map_time, 0), base, payload.code_bytes}, 0});
    batch.call(SYS_mmap, 0, payload.page_bytes, PROT_READ, MAP_SHARED | MAP_FIXED, 0,
               plan.options.time_page);
    u64 const to_chain = payload.code_bytes + payload.page_bytes;
    batch.add({step_add, {batch.argument_at(map_chain, 0), base, to_chain}, 0});
    batch.call(SYS_mmap, 0, payload.cpu_page, PROT_READ | PROT_WRITE,
               MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, ~u64{0});
    batch.add({step_add, {batch.argument_at(batch.steps().size() + 1, 0), file, 0}, 0});
    batch.call(SYS_close, 0);
}

void add_mark(Batch& batch, Plan const& plan, MarkKind kind) {
    u64 const mark = batch.steps().size() + 1;
    batch.add({step_add, {batch.argument_at(mark, 4), batch.result_at(map_code), 0}, 0});
    batch.call(SYS_execve, 0, plan.payload.cookie, static_cast<u64>(kind),
               plan.auxv.value(AT_EXECFN), 0, plan.room.steps());
}

void add_leave(Batch& batch, Plan const& plan) {
    batch.add({step_leave, {plan.room.steps(), plan.entry, plan.room.words()}, 0});
}

void add_success(Batch& batch, Plan const& plan) {
    u64 const chain = batch.result_at(map_chain);
    u64 const base = batch.result_at(map_code);
    u64 const copy = batch.steps().size() + 1;
    batch.add({step_add, {batch.argument_at(copy, 0), chain, 0}, 0});
    batch.add({step_copy, {0, plan.room.chain(), sizeof(abi::ChainPage) / word}, 0});
    u64 const protect = batch.steps().size() + 1;
    batch.add({step_add, {batch.argument_at(protect, 0), chain, 0}, 0});
    batch.call(SYS_mprotect, 0, plan.payload.cpu_page, PROT_READ);
    batch.add({step_add, {plan.auxv.vdso_value_at(), base, 0}, 0});
    // /proc/PID/auxv and PR_GET_AUXV show a copy of their own, which only this call changes; where
    // it is refused they go on naming the kernel's image.
    if (plan.sets_auxv) {
        u64 const end = batch.result_at(batch.call(SYS_brk, 0));
        for (u64 const field : {offsetof(prctl_mm_map, start_brk), offsetof(prctl_mm_map, brk)})
            batch.add({step_add, {plan.room.map() + field, end, 0}, 0});
        u64 const in_vector = plan.room.auxv() + plan.auxv.vdso_value_at() - plan.auxv.address;
        batch.add({step_add, {in_vector, base, 0}, 0});
        batch.call(SYS_prctl, PR_SET_MM, PR_SET_MM_MAP, plan.room.map(), sizeof(prctl_mm_map), 0);
    }
    if (plan.options.is_marked) add_mark(batch, plan, MarkKind::is_done);
    add_leave(batch, plan);
}

void add_failure(Batch& batch, Plan const& plan) {
    Payload const& payload = plan.payload;
    u64 const unmap = batch.steps().size() + 1;
    batch.add({step_add, {batch.argument_at(unmap, 0), batch.result_at(map_code), 0}, 0});
    batch.call(SYS_munmap, 0, payload.code_bytes + payload.page_bytes + payload.cpu_page);
    add_mark(batch, plan, MarkKind::has_failed);
    add_leave(batch, plan);
}

std::vector<BatchStep> compose(Plan const& plan) {
    Batch batch(plan.room.steps());
    add_maps(batch, plan);
    u64 const branch = batch.add({step_branch, {batch.address_of(batch.steps().size() + 1)}, 0});
    add_success(batch, plan);
    batch[branch].arguments[1] = batch.next();
    add_failure(batch, plan);
    std::vector<BatchStep> steps = batch.steps();
    steps.resize(steps_max);
    return steps;
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
    Room const room(stack, vector_bytes / word);
    auto const layout = find_layout(tracee.thread(), memory, *auxv, stack);
    abi::ChainPage const chain = chain_to(auxv->vdso());
    Plan const plan{payload, options, *auxv, room, arch::tracee_pc(*registers), layout.has_value()};
    std::vector<u8> bytes;
    append(bytes, compose(plan).data(), steps_max);
    append(bytes, &chain, 1);
    prctl_mm_map const map = layout ? map_with(*layout, room.auxv(), vector_bytes) : prctl_mm_map{};
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

std::string reason_of_failure(pid_t thread, BatchMark const& mark) {
    BatchStep steps[map_chain + 1]{};
    if (!ProcessMemory(thread).read(mark.steps_at, steps, sizeof steps))
        return "it may not map the image";
    for (u64 const at : {wants_file, map_code, map_time, map_chain}) {
        if (!failed(steps[at].result)) continue;
        errno = static_cast<int>(-static_cast<i64>(steps[at].result));
        return Failure::of_errno(at == wants_file ? "it may not have the image's file"
                                                  : "it may not map the image")
            .reason();
    }
    return "it could not map the image";
}

}  // namespace vdsokit::on_linux
