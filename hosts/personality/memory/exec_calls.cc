// SPDX-License-Identifier: BSD-2-Clause
// execve and execveat.
#include "hosts/personality/files/call_tools.h"
#include "hosts/personality/memory/calls.h"
#include "hosts/personality/memory/exec.h"
#include "hosts/personality/process/process.h"
#include "hosts/personality/text.h"

namespace vdsokit::personality {

namespace {

inline constexpr u64 path_capacity = 4096;
// One exec is made at a time, and this is much for a stack. The name in image.name and AT_EXECFN.
constinit char path[path_capacity];

Outcome run(Call& call, File* file, char const* name, u32 first) {
    u64 const limit = exec_strings_limit(call.process) / call.process.memory().layout().word_size;
    StringArray arguments;
    StringArray environment;
    Memory& memory = call.process.memory();
    bool const readable = arguments.open(memory, call.address(first), limit) &&
                          environment.open(memory, call.address(first + 1), limit);
    Attempt<Nothing> done = Errno::fault;
    if (readable)
        done =
            exec(call.thread,
                 {.file = file, .path = name, .arguments = arguments, .environment = environment});
    file->release();
    return done ? Outcome::leave_registers() : Outcome::error(done.error());
}

}  // namespace

Outcome execve(Call& call) {
    i64 const length = call.process.memory().copy_string_in(path, call.address(0), path_capacity);
    if (length < 0) return Outcome::error(static_cast<Errno>(-length));
    Errno error = Errno::noent;
    File* const file = open_file(call.process, path, error);
    return file == nullptr ? Outcome::error(error) : run(call, file, path, 1);
}

Outcome execveat(Call& call) {
    u32 const flags = static_cast<u32>(call.argument(4));
    if ((flags & ~(at_flag::empty_path | at_flag::no_follow)) != 0)
        return Outcome::error(Errno::inval);
    i64 const length = call.process.memory().copy_string_in(path, call.address(1), path_capacity);
    if (length < 0) return Outcome::error(static_cast<Errno>(-length));
    auto const found = entry_at(call, 0, flags);
    if (!found) return Outcome::error(found.error());
    Held<Entry> const entry(found.value());
    if (entry->node().kind() == NodeKind::symlink) return Outcome::error(Errno::loop);
    if (entry->node().kind() != NodeKind::regular) return Outcome::error(Errno::access);
    File* file = nullptr;
    Outcome const opened = File::open(nullptr, *entry, OpenFlags{OpenFlags::read_only}, file);
    if (file == nullptr) return opened;
    if (length == 0) Text(path, path_capacity).add("/dev/fd/").decimal(call.argument(0)).byte(0);
    return run(call, file, path, 2);
}

}  // namespace vdsokit::personality
