// SPDX-License-Identifier: BSD-2-Clause
#include "hosts/personality/process/process.h"

#include "linux_call.h"

#include "hosts/personality/dispatcher.h"
#include "hosts/personality/files/start.h"
#include "hosts/personality/memory/memory.h"
#include "hosts/personality/process/ids.h"
#include "hosts/personality/process/lifecycle.h"
#include "hosts/personality/process/relations.h"
#include "hosts/personality/process/timers.h"
#include "hosts/personality/stats.h"

namespace vdsokit::personality {

Process::Process(i32 id, Process* parent_process) : parent(parent_process), id_(id) {}

char const* Process::name() {
    Thread* const thread = threads.front();
    return thread == nullptr ? "" : thread->name();
}

void Process::adopt(Memory* memory, Descriptors* descriptors, SignalActions* with) {
    memory_ = memory;
    descriptors_ = descriptors;
    actions = with;
}

void Process::copy_image_facts(Process const& from) {
    executable_ = from.executable_;
    if (executable_ != nullptr) executable_->retain();
    auxv_words_ = from.auxv_words_;
    for (u64 i = 0; i < auxv_words_; ++i) auxv_[i] = from.auxv_[i];
    signal_return = from.signal_return;
}

void Process::join_time_group(TimeGroup* to) {
    if (to != nullptr) to->enter();
    time_group.set(to);
    children_time_group.set(to);
}

bool Process::is_narrow() const { return memory_ != nullptr && memory_->is_narrow(); }

void Process::release_holdings() {
    if (executable_ != nullptr) executable_->release();
    executable_ = nullptr;
    if (descriptors_ != nullptr) descriptors_->release();
    descriptors_ = nullptr;
    if (actions != nullptr) actions->release();
    actions = nullptr;
    time_group.set(nullptr);
    children_time_group.set(nullptr);
    // The host stands on the page tables of the thread whose trap it handles.
    Thread* const current = current_thread();
    if (memory_ != nullptr && current != nullptr && current->is_gone() &&
        &current->process() == this)
        current->last_memory = memory_;
    else if (memory_ != nullptr)
        memory_->release();
    memory_ = nullptr;
}

void Process::set_stopped(bool value) {
    if (stopped == value) return;
    stopped = value;
    ProcessGroup::count_stopped(*this);
    for (Thread& thread : threads) {
        thread.update_run();
        if (!value) thread.want_attention();
    }
}

u64 Process::run_time() {
    u64 sum = ended_run_time;
    for (Thread& thread : threads) sum += thread.run_time();
    return sum;
}

void Process::thread_exit(Thread& thread, u8 code) {
    if (thread.id() == id_) status = {.code = code, .signal = 0};
    if (&thread == threads.front() && threads.after(thread) == nullptr) {
        exit(status);
        return;
    }
    end_thread(thread);
    // It may have been the one to act on a signal of the process.
    for (Thread& other : threads) other.want_attention();
}

void Process::exit(ExitStatus how) {
    if (zombie) return;
    status = how;
    set_stopped(false);
    for (Thread& thread : threads) end_thread(thread);
    release_timers(*this);
    release_vfork_parent(*this);
    write_process_stats(*this);
    release_holdings();
    pending.remove({~u64{0}});
    zombie = true;
    if (session == id_) session_ended(session);
    wake_orphaned_group(*this);
    give_away_children(*this);
    if (id_ == 1) shut_down_after(*this);
    if (!report_end(*this)) forget_zombie(*this);
}

void forget_zombie(Process& process) {
    if (process.parent != nullptr)
        process.parent->children_run_time += process.ended_run_time + process.children_run_time;
    destroy_process(process);
}

bool Process::become(Thread& caller, NewImage const& image) {
    SignalActions* own_actions = actions;
    if (actions->is_shared()) own_actions = actions->fork();
    if (own_actions == nullptr) return false;
    if (!descriptors_->on_exec()) {
        if (own_actions != actions) own_actions->release();
        return false;
    }
    for (Thread& thread : threads)
        if (&thread != &caller) end_thread(thread);
    leave_memory(caller);
    if (caller.id() != id_) caller.set_id(id_);
    if (own_actions != actions) {
        actions->release();
        actions = own_actions;
    }
    actions->reset_handlers();
    caller.alternate_stack = AlternateStack{};
    release_posix_timers(*this);
    release_vfork_parent(*this);

    join_time_group(children_time_group.get());

    Memory* const old = memory_;
    memory_ = image.memory;
    caller.use(memory_->space());
    if (old != nullptr) old->release();
    if (executable_ != nullptr) executable_->release();
    executable_ = image.executable;
    auxv_words_ = image.auxv_words < auxv_capacity ? image.auxv_words : auxv_capacity;
    for (u64 i = 0; i < auxv_words_; ++i) auxv_[i] = image.auxv[i];
    signal_return = image.signal_return;
    exit_signal = signal_number::child;
    has_run_exec = true;
    for (u32& count : counts) count = 0;
    counts_beyond = 0;
    caller.set_name(image.name);
    if (is_narrow())
        arch::start_narrow_linux_program(caller.registers(), image.entry.value, image.stack.value);
    else
        arch::start_linux_program(caller.registers(), image.entry.value, image.stack.value);
    return true;
}

Thread* Process::create_first(Memory* memory, Descriptors* descriptors) {
    SignalActions* const first_actions = SignalActions::create();
    Process* const process =
        first_actions == nullptr ? nullptr : make_process(choose_id(), nullptr);
    ProcessGroup* const group = process == nullptr ? nullptr : ProcessGroup::make(process->id());
    if (group == nullptr) return nullptr;
    process->adopt(memory, descriptors, first_actions);
    process->session = process->id();
    group->join(*process);
    set_first_limits(*process);
    return make_thread(*process, process->id());
}

}  // namespace vdsokit::personality
