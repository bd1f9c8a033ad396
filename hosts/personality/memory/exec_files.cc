// SPDX-License-Identifier: BSD-2-Clause
#include "hosts/personality/memory/exec_files.h"

#include "elf_machine.h"
#include "linux_narrow.h"

#include "hosts/personality/files/file.h"
#include "hosts/personality/memory/report.h"
#include "hosts/personality/memory/script.h"
#include "kit/image/elf.h"

namespace vdsokit::personality {

namespace {

// [Linux fs/exec.c, exec_binprm()]
inline constexpr u64 script_depth_limit = 5;
// One exec is made at a time.
constinit ScriptLine lines[script_depth_limit]{};

void report(File& file, char const* what, u64 at) {
    Report line;
    line.text().add("exec: ").add(file.path()).add(": ").add(what);
    line.text().add(" (offset 0x").hexadecimal(at).byte(')');
    line.show(host::Channel::messages);
}

// A file that is none of both kinds is refused by the rules for 64-bit ones.
kit::ProgramRules rules_for(File& file) {
    kit::ProgramRules rules{.machine = arch::elf_machine,
                            .file_class = arch::elf_class,
                            .page_size = page_size,
                            .process_end = wide_layout.end};
    kit::elf::Class32::FileHeader header;
    bool const is_narrow =
        host::cpu_features().runs_narrow &&
        file.read_at(0, &header, sizeof(header)) == static_cast<i64>(sizeof(header)) &&
        header.identification.file_class == arch::narrow::elf_class &&
        header.machine == arch::narrow::elf_machine &&
        (header.flags & arch::narrow::elf_abi_mask) != 0;
    if (!is_narrow) return rules;
    rules.machine = arch::narrow::elf_machine;
    rules.file_class = arch::narrow::elf_class;
    rules.process_end = narrow_layout.end;
    return rules;
}

}  // namespace

Attempt<File*> open_program(Process& process, char const* path) {
    Errno error = Errno::noent;
    File* const file = open_file(process, path, error);
    if (file == nullptr) return error;
    if (file->is_regular() && file->is_executable()) return file;
    file->release();
    return Errno::access;
}

Attempt<Nothing> follow_scripts(Process& process, Held<File>& file, char const* path,
                                ExecStrings& strings) {
    for (u64 depth = 0;; ++depth) {
        u8 head[script_head_size];
        i64 const size = file->read_at(0, head, sizeof(head));
        if (size < 0) return static_cast<Errno>(-size);
        if (depth == script_depth_limit) {
            bool const goes_on = size >= 2 && head[0] == '#' && head[1] == '!';
            return goes_on ? Attempt<Nothing>(Errno::loop) : Attempt<Nothing>(Nothing{});
        }
        ScriptLine& line = lines[depth];
        switch (parse_script({head, static_cast<u64>(size)}, line)) {
        case ScriptKind::no_script: return Nothing{};
        case ScriptKind::malformed: return Errno::noexec;
        case ScriptKind::script: break;
        }
        bool fits = depth != 0 || strings.replace_first(path);
        if (line.argument[0] != 0) fits = fits && strings.push_front(line.argument);
        if (!fits || !strings.push_front(line.interpreter)) return Errno::toobig;
        auto const next = open_program(process, line.interpreter);
        if (!next) return next.error();
        file.reset(next.value());
    }
}

kit::Result<kit::Program, kit::ProgramFault> parse_program(File& file) {
    struct View {
        File* file;
    };
    View const view{&file};
    kit::ProgramFile const source{&view,
                                  [](void const* context, u64 offset, void* to, u64 size) {
                                      File* const from = static_cast<View const*>(context)->file;
                                      return from->read_at(offset, to, size) ==
                                             static_cast<i64>(size);
                                  },
                                  file.size()};
    return kit::Program::open(source, rules_for(file));
}

Layout const& layout_for(kit::Program const& program) {
    return program.file_class() == arch::elf_class ? wide_layout : narrow_layout;
}

Errno refuse(File& file, kit::ProgramFault const& fault) {
    report(file, text_of(fault.error), fault.at);
    return fault.error == kit::ProgramError::unreadable ? Errno::io : Errno::noexec;
}

Errno refuse(File& file, kit::ExecFault const& fault) {
    report(file, text_of(fault.error), fault.at);
    return fault.error == kit::ExecError::no_room ? Errno::nomem : Errno::noexec;
}

}  // namespace vdsokit::personality
