// SPDX-License-Identifier: BSD-2-Clause
// [Linux kernel/fork.c, include/uapi/linux/sched.h]
#include "hosts/personality/process/clone.h"

#include "linux_call.h"

#include "hosts/personality/files/descriptors.h"
#include "hosts/personality/memory/memory.h"
#include "hosts/personality/memory/vdso.h"
#include "hosts/personality/process/ids.h"
#include "hosts/personality/process/lifecycle.h"
#include "hosts/personality/process/relations.h"

namespace vdsokit::personality {

namespace {

constexpr u64 share_memory = 0x100, share_directory = 0x200, share_files = 0x400,
              share_handlers = 0x800, is_vfork = 0x4000, same_parent = 0x8000, is_thread = 0x1'0000,
              share_semaphores = 0x4'0000, set_tls = 0x8'0000, set_parent_id = 0x10'0000,
              clear_child_id = 0x20'0000, detached = 0x40'0000, untraced = 0x80'0000,
              set_child_id = 0x100'0000, new_time = 0x80, share_io = 0x8000'0000,
              clear_handlers = 0x1'0000'0000;
// Other namespaces and pidfds are refused, not ignored: a program would count on them.
constexpr u64 known = share_memory | share_directory | share_files | share_handlers | is_vfork |
                      same_parent | is_thread | share_semaphores | set_tls | set_parent_id |
                      clear_child_id | detached | untraced | set_child_id | share_io |
                      clear_handlers | new_time;

struct Request {
    u64 flags = 0;
    i32 exit_signal = 0;
    u64 stack = 0;
    u64 tls = 0;
    VirtualAddress parent_id{0};
    VirtualAddress child_id{0};
    bool has(u64 flag) const { return (flags & flag) != 0; }
};

bool is_sane(Request const& request) {
    if ((request.flags & ~known) != 0) return false;
    if (request.has(is_thread) && !request.has(share_handlers)) return false;
    if (request.has(share_handlers) && !request.has(share_memory)) return false;
    if (request.has(share_handlers) && request.has(clear_handlers)) return false;
    // The page of one memory shows the clocks of one group.
    if (request.has(share_memory) && request.has(new_time)) return false;
    // A thread has its process's files and directory here.
    if (request.has(is_thread) && (!request.has(share_files) || !request.has(share_directory)))
        return false;
    return request.exit_signal == 0 || is_signal(request.exit_signal);
}

// A reserve for those that live: their pages, stacks and tables come as they are touched.
bool has_room() {
    host::FrameCount const frames = host::frame_count();
    u64 const reserve = frames.total / 32;
    return frames.free > reserve;
}

// A child of its own memory begins in the group that its parent's children begin in.
// False: no group could be made.
bool place_in_time(Process& parent, Process& child, Request const& request) {
    if (request.has(share_memory)) {
        child.time_group.set(parent.time_group.get());
        child.children_time_group.set(parent.children_time_group.get());
        return true;
    }
    TimeGroup* group = parent.children_time_group.get();
    if (request.has(new_time)) {
        group = TimeGroup::make(group);
        if (group == nullptr) return false;
    }
    if (group != parent.time_group.get()) show_time_page(child.memory(), group);
    child.join_time_group(group);
    if (request.has(new_time)) group->release();
    return true;
}

Process* make_child(Call& call, Request const& request, i32 id) {
    Process& process = call.process;
    Process* const parent = request.has(same_parent) ? process.parent : &process;
    if (parent == nullptr) return nullptr;
    Process* const child = make_process(id, parent);
    if (child == nullptr) return nullptr;
    Memory* memory = &process.memory();
    if (request.has(share_memory))
        memory->retain();
    else
        memory = memory->fork();
    Descriptors* const descriptors =
        process.descriptors().fork(request.has(share_files), request.has(share_directory));
    SignalActions* actions = process.actions;
    if (request.has(share_handlers))
        actions->retain();
    else
        actions = actions->fork();
    child->adopt(memory, descriptors, actions);
    if (memory == nullptr || descriptors == nullptr || actions == nullptr ||
        !place_in_time(process, *child, request)) {
        child->release_holdings();
        destroy_process(*child);
        return nullptr;
    }
    if (request.has(clear_handlers)) actions->reset_handlers();
    child->copy_image_facts(process);
    child->session = process.session;
    process.group->join(*child);
    child->exit_signal = request.has(same_parent) ? process.exit_signal : request.exit_signal;
    child->personality_flags = process.personality_flags;
    for (u32 i = 0; i < resource_count; ++i) child->limits[i] = process.limits[i];
    return child;
}

// The child's registers and words; from here on nothing fails.
void set_up(Call& call, Request const& request, Thread& child) {
    Thread& thread = call.thread;
    thread.fetch_vectors();
    child.registers() = thread.registers();
    child.put_vectors();
    arch::become_clone(child.registers(), request.stack);
    if (request.has(set_tls)) arch::set_linux_tls(child.registers(), request.tls);
    child.blocked = thread.mask_is_temporary ? thread.saved_mask : thread.blocked;
    child.set_name(thread.name());
    // The stack of a vfork child is the parent's; a thread has none yet. [man sigaltstack]
    if (!request.has(share_memory) || request.has(is_vfork))
        child.alternate_stack = thread.alternate_stack;
    if (request.has(clear_child_id)) child.clear_on_exit = request.child_id;
    // Linux, too, makes the child when these words cannot be written.
    i32 const id = child.id();
    if (request.has(set_child_id))
        static_cast<void>(child.process().memory().store(request.child_id, id));
    if (request.has(set_parent_id))
        static_cast<void>(call.process.memory().store(request.parent_id, id));
    child.update_run();
}

Outcome begin_clone(Call& call, Request const& request) {
    if (!is_sane(request)) return Outcome::error(Errno::inval);
    if (request.has(same_parent) && call.process.id() == 1) return Outcome::error(Errno::inval);
    if (thread_count() >= call.process.limit(Resource::processes).soft)
        return Outcome::error(Errno::again);
    i32 const id = has_room() ? choose_id() : 0;
    if (id == 0) return Outcome::error(Errno::again);
    if (request.has(is_thread)) {
        Thread* const thread = make_thread(call.process, id);
        if (thread == nullptr) return Outcome::error(Errno::nomem);
        set_up(call, request, *thread);
        return Outcome::done(static_cast<u64>(id));
    }
    Process* const child = make_child(call, request, id);
    if (child == nullptr) return Outcome::error(Errno::nomem);
    Thread* const thread = make_thread(*child, id);
    if (thread == nullptr) {
        child->release_holdings();
        destroy_process(*child);
        return Outcome::error(Errno::nomem);
    }
    set_up(call, request, *thread);
    if (!request.has(is_vfork)) return Outcome::done(static_cast<u64>(id));
    child->parent_waits_for_exec = true;
    call.progress = static_cast<u64>(id);
    return Outcome::wait(vfork_key(*child));
}

// vfork: the child still runs in the parent's memory.
Outcome wait_for_exec(Call& call) {
    Process* const child = Process::find(static_cast<i32>(call.progress));
    if (child != nullptr && child->parent_waits_for_exec) return Outcome::wait(vfork_key(*child));
    return Outcome::done(call.progress);
}

struct UserCloneArguments {
    u64 flags, pidfd, child_id, parent_id, exit_signal, stack, stack_size, tls;
    u64 set_id, set_id_size, cgroup;
};
static_assert(sizeof(UserCloneArguments) == 88);
constexpr u64 first_version_size = 64;

// What a newer program says beyond what is known here must be zero. [copy_struct_from_user]
Outcome load_arguments(Call& call, UserCloneArguments& arguments) {
    u64 const size = call.argument(1);
    if (size < first_version_size) return Outcome::error(Errno::inval);
    if (size > 4096) return Outcome::error(Errno::toobig);
    Memory& memory = call.process.memory();
    u64 const used = size < sizeof(arguments) ? size : sizeof(arguments);
    if (!memory.copy_in(&arguments, call.address(0), used)) return Outcome::error(Errno::fault);
    for (u64 at = used; at < size; ++at) {
        u8 byte = 0;
        if (!memory.load(byte, {call.argument(0) + at})) return Outcome::error(Errno::fault);
        if (byte != 0) return Outcome::error(Errno::toobig);
    }
    return Outcome::done(0);
}

}  // namespace

Outcome clone_call(Call& call) {
    if (!call.first_attempt) return wait_for_exec(call);
    constexpr u64 exit_signal_bits = 0xff;
    u64 const flags = call.argument(0) & 0xffff'ffff;
    return begin_clone(call, {.flags = flags & ~exit_signal_bits,
                              .exit_signal = static_cast<i32>(flags & exit_signal_bits),
                              .stack = call.argument(1),
                              .tls = call.argument(arch::clone_tls_argument),
                              .parent_id = call.address(2),
                              .child_id = call.address(arch::clone_child_id_argument)});
}

Outcome clone3_call(Call& call) {
    if (!call.first_attempt) return wait_for_exec(call);
    UserCloneArguments arguments{};
    Outcome const loaded = load_arguments(call, arguments);
    if (loaded.value() != 0) return loaded;
    if (arguments.set_id != 0 || arguments.set_id_size != 0) return Outcome::error(Errno::inval);
    if (arguments.exit_signal > 64) return Outcome::error(Errno::inval);
    bool const has_stack = arguments.stack != 0;
    if (has_stack != (arguments.stack_size != 0)) return Outcome::error(Errno::inval);
    if (arguments.stack > ~u64{0} - arguments.stack_size) return Outcome::error(Errno::inval);
    Request const request{.flags = arguments.flags,
                          .exit_signal = static_cast<i32>(arguments.exit_signal),
                          .stack = arguments.stack + arguments.stack_size,
                          .tls = arguments.tls,
                          .parent_id = {arguments.parent_id},
                          .child_id = {arguments.child_id}};
    if (request.exit_signal != 0 && (request.has(is_thread) || request.has(same_parent)))
        return Outcome::error(Errno::inval);
    return begin_clone(call, request);
}

}  // namespace vdsokit::personality
