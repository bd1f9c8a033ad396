// SPDX-License-Identifier: BSD-2-Clause
// The C interface's half that makes a process of a program.
#include "kit/c/storage.h"
#include "kit/process/exec.h"
#include "kit/process/initial_stack.h"

namespace {

using namespace vdsokit;
using kit::InitialStack;
using kit::Program;

struct Strings {
    vdsokit_strings const& c;

    u64 arguments() { return c.arguments; }
    u64 environment() { return c.environment; }
    u64 size(u64 index, u64 limit) { return c.size(c.context, index, limit); }
    bool copy(u64 index, u64 offset, u8* to, u64 size) {
        return c.copy(c.context, index, offset, to, size) != 0;
    }
};

struct Sink {
    vdsokit_stack_sink const& c;

    bool write(kit::VirtualAddress at, u8 const* bytes, u64 size) {
        return c.write(c.context, at.value, bytes, size) != 0;
    }
};

constexpr kit::AddressRange range_of(vdsokit_range range) { return {range.start, range.end}; }
constexpr vdsokit_range range_to_c(kit::AddressRange range) { return {range.start, range.end}; }

// `fault` gets the reason.
vdsokit_status status_of(kit::StackFault const& found, vdsokit_fault* fault) {
    switch (found.error) {
    case kit::StackError::too_large:
        kit::fill_fault(fault, "", "arguments and environment are too large", found.string);
        return vdsokit_stack_too_large;
    case kit::StackError::string_too_long:
        kit::fill_fault(fault, "", "a string is too long", found.string);
        return vdsokit_stack_string_too_long;
    case kit::StackError::unreadable_string:
        kit::fill_fault(fault, "", "a string cannot be read", found.string);
        return vdsokit_stack_unreadable_string;
    case kit::StackError::unwritable:
        kit::fill_fault(fault, "", "the stack cannot be written", found.string);
        return vdsokit_stack_unwritable;
    }
    return vdsokit_stack_unwritable;
}

kit::ExecPlan plan_from_c(vdsokit_exec_plan const& plan) {
    return {.program_bias = plan.program_bias,
            .interpreter_bias = plan.interpreter_bias,
            .vdso = plan.vdso,
            .entry = plan.entry,
            .program_entry = plan.program_entry,
            .program_headers = plan.program_headers,
            .heap_start = plan.heap_start};
}

static_assert(static_cast<u32>(kit::VdsoPlacement::none) == vdsokit_vdso_none &&
              static_cast<u32>(kit::VdsoPlacement::anywhere) == vdsokit_vdso_anywhere &&
              static_cast<u32>(kit::VdsoPlacement::fixed) == vdsokit_vdso_fixed);
static_assert(vdsokit_auxv_capacity + 1 == kit::Auxv::capacity);

}  // namespace

vdsokit_status vdsokit_program_open(vdsokit_program* program, vdsokit_program_file const* file,
                                    vdsokit_program_rules const* rules, vdsokit_fault* fault) {
    auto const read = [](void const* context, u64 offset, void* to, u64 size) {
        auto const& from = *static_cast<vdsokit_program_file const*>(context);
        return from.read(from.context, offset, to, size) != 0;
    };
    auto const opened =
        Program::open({file, read, file->size}, {.machine = rules->machine,
                                                 .file_class = static_cast<u8>(rules->file_class),
                                                 .page_size = rules->page_size,
                                                 .process_end = rules->process_end});
    if (opened) {
        kit::store_in_c(program, opened.value());
        return vdsokit_ok;
    }
    kit::fill_fault(fault, "", text_of(opened.error().error), opened.error().at);
    return vdsokit_program_refused;
}

char const* vdsokit_program_interpreter(vdsokit_program const* program) {
    return kit::from_c<Program>(program).interpreter();
}
uint64_t vdsokit_program_segment_count(vdsokit_program const* program) {
    return kit::from_c<Program>(program).segments().size();
}

vdsokit_segment_pieces vdsokit_program_segment(vdsokit_program const* program, uint64_t index,
                                               uint64_t bias, uint64_t page_size) {
    kit::SegmentPieces const pieces =
        kit::pieces_of(kit::from_c<Program>(program).segments()[index], bias, page_size);
    return {.file = range_to_c(pieces.file),
            .file_offset = pieces.file_offset,
            .clear = range_to_c(pieces.clear),
            .zero = range_to_c(pieces.zero),
            .access = static_cast<u32>(pieces.access),
            .reserved = 0};
}

vdsokit_status vdsokit_plan_exec(vdsokit_exec_request const* request, vdsokit_exec_plan* plan,
                                 vdsokit_fault* fault) {
    if (request->vdso_placement > vdsokit_vdso_fixed) {
        kit::fill_fault(fault, "", "no such placement of the vDSO", 0);
        return vdsokit_exec_refused;
    }
    Program const* const interpreter =
        request->interpreter == nullptr ? nullptr : &kit::from_c<Program>(request->interpreter);
    auto const made =
        kit::plan_exec({.program = kit::from_c<Program>(request->program),
                        .interpreter = interpreter,
                        .page_size = request->page_size,
                        .process = range_of(request->process),
                        .stack = range_of(request->stack),
                        .program_base = request->program_base,
                        .mapping_top = request->mapping_top,
                        .vdso_placement = static_cast<kit::VdsoPlacement>(request->vdso_placement),
                        .vdso = range_of(request->vdso),
                        .vdso_alignment = request->vdso_alignment,
                        .program_shift = request->program_shift,
                        .interpreter_shift = request->interpreter_shift,
                        .vdso_shift = request->vdso_shift,
                        .heap_shift = request->heap_shift});
    if (!made) {
        kit::fill_fault(fault, "", text_of(made.error().error), made.error().at);
        return made.error().error == kit::ExecError::no_room ? vdsokit_exec_no_room
                                                             : vdsokit_exec_refused;
    }
    kit::ExecPlan const& p = made.value();
    *plan = {.program_bias = p.program_bias,
             .interpreter_bias = p.interpreter_bias,
             .vdso = p.vdso,
             .entry = p.entry,
             .program_entry = p.program_entry,
             .program_headers = p.program_headers,
             .heap_start = p.heap_start};
    return vdsokit_ok;
}

void vdsokit_auxv_make(vdsokit_auxv* auxv, vdsokit_program const* program,
                       vdsokit_exec_plan const* plan, vdsokit_process_facts const* facts) {
    kit::Auxv const made = kit::make_auxv(kit::from_c<Program>(program), plan_from_c(*plan),
                                          {.page_size = facts->page_size,
                                           .user = facts->user,
                                           .effective_user = facts->effective_user,
                                           .group = facts->group,
                                           .effective_group = facts->effective_group,
                                           .is_secure = facts->is_secure != 0,
                                           .hwcap = facts->hwcap,
                                           .hwcap2 = facts->hwcap2,
                                           .clock_ticks = facts->clock_ticks,
                                           .signal_stack_size = facts->signal_stack_size,
                                           .has_platform = facts->has_platform != 0});
    auxv->count = made.size();
    for (u64 at = 0; at < made.size(); ++at)
        auxv->entries[at] = {static_cast<u64>(made[at].type), made[at].value};
}

vdsokit_status vdsokit_stack_measure(vdsokit_initial_stack* stack, vdsokit_strings const* strings,
                                     vdsokit_auxv const* auxv, vdsokit_stack_rules const* rules,
                                     vdsokit_fault* fault) {
    kit::Auxv entries;
    if (auxv->count > vdsokit_auxv_capacity) {
        kit::fill_fault(fault, "", "the auxiliary vector has too many entries", 0);
        return vdsokit_auxv_too_long;
    }
    for (u64 at = 0; at < auxv->count; ++at)
        if (!entries.add(kit::Aux{auxv->entries[at].type}, auxv->entries[at].value))
            return vdsokit_auxv_too_long;
    kit::StackRules limits{.file_class = static_cast<u8>(rules->file_class),
                           .top = {rules->top},
                           .bytes_limit = rules->bytes_limit,
                           .string_limit = rules->string_limit,
                           .exec_name = rules->exec_name,
                           .platform = rules->platform,
                           .random = {}};
    __builtin_memcpy(limits.random, rules->random, sizeof(limits.random));
    Strings from{*strings};
    auto const measured = InitialStack::measure(from, entries, limits);
    if (!measured) return status_of(measured.error(), fault);
    kit::store_in_c(stack, measured.value());
    return vdsokit_ok;
}

vdsokit_status vdsokit_stack_write(vdsokit_initial_stack const* stack,
                                   vdsokit_strings const* strings, vdsokit_stack_sink const* sink,
                                   vdsokit_fault* fault) {
    Strings from{*strings};
    Sink to{*sink};
    auto const written = kit::from_c<InitialStack>(stack).write(from, to);
    return written ? vdsokit_status{vdsokit_ok} : status_of(written.error(), fault);
}

uint64_t vdsokit_stack_pointer(vdsokit_initial_stack const* stack) {
    return kit::from_c<InitialStack>(stack).stack_pointer().value;
}
