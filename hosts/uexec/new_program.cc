// SPDX-License-Identifier: BSD-2-Clause
#include "hosts/uexec/new_program.h"

#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>

#include "hosts/uexec/handover.h"
#include "hosts/uexec/own_auxv.h"
#include "hosts/uexec/stack_strings.h"
#include "linux_start.h"

namespace vdsokit::uexec {

namespace {

// What this program's own functions may still need of the stack below the frame that asks.
constexpr u64 own_frames = u64{64} * 1024;
// [Linux include/uapi/linux/binfmts.h, MAX_ARG_STRLEN; fs/exec.c, bprm_stack_limits()]
constexpr u64 string_limit = u64{128} * 1024;
constexpr u64 strings_most = 6 << 20;

u64 here() { return reinterpret_cast<std::uintptr_t>(__builtin_frame_address(0)); }

u64 stack_limit() {
    rlimit limit{};
    return getrlimit(RLIMIT_STACK, &limit) == 0 ? limit.rlim_cur : string_limit;
}

u64 strings_limit() {
    return std::max(string_limit, std::min<u64>(stack_limit() / 4, strings_most));
}

char const* text_of(kit::StackError error) {
    switch (error) {
    case kit::StackError::too_large: return "argument list too long";
    case kit::StackError::string_too_long: return "an argument is too long";
    case kit::StackError::unreadable_string: return "an argument cannot be read";
    case kit::StackError::unwritable: return "the stack cannot be written";
    }
    return "";
}

}  // namespace

OrRefusal<std::unique_ptr<NewProgram>> NewProgram::open(std::string const& path,
                                                        std::vector<std::string> command) {
    auto program = open_program(path, command);
    if (auto* const refused = std::get_if<Refusal>(&program)) return *refused;
    std::unique_ptr<NewProgram> made(
        new NewProgram(std::move(std::get<Loadable>(program)), std::move(command)));
    made->path_ = path;
    char const* const interpreter = made->program_.program.interpreter();
    if (interpreter == nullptr) return made;
    // As a shell has it: the program is there, but cannot be executed.
    auto opened = open_loadable(interpreter, status_not_executable);
    if (auto* const refused = std::get_if<Refusal>(&opened)) {
        refused->reason = path + ": its interpreter " + refused->reason;
        return *refused;
    }
    made->interpreter_ = std::move(std::get<Loadable>(opened));
    return made;
}

// The planner is given room that the kernel has found free, so that what it chooses is free.
std::optional<Refusal> NewProgram::place(Vdso const& vdso) {
    auto const room_for = [](Loadable const& loadable) {
        return loadable.program.is_position_independent() ? Room::anywhere(loadable.room_needed())
                                                          : Room::at(loadable.range(0));
    };
    Room of_program = room_for(program_);
    if (of_program.is_empty())
        return Refusal{status_not_executable,
                       program_.path + ": its place, " + hexadecimal(program_.program.start()) +
                           " to " + hexadecimal(program_.program.end()) + ", is not free here"};
    bool const interpreter_moves = interpreter_ && interpreter_->program.is_position_independent();
    if (interpreter_ && !interpreter_moves && Room::at(interpreter_->range(0)).is_empty())
        return Refusal{status_not_executable, interpreter_->path + ": its place is not free here"};
    Room others = Room::anywhere(vdso.size() + vdso.alignment() +
                                 (interpreter_moves ? interpreter_->room_needed() : 0));
    if (others.is_empty()) return Refusal::own("no room for the vDSO");

    u64 const page = own_page_size();
    u64 const stack_end = kit::align_up(own_stack_end(), page);
    auto const plan = kit::plan_exec({
        .program = program_.program,
        .interpreter = interpreter_ ? &interpreter_->program : nullptr,
        .page_size = page,
        .process = {page, std::max<u64>({of_program.range().end, others.range().end, stack_end})},
        .stack = {kit::align_down(here() - own_frames, page), stack_end},
        .program_base = of_program.range().start,
        .mapping_top = others.range().end,
        .vdso_placement = kit::VdsoPlacement::anywhere,
        .vdso = {0, vdso.size()},
        .vdso_alignment = vdso.alignment(),
    });
    if (!plan)
        return Refusal{status_not_executable,
                       program_.path + ": " + kit::text_of(plan.error().error)};
    plan_ = plan.value();
    of_program.keep_only({program_.range(plan_.program_bias)});
    std::vector<kit::AddressRange> kept{{plan_.vdso, plan_.vdso + vdso.size()}};
    if (interpreter_moves) kept.push_back(interpreter_->range(plan_.interpreter_bias));
    others.keep_only(kept);
    return std::nullopt;
}

std::optional<Refusal> NewProgram::make(Vdso& vdso) {
    if (auto refused = place(vdso)) return refused;
    if (Failure const failure = program_.map(plan_.program_bias))
        return Refusal{status_not_executable, failure.reason()};
    if (interpreter_)
        if (Failure const failure = interpreter_->map(plan_.interpreter_bias))
            return Refusal{status_not_executable, failure.reason()};
    if (Failure const failure = vdso.map(plan_.vdso)) return Refusal::own(failure.reason());
    return write_stack();
}

std::optional<Refusal> NewProgram::write_stack() {
    kit::Auxv auxv = make_auxv(program_.program, plan_, own_facts());
    add_others(auxv);
    kit::StackRules rules{};
    rules.file_class = program_.program.file_class();
    rules.top = {here() - own_frames};
    rules.bytes_limit = strings_limit();
    rules.string_limit = string_limit;
    rules.exec_name = path_.c_str();
    rules.platform = own_platform();
    copy_own_random(rules.random);
    OwnStrings strings(command_, environ);
    auto const measured = kit::InitialStack::measure(strings, auxv, rules);
    if (!measured) return Refusal{status_not_executable, text_of(measured.error().error)};
    stack_ = measured.value();
    // Below that there is no stack to write.
    if (own_stack_end() - stack_->stack_pointer().value > stack_limit())
        return Refusal::own("the stack limit leaves no room for the program");
    OwnStack sink;
    if (auto const written = stack_->write(strings, sink); !written)
        return Refusal::own(text_of(written.error().error));
    return std::nullopt;
}

void NewProgram::start() {
    u64 const entry = plan_.entry;
    u64 const stack_pointer = stack_->stack_pointer().value;
    if (interpreter_) interpreter_->file.close();
    leave_process(path_, program_.file.number(), *stack_);
    arch::start_program(entry, stack_pointer);
}

}  // namespace vdsokit::uexec
