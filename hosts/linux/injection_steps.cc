// SPDX-License-Identifier: BSD-2-Clause
#include "hosts/linux/injection_steps.h"

#include <elf.h>
#include <sys/mman.h>
#include <sys/syscall.h>

#include <cstddef>

#include "hosts/linux/kernel_vdso.h"
#include "hosts/linux/process_memory.h"

namespace vdsokit::on_linux {

namespace {

// The calls that map, by their place in the batch, so that their results are found again. The result
// of near_code is also where the image is in the end.
constexpr u64 wants_file = 0, near_code = 2, near_pages = 5;
constexpr u64 retreat = 7;
constexpr u64 far_code = 10, far_pages = 14, far_chain = 16;

constexpr u64 base = near_code;

// Fills an argument of the step that comes `ahead` steps behind this one: *from + number.
void fill(Batch& batch, u64 ahead, u64 argument, u64 from, u64 number) {
    u64 const step = batch.size() + ahead;
    batch.add({step_add, {batch.argument_at(step, argument), from, number}, 0});
}

// If no call has failed to the next step; else to one that is told later.
u64 branch(Batch& batch) {
    u64 const next = batch.address_of(batch.size() + 1);
    return batch.add({step_branch, {next}, 0});
}
void otherwise(Batch& batch, u64 branch, u64 step) {
    batch[branch].arguments[1] = batch.address_of(step);
}

u64 length_of(Payload const& payload) {
    return payload.code_bytes + payload.page_bytes + payload.cpu_page;
}

// Nothing of the process's own is replaced.
void add_near(Batch& batch, InjectionPlan const& plan) {
    Payload const& payload = plan.payload;
    u64 const place = plan.auxv.vdso() - KernelVdso::own().data_below() - length_of(payload);
    batch.call(SYS_execve, 0, payload.cookie, static_cast<u64>(MarkKind::wants_file));
    fill(batch, 1, 4, batch.result_at(wants_file), 0);
    batch.call(SYS_mmap, place, payload.code_bytes, PROT_READ | PROT_EXEC,
               MAP_PRIVATE | MAP_FIXED_NOREPLACE);
    branch(batch);
    fill(batch, 1, 4, batch.result_at(wants_file), 0);
    batch.call(SYS_mmap, place + payload.code_bytes, payload.page_bytes + payload.cpu_page,
               PROT_READ, MAP_SHARED | MAP_FIXED_NOREPLACE, 0, plan.options.time_page);
    branch(batch);
}

// There was room for the code alone.
void add_retreat(Batch& batch, InjectionPlan const& plan) {
    fill(batch, 1, 0, batch.result_at(base), 0);
    batch.call(SYS_munmap, 0, plan.payload.code_bytes);
}

// The shared chain page is no good at another distance: the process writes one for itself.
void add_own_chain(Batch& batch, InjectionPlan const& plan) {
    u64 const chain = batch.result_at(far_chain);
    for (KernelVdso::Function const& function : KernelVdso::own().functions()) {
        if (function.offset == 0) continue;
        u64 const field = plan.room.chain() + function.field;
        batch.add({step_add, {field, chain, -(plan.auxv.vdso() + function.offset)}, 0});
    }
    fill(batch, 1, 0, chain, 0);
    batch.add({step_copy, {0, plan.room.chain(), sizeof(abi::ChainPage) / sizeof(u64)}, 0});
    fill(batch, 1, 0, chain, 0);
    batch.call(SYS_mprotect, 0, plan.payload.cpu_page, PROT_READ);
}

void add_far_maps(Batch& batch, InjectionPlan const& plan) {
    Payload const& payload = plan.payload;
    fill(batch, 1, 4, batch.result_at(wants_file), 0);
    batch.call(SYS_mmap, 0, length_of(payload), PROT_READ | PROT_EXEC, MAP_PRIVATE);
    batch.add({step_add, {batch.result_at(base), batch.result_at(far_code), 0}, 0});
    fill(batch, 2, 4, batch.result_at(wants_file), 0);
    fill(batch, 1, 0, batch.result_at(far_code), payload.code_bytes);
    batch.call(SYS_mmap, 0, payload.page_bytes, PROT_READ, MAP_SHARED | MAP_FIXED, 0,
               plan.options.time_page);
    fill(batch, 1, 0, batch.result_at(far_code), payload.code_bytes + payload.page_bytes);
    batch.call(SYS_mmap, 0, payload.cpu_page, PROT_READ | PROT_WRITE,
               MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, ~u64{0});
}

void add_close(Batch& batch) {
    fill(batch, 1, 0, batch.result_at(wants_file), 0);
    batch.call(SYS_close, 0);
}

void add_mark(Batch& batch, InjectionPlan const& plan, MarkKind kind) {
    fill(batch, 1, 4, batch.result_at(base), 0);
    batch.call(SYS_execve, 0, plan.payload.cookie, static_cast<u64>(kind),
               plan.auxv.value(AT_EXECFN), 0, plan.room.steps());
}

void add_leave(Batch& batch, InjectionPlan const& plan) {
    batch.add({step_leave, {plan.room.steps(), plan.entry, plan.room.words()}, 0});
}

// /proc/PID/auxv and PR_GET_AUXV show a copy of their own, which only this call changes; where it is
// refused they go on naming the kernel's image.
void add_shown_vector(Batch& batch, InjectionPlan const& plan) {
    u64 const end = batch.result_at(batch.call(SYS_brk, 0));
    for (u64 const field : {offsetof(prctl_mm_map, start_brk), offsetof(prctl_mm_map, brk)})
        batch.add({step_add, {plan.room.map() + field, end, 0}, 0});
    u64 const in_vector = plan.room.auxv() + plan.auxv.vdso_value_at() - plan.auxv.address;
    batch.add({step_add, {in_vector, batch.result_at(base), 0}, 0});
    batch.call(SYS_prctl, PR_SET_MM, PR_SET_MM_MAP, plan.room.map(), sizeof(prctl_mm_map), 0);
}

void add_tail(Batch& batch, InjectionPlan const& plan) {
    add_close(batch);
    batch.add({step_add, {plan.auxv.vdso_value_at(), batch.result_at(base), 0}, 0});
    if (plan.sets_auxv) add_shown_vector(batch, plan);
    if (plan.options.is_marked) add_mark(batch, plan, MarkKind::is_done);
    add_leave(batch, plan);
}

void add_failure(Batch& batch, InjectionPlan const& plan) {
    fill(batch, 1, 0, batch.result_at(base), 0);
    batch.call(SYS_munmap, 0, length_of(plan.payload));
    add_close(batch);
    add_mark(batch, plan, MarkKind::has_failed);
    add_leave(batch, plan);
}

}  // namespace

std::vector<BatchStep> compose_steps(InjectionPlan const& plan) {
    Batch batch(plan.room.steps(), steps_max);
    add_near(batch, plan);
    add_retreat(batch, plan);
    u64 const far = batch.size();
    add_far_maps(batch, plan);
    u64 const mapped_far = branch(batch);
    add_own_chain(batch, plan);
    u64 const chained_far = branch(batch);
    u64 const tail = batch.size();
    add_tail(batch, plan);
    u64 const failure = batch.size();
    add_failure(batch, plan);
    otherwise(batch, near_code + 1, far);
    batch[near_pages + 1].arguments[0] = batch.address_of(tail);
    otherwise(batch, near_pages + 1, retreat);
    for (u64 const each : {mapped_far, chained_far}) otherwise(batch, each, failure);
    std::vector<BatchStep> steps = batch.take();
    steps.resize(steps_max);
    return steps;
}

std::string reason_of_failure(pid_t thread, BatchMark const& mark) {
    BatchStep steps[far_chain + 1]{};
    if (!ProcessMemory(thread).read(mark.steps_at, steps, sizeof steps))
        return "it may not map the image";
    for (u64 const at : {wants_file, far_code, far_pages, far_chain}) {
        if (!failed(steps[at].result)) continue;
        errno = static_cast<int>(-static_cast<i64>(steps[at].result));
        return Failure::of_errno(at == wants_file ? "it may not have the image's file"
                                                  : "it may not map the image")
            .reason();
    }
    return "it could not map the image";
}

}  // namespace vdsokit::on_linux
