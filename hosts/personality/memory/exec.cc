// SPDX-License-Identifier: BSD-2-Clause
#include "hosts/personality/memory/exec.h"

#include "hosts/personality/files/file.h"
#include "hosts/personality/files/held.h"
#include "hosts/personality/memory/exec_files.h"
#include "hosts/personality/memory/vdso.h"
#include "hosts/personality/process/process.h"
#include "kit/process/exec.h"
#include "kit/process/initial_stack.h"
#include "linux_narrow.h"
#include "linux_process.h"

namespace vdsokit::personality {

namespace {

// [Linux include/uapi/linux/binfmts.h, MAX_ARG_STRLEN; fs/exec.c, bprm_stack_limits()]
inline constexpr u64 string_limit = 32 * page_size;
inline constexpr u64 strings_least = 32 * page_size;
inline constexpr u64 clock_ticks = 100;

// One exec is made at a time, and this is much for a stack.
struct Work {
    kit::Result<kit::Program, kit::ProgramFault> program = kit::ProgramFault{};
    kit::Result<kit::Program, kit::ProgramFault> interpreter = kit::ProgramFault{};
};
constinit Work work;

u64 random_bits(u64 bits) {
    u64 value = 0;
    host::fill_random(reinterpret_cast<u8*>(&value), sizeof(value));
    return value & ((u64{1} << bits) - 1);
}

// Nobody runs in `memory` yet, so its regions are free where the plan says.
Attempt<Nothing> map_program(Memory& memory, kit::Program const& program, File& file, u64 bias) {
    for (kit::ProgramSegment const& segment : program.segments()) {
        kit::SegmentPieces const pieces = kit::pieces_of(segment, bias, page_size);
        MapRequest request;
        request.access = pieces.access;
        request.placement = Placement::fixed_if_free;
        if (pieces.file.size() != 0) {
            request.address = pieces.file.start;
            request.size = pieces.file.size();
            request.file = &file;
            request.offset = pieces.file_offset;
            auto const mapped = memory.map(request);
            if (!mapped) return mapped.error();
        }
        if (pieces.zero.size() != 0) {
            request.address = pieces.zero.start;
            request.size = pieces.zero.size();
            request.file = nullptr;
            request.offset = 0;
            auto const mapped = memory.map(request);
            if (!mapped) return mapped.error();
        }
        if (!memory.clear({pieces.clear.start}, pieces.clear.size())) return Errno::nomem;
    }
    return Nothing{};
}

Attempt<Nothing> map_stack(Memory& memory, u64 end) {
    MapRequest request;
    request.address = end - stack_size;
    request.size = stack_size;
    request.access = Access::read_write;
    request.placement = Placement::fixed_if_free;
    request.may_exceed_memory = true;
    request.name = RegionName::stack;
    auto const mapped = memory.map(request);
    if (!mapped) return mapped.error();
    return Nothing{};
}

struct MemorySink {
    Memory& memory;
    bool write(VirtualAddress at, u8 const* bytes, u64 size) {
        return memory.copy_out(at, bytes, size);
    }
};

kit::Auxv auxv_of(kit::Program const& program, kit::ExecPlan const& plan) {
    host::CpuFeatures const cpu = host::cpu_features();
    kit::ProcessFacts facts{};  // user and group 0 throughout
    bool const is_narrow = &layout_for(program) == &narrow_layout;
    facts.page_size = page_size;
    facts.hwcap = is_narrow ? cpu.narrow_hwcap : cpu.hwcap;
    facts.hwcap2 = is_narrow ? cpu.narrow_hwcap2 : cpu.hwcap2;
    facts.clock_ticks = clock_ticks;
    // Arm has no AT_MINSIGSTKSZ.
    facts.signal_stack_size = is_narrow ? 0 : arch::signal_stack_size;
    facts.has_platform = true;
    kit::Auxv const complete = make_auxv(program, plan, facts);
    if (!vdso_is_rel4() || is_narrow) return complete;
    using kit::Aux;
    kit::Auxv rel4;
    // That kit pushes an ordered map downwards, so the numbers fall. [its task/init.rs]
    for (Aux const type : {Aux::sysinfo_ehdr, Aux::execfn, Aux::egid, Aux::gid, Aux::euid, Aux::uid,
                           Aux::entry, Aux::pagesz}) {
        u64 const* const value = complete.find(type);
        if (!rel4.add(type, value == nullptr ? 0 : *value)) __builtin_trap();
    }
    return rel4;
}

Errno errno_of(kit::StackFault const& fault) {
    switch (fault.error) {
    case kit::StackError::too_large:
    case kit::StackError::string_too_long: return Errno::toobig;
    case kit::StackError::unreadable_string: return Errno::fault;
    case kit::StackError::unwritable: return Errno::nomem;
    }
    return Errno::noexec;
}

char const* last_part(char const* path) {
    char const* name = path;
    for (; *path != 0; ++path)
        if (*path == '/') name = path + 1;
    return name;
}

bool become(Thread& thread, NewImage image, kit::Auxv const& auxv) {
    u64 words[2 * kit::Auxv::capacity];
    u64 count = 0;
    for (u64 at = 0; at < auxv.size(); ++at) {
        words[count++] = static_cast<u64>(auxv[at].type);
        words[count++] = auxv[at].value;
    }
    words[count++] = static_cast<u64>(kit::Aux::null);
    words[count++] = 0;
    image.auxv = words;
    image.auxv_words = count;
    return thread.process().become(thread, image);
}

}  // namespace

u64 exec_strings_limit(Process& process) {
    u64 const limit = process.limit(Resource::stack).soft;
    u64 const quarter = (limit < stack_size ? limit : stack_size) / 4;
    return quarter < strings_least ? strings_least : quarter;
}

Attempt<Nothing> exec(Thread& thread, ExecSource const& source) {
    Process& process = thread.process();
    ExecStrings strings(source.arguments, source.environment);
    if (!source.file->is_regular() || !source.file->is_executable()) return Errno::access;
    source.file->retain();
    Held<File> file(source.file);
    if (auto const followed = follow_scripts(process, file, source.path, strings); !followed)
        return followed.error();
    // No program need cope without argv[0]. [Linux fs/exec.c, do_execveat_common()]
    if (strings.arguments() == 0 && !strings.push_front("")) return Errno::toobig;

    work.program = parse_program(*file.get());
    if (!work.program) return refuse(*file.get(), work.program.error());
    kit::Program const& program = work.program.value();
    kit::Program const* interpreter = nullptr;
    Held<File> interpreter_file;
    if (program.interpreter() != nullptr) {
        auto const opened = open_program(process, program.interpreter());
        if (!opened) return opened.error();
        interpreter_file.reset(opened.value());
        work.interpreter = parse_program(*opened.value());
        if (!work.interpreter) return refuse(*opened.value(), work.interpreter.error());
        interpreter = &work.interpreter.value();
        if (interpreter->file_class() != program.file_class()) return Errno::libbad;
    }

    Layout const& layout = layout_for(program);
    bool const is_narrow = &layout == &narrow_layout;
    auto const shift = [](u64 bits) { return random_bits(bits) * page_size; };
    u64 const stack_end = layout.end - page_size - shift(layout.stack_entropy_bits);
    u64 const stack_start = stack_end - stack_size;
    u64 const mapping_top = stack_start - stack_gap - shift(layout.mapping_entropy_bits);
    auto const plan = kit::plan_exec({
        .program = program,
        .interpreter = interpreter,
        .page_size = page_size,
        .process = {lowest_address, layout.end},
        .stack = {stack_start - stack_gap, stack_end},
        .program_base = layout.program_base,
        .mapping_top = mapping_top,
        .vdso_placement = vdso_placement(layout),
        .vdso = vdso_range(layout),
        .vdso_alignment = vdso_alignment(layout),
        .program_shift = random_bits(layout.program_entropy_bits),
        .vdso_shift = random_bits(layout.vdso_entropy_bits),
        .heap_shift = random_bits(layout.heap_entropy_bits),
    });
    if (!plan) return refuse(*file.get(), plan.error());

    kit::StackRules rules{};
    rules.file_class = program.file_class();
    // Not always at the same place in its page either.
    rules.top = {stack_end - random_bits(8) * 16};
    rules.bytes_limit = exec_strings_limit(process);
    rules.string_limit = string_limit;
    rules.exec_name = source.path;
    rules.platform = is_narrow ? arch::narrow::platform : arch::platform;
    host::fill_random(rules.random, sizeof(rules.random));
    auto const stack = kit::InitialStack::measure(strings, auxv_of(program, plan.value()), rules);
    if (!stack) return errno_of(stack.error());

    Held<Memory> made(Memory::create());
    if (!made) return Errno::nomem;
    Memory& memory = *made;
    memory.set_layout(layout);
    memory.set_mapping_top(mapping_top);
    memory.set_heap(plan.value().heap_start);
    memory.set_places({.stack_start = stack_start,
                       .stack_end = stack_end,
                       .arguments_start = stack.value().arguments_start().value,
                       .arguments_end = stack.value().environment_start().value,
                       .environment_end = stack.value().environment_end().value,
                       .vdso = plan.value().vdso});
    VirtualAddress signal_return{0};
    auto mapped = map_program(memory, program, *file.get(), plan.value().program_bias);
    if (mapped && interpreter != nullptr)
        mapped = map_program(memory, *interpreter, *interpreter_file.get(),
                             plan.value().interpreter_bias);
    if (mapped) mapped = map_stack(memory, stack_end);
    if (mapped) mapped = map_vdso(memory, plan.value().vdso, signal_return);
    if (!mapped) return Errno::nomem;
    show_time_page(memory, thread.process().children_time_group.get());
    MemorySink sink{memory};
    if (auto const written = stack.value().write(strings, sink); !written)
        return errno_of(written.error());

    NewImage image{};
    image.memory = &memory;
    image.executable = file.get();
    image.entry = {plan.value().entry};
    image.stack = stack.value().stack_pointer();
    image.signal_return = signal_return;
    image.name = last_part(source.path);
    if (!become(thread, image, stack.value().auxv())) return Errno::nomem;
    // The process has them now.
    static_cast<void>(made.give());
    static_cast<void>(file.give());
    return Nothing{};
}

}  // namespace vdsokit::personality
