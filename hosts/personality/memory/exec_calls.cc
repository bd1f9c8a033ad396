// SPDX-License-Identifier: BSD-2-Clause
// execve and execveat.
#include "hosts/personality/files/descriptors.h"
#include "hosts/personality/memory/calls.h"
#include "hosts/personality/memory/exec.h"
#include "hosts/personality/process/process.h"
#include "hosts/personality/text.h"

namespace vdsokit::personality {

namespace {

inline constexpr u64 path_capacity = 4096;
// [include/uapi/linux/fcntl.h]
inline constexpr i32 at_current_directory = -100;
inline constexpr u64 at_empty_path = 0x1000;
inline constexpr u64 at_no_follow = 0x100;

// One exec is made at a time, and this is much for a stack. The name in image.name and AT_EXECFN.
constinit char path[path_capacity];

Outcome run(Call& call, File* file, char const* name, u32 first) {
    u64 const limit = exec_strings_limit(call.process) / sizeof(u64);
    StringArray arguments;
    StringArray environment;
    Memory& memory = call.process.memory();
    bool const readable = arguments.open(memory, call.address(first), limit) &&
                          environment.open(memory, call.address(first + 1), limit);
    Attempt<Nothing> done = Errno::fault;
    if (readable)
        done = exec(call.thread, {.file = file,
                                  .path = name,
                                  .arguments = arguments,
                                  .environment = environment});
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
    u64 const flags = call.argument(4);
    if ((flags & ~(at_empty_path | at_no_follow)) != 0) return Outcome::error(Errno::inval);
    i64 const length = call.process.memory().copy_string_in(path, call.address(1), path_capacity);
    if (length < 0) return Outcome::error(static_cast<Errno>(-length));
    bool const by_descriptor = length == 0 && (flags & at_empty_path) != 0;
    if (by_descriptor && call.number(0) != at_current_directory) {
        File* const file = call.process.descriptors().find(call.number(0));
        if (file == nullptr) return Outcome::error(Errno::badf);
        Text(path, path_capacity).add("/dev/fd/").decimal(call.argument(0)).byte(0);
        file->retain();
        return run(call, file, path, 2);
    }
    Errno error = Errno::noent;
    File* const file = open_file(call.process, path, error);
    return file == nullptr ? Outcome::error(error) : run(call, file, path, 2);
}

}  // namespace vdsokit::personality
