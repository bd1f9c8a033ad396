// SPDX-License-Identifier: BSD-2-Clause
#include "kit/process/exec.h"

namespace vdsokit::kit {

namespace {

// What is taken already: stack, vDSO, program, interpreter.
using Taken = FixedVector<AddressRange, 4>;

AddressRange range_of(Program const& program, u64 bias) {
    return {program.start() + bias, program.end() + bias};
}

AddressRange pages_of(ProgramSegment const& segment, u64 bias, u64 page_size) {
    u64 const start = align_down(segment.address, page_size);
    u64 const end = align_up(segment.address + segment.memory_size, page_size);
    return {start + bias, end + bias};
}

// The first segment of a program that cannot move which lies where it may not.
struct Collision {
    bool found;
    u64 at;
};
Collision collision(Program const& program, AddressRange range, u64 page_size) {
    for (ProgramSegment const& segment : program.segments())
        if (pages_of(segment, 0, page_size).overlaps(range)) return {true, segment.header_at};
    return {false, 0};
}

bool is_free(AddressRange range, Taken const& taken) {
    for (AddressRange const& other : taken)
        if (range.overlaps(other)) return false;
    return true;
}

// The highest free place for `size` bytes that ends at or below `top`, at a multiple of
// `alignment`; 0: none. `size` is not 0.
u64 place_below(u64 top, u64 size, u64 alignment, AddressRange process, Taken const& taken) {
    if (top > process.end) top = process.end;
    for (;;) {
        if (top < process.start || top - process.start < size) return 0;
        u64 const start = align_down(top - size, alignment);
        if (start < process.start) return 0;
        AddressRange const range{start, start + size};
        u64 lower = top;
        for (AddressRange const& other : taken)
            if (range.overlaps(other) && other.start < lower) lower = other.start;
        if (lower == top) return start;
        top = lower;
    }
}

// The shift is entropy: where it leaves no room, the place is predictable rather than refused.
u64 place(ExecRequest const& request, u64 size, u64 alignment, u64 shift, Taken const& taken) {
    u64 const room = request.mapping_top / request.page_size;
    u64 const pages = shift < room ? shift : 0;
    u64 const start = place_below(request.mapping_top - pages * request.page_size, size, alignment,
                                  request.process, taken);
    if (start != 0 || pages == 0) return start;
    return place_below(request.mapping_top, size, alignment, request.process, taken);
}

// Where a program that can move begins, at a multiple of its alignment; 0: no room.
u64 place_program(ExecRequest const& request, u64 size, u64 alignment, Taken const& taken) {
    AddressRange const process = request.process;
    u64 const room = process.end / request.page_size;
    u64 const pages = request.program_shift < room ? request.program_shift : 0;
    u64 const wish = request.program_base + pages * request.page_size;
    if (alignment <= process.end && wish <= process.end - alignment) {
        u64 const start = align_up(wish, alignment);
        if (start >= process.start && inside(start, size, process.end) &&
            is_free({start, start + size}, taken))
            return start;
    }
    return place_below(request.mapping_top, size, alignment, process, taken);
}

// The span from a multiple of the alignment on, so that a bias keeps every segment's alignment.
u64 aligned_start(Program const& program) {
    return align_down(program.start(), program.alignment());
}

}  // namespace

Result<ExecPlan, ExecFault> plan_exec(ExecRequest const& request) {
    Program const& program = request.program;
    Program const* const interpreter = request.interpreter;
    bool const fixed_vdso = request.vdso_placement == VdsoPlacement::fixed;
    AddressRange const process = request.process;
    Taken taken;
    auto const take = [&taken](AddressRange range) {
        if (!taken.push(range)) __builtin_trap();  // four at most
    };

    if (program.interpreter() != nullptr && interpreter == nullptr)
        return ExecFault{ExecError::missing_interpreter, 0};
    if (program.interpreter() == nullptr && interpreter != nullptr)
        return ExecFault{ExecError::unexpected_interpreter, 0};

    take(request.stack);
    if (fixed_vdso) {
        AddressRange const vdso = request.vdso;
        if (vdso.start < process.start || vdso.end > process.end || vdso.start >= vdso.end ||
            vdso.overlaps(request.stack))
            return ExecFault{ExecError::vdso_out_of_range, 0};
        take(vdso);
    }

    ExecPlan plan{};
    if (program.is_position_independent()) {
        u64 const first = aligned_start(program);
        u64 const start = place_program(request, program.end() - first, program.alignment(), taken);
        if (start == 0) return ExecFault{ExecError::no_room, 0};
        plan.program_bias = start - first;
    } else {
        if (program.start() < process.start || program.end() > process.end)
            return ExecFault{ExecError::program_out_of_range, program.segments()[0].header_at};
        Collision const stack = collision(program, request.stack, request.page_size);
        if (stack.found) return ExecFault{ExecError::program_overlaps_stack, stack.at};
        Collision const vdso =
            collision(program, fixed_vdso ? request.vdso : AddressRange{}, request.page_size);
        if (vdso.found) return ExecFault{ExecError::program_overlaps_vdso, vdso.at};
    }
    AddressRange const image = range_of(program, plan.program_bias);
    take(image);

    plan.program_entry = program.entry() + plan.program_bias;
    plan.entry = plan.program_entry;
    if (program.program_headers() != 0)
        plan.program_headers = program.program_headers() + plan.program_bias;
    u64 const heap_room = (process.end - image.end) / request.page_size;
    plan.heap_start =
        image.end + (request.heap_shift < heap_room ? request.heap_shift : 0) * request.page_size;

    if (interpreter != nullptr) {
        if (interpreter->is_position_independent()) {
            u64 const first = aligned_start(*interpreter);
            u64 const start = place(request, interpreter->end() - first, interpreter->alignment(),
                                    request.interpreter_shift, taken);
            if (start == 0) return ExecFault{ExecError::no_room, 0};
            plan.interpreter_bias = start - first;
        } else {
            if (interpreter->start() < process.start || interpreter->end() > process.end)
                return ExecFault{ExecError::interpreter_out_of_range,
                                 interpreter->segments()[0].header_at};
            Collision const stack = collision(*interpreter, request.stack, request.page_size);
            if (stack.found) return ExecFault{ExecError::interpreter_overlaps_stack, stack.at};
            Collision const vdso = collision(
                *interpreter, fixed_vdso ? request.vdso : AddressRange{}, request.page_size);
            if (vdso.found) return ExecFault{ExecError::interpreter_overlaps_vdso, vdso.at};
            Collision const other = collision(*interpreter, image, request.page_size);
            if (other.found) return ExecFault{ExecError::interpreter_overlaps_program, other.at};
        }
        plan.entry = interpreter->entry() + plan.interpreter_bias;
        take(range_of(*interpreter, plan.interpreter_bias));
    }

    switch (request.vdso_placement) {
    case VdsoPlacement::none: break;
    case VdsoPlacement::fixed: plan.vdso = request.vdso.start; break;
    case VdsoPlacement::anywhere:
        plan.vdso =
            place(request, request.vdso.size(), request.vdso_alignment, request.vdso_shift, taken);
        if (plan.vdso == 0) return ExecFault{ExecError::no_room, 0};
        break;
    }
    return plan;
}

SegmentPieces pieces_of(ProgramSegment const& segment, u64 bias, u64 page_size) {
    AddressRange const pages = pages_of(segment, bias, page_size);
    u64 const data_end = segment.address + bias + segment.file_size;
    bool const has_data = segment.file_size != 0;
    u64 const file_end = has_data ? align_up(data_end, page_size) : pages.start;
    SegmentPieces pieces{};
    pieces.access = segment.access;
    pieces.file = {pages.start, file_end};
    pieces.file_offset = align_down(segment.offset, page_size);
    pieces.zero = {file_end, pages.end};
    if (has_data && segment.memory_size > segment.file_size) pieces.clear = {data_end, file_end};
    return pieces;
}

Auxv make_auxv(Program const& program, ExecPlan const& plan, ProcessFacts const& facts) {
    struct Row {
        Aux type;
        u64 value;
        bool is_due = true;
    };
    Row const rows[] = {
        {Aux::sysinfo_ehdr, plan.vdso, plan.vdso != 0},
        {Aux::minsigstksz, facts.signal_stack_size, facts.signal_stack_size != 0},
        {Aux::hwcap, facts.hwcap},
        {Aux::pagesz, facts.page_size},
        {Aux::clktck, facts.clock_ticks},
        {Aux::phdr, plan.program_headers},
        {Aux::phent, program.program_header_size()},
        {Aux::phnum, program.program_header_count()},
        {Aux::base, plan.interpreter_bias},
        {Aux::flags, 0},
        {Aux::entry, plan.program_entry},
        {Aux::uid, facts.user},
        {Aux::euid, facts.effective_user},
        {Aux::gid, facts.group},
        {Aux::egid, facts.effective_group},
        {Aux::secure, facts.is_secure ? u64{1} : u64{0}},
        {Aux::random, 0},
        {Aux::hwcap2, facts.hwcap2},
        {Aux::execfn, 0},
        {Aux::platform, 0, facts.has_platform},
    };
    static_assert(sizeof(rows) / sizeof(rows[0]) < Auxv::capacity);
    Auxv auxv;
    for (Row const& row : rows)
        if (row.is_due && !auxv.add(row.type, row.value)) __builtin_trap();
    return auxv;
}

char const* text_of(ExecError error) {
    switch (error) {
    case ExecError::missing_interpreter: return "its program interpreter is missing";
    case ExecError::unexpected_interpreter: return "it names no program interpreter";
    case ExecError::program_out_of_range: return "its segment lies where no process has memory";
    case ExecError::program_overlaps_stack: return "its segment overlaps the stack";
    case ExecError::program_overlaps_vdso: return "its segment overlaps the vDSO";
    case ExecError::interpreter_out_of_range:
        return "its interpreter's segment lies where no process has memory";
    case ExecError::interpreter_overlaps_stack:
        return "its interpreter's segment overlaps the stack";
    case ExecError::interpreter_overlaps_vdso: return "its interpreter's segment overlaps the vDSO";
    case ExecError::interpreter_overlaps_program:
        return "its interpreter's segment overlaps the program";
    case ExecError::vdso_out_of_range: return "the vDSO's fixed place is not free";
    case ExecError::no_room: return "there is no room for it";
    }
    return "";
}

}  // namespace vdsokit::kit
