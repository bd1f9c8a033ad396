// SPDX-License-Identifier: BSD-2-Clause
#include "hosts/personality/files/call_functions.h"
#include "hosts/personality/files/call_tools.h"
#include "hosts/personality/files/pipe.h"

namespace vdsokit::personality::file_call {

namespace {

// [include/uapi/asm-generic/fcntl.h, include/uapi/linux/fcntl.h]
enum Command : u32 {
    duplicate = 0,
    flags_of_descriptor = 1,
    set_flags_of_descriptor = 2,
    flags_of_file = 3,
    set_flags_of_file = 4,
    lock_query = 5,
    lock = 6,
    lock_wait = 7,
    set_owner = 8,
    owner = 9,
    set_signal = 10,
    signal_of = 11,
    file_lock_query = 36,
    file_lock = 37,
    file_lock_wait = 38,
    duplicate_close_on_exec = 1030,
    set_pipe_size = 1031,
    pipe_size = 1032,
};

constexpr u32 changeable = OpenFlags::append | OpenFlags::non_blocking | OpenFlags::direct |
                           0x2000 /* O_ASYNC */ | 01000000 /* O_NOATIME */;

// struct flock's first member; one process at a time changes files, and none waits for a lock.
constexpr u16 unlocked = 2;
constexpr u16 last_lock_type = 2;

Outcome duplicate_to(Call& call, File& file, u64 lowest, bool close_on_exec) {
    u32 const limit = descriptor_limit_of(call.process);
    if (lowest != 0 && lowest >= limit) return Outcome::error(Errno::inval);
    file.retain();
    i32 const number =
        call.process.descriptors().add(file, close_on_exec, static_cast<u32>(lowest), limit);
    if (number >= 0) return Outcome::done(static_cast<u64>(number));
    file.release();
    return error_of(number);
}

// Locks are granted: whoever asks whether one is held elsewhere hears that none is.
Outcome lock_call(Call& call, bool asks) {
    u16 type = 0;
    if (!call.process.memory().load(type, call.address(2))) return Outcome::error(Errno::fault);
    if (type > last_lock_type) return Outcome::error(Errno::inval);
    return asks ? store(call, 2, unlocked) : Outcome::done(0);
}

Outcome pipe_call(Call& call, File& file, bool sets) {
    if (file.node().as_pipe() == nullptr) return Outcome::error(Errno::badf);
    Pipe& pipe = *file.node().as_pipe();
    return sets ? pipe.set_capacity(call.argument(2)) : Outcome::done(pipe.capacity());
}

}  // namespace

Outcome dup(Call& call) {
    File* const file = file_or_path_at(call, 0);
    if (file == nullptr) return Outcome::error(Errno::badf);
    return duplicate_to(call, *file, 0, false);
}

Outcome dup3(Call& call) {
    u32 const flags = static_cast<u32>(call.argument(2));
    u32 const to = static_cast<u32>(call.argument(1));
    if ((flags & ~OpenFlags::close_on_exec) != 0 || call.number(0) == call.number(1))
        return Outcome::error(Errno::inval);
    File* const file = file_or_path_at(call, 0);
    if (file == nullptr || to >= descriptor_limit_of(call.process))
        return Outcome::error(Errno::badf);
    file->retain();
    if (call.process.descriptors().replace(static_cast<i32>(to), *file, flags != 0))
        return Outcome::done(to);
    file->release();
    return Outcome::error(Errno::nomem);
}

Outcome fcntl(Call& call) {
    u32 const command = static_cast<u32>(call.argument(1));
    i32 const number = call.number(0);
    Descriptors& descriptors = call.process.descriptors();
    File* const any = descriptors.find(number);
    if (any == nullptr) return Outcome::error(Errno::badf);
    switch (command) {
    case duplicate: return duplicate_to(call, *any, call.argument(2), false);
    case duplicate_close_on_exec: return duplicate_to(call, *any, call.argument(2), true);
    case flags_of_descriptor: return Outcome::done(descriptors.close_on_exec(number) ? 1 : 0);
    case set_flags_of_descriptor:
        descriptors.set_close_on_exec(number, (call.argument(2) & 1) != 0);
        return Outcome::done(0);
    case flags_of_file: return Outcome::done(any->flags().bits);
    default: break;
    }
    if (any->flags().has(OpenFlags::path_only)) return Outcome::error(Errno::badf);
    File& file = *any;
    switch (command) {
    case set_flags_of_file: {
        u32& bits = file.flags().bits;
        bits = (bits & ~changeable) | (static_cast<u32>(call.argument(2)) & changeable);
        return Outcome::done(0);
    }
    case lock:
    case lock_wait:
    case file_lock:
    case file_lock_wait: return lock_call(call, false);
    case lock_query:
    case file_lock_query: return lock_call(call, true);
    case set_owner:
    case set_signal:
    case owner:
    case signal_of: return Outcome::done(0);
    case set_pipe_size: return pipe_call(call, file, true);
    case pipe_size: return pipe_call(call, file, false);
    default: return Outcome::error(Errno::inval);
    }
}

Outcome ioctl(Call& call) {
    // [include/uapi/asm-generic/ioctls.h]
    constexpr u32 keep_on_exec = 0x5450, close_on_exec = 0x5451, non_blocking = 0x5421,
                  input_queued = 0x541b;
    File* const file = file_at(call, 0);
    if (file == nullptr) return Outcome::error(Errno::badf);
    switch (static_cast<u32>(call.argument(1))) {
    case keep_on_exec:
    case close_on_exec:
        call.process.descriptors().set_close_on_exec(
            call.number(0), static_cast<u32>(call.argument(1)) == close_on_exec);
        return Outcome::done(0);
    case non_blocking: {
        i32 wanted = 0;
        if (!call.process.memory().load(wanted, call.address(2)))
            return Outcome::error(Errno::fault);
        u32& bits = file->flags().bits;
        bits = wanted != 0 ? bits | OpenFlags::non_blocking : bits & ~OpenFlags::non_blocking;
        return Outcome::done(0);
    }
    case input_queued:
        if (file->is_regular()) {
            u64 const size = file->size();
            u64 const left = size > file->offset() ? size - file->offset() : 0;
            return store(call, 2, static_cast<i32>(left));
        }
        break;
    default: break;
    }
    return file->node().control(call, *file);
}

Outcome flock(Call& call) {
    constexpr u32 shared = 1, exclusive = 2, unlock = 8, without_waiting = 4;
    if (file_at(call, 0) == nullptr) return Outcome::error(Errno::badf);
    u32 const operation = static_cast<u32>(call.argument(1)) & ~without_waiting;
    bool const is_known = operation == shared || operation == exclusive || operation == unlock;
    return is_known ? Outcome::done(0) : Outcome::error(Errno::inval);
}

}  // namespace vdsokit::personality::file_call
