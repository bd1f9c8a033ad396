// SPDX-License-Identifier: BSD-2-Clause
#include "hosts/personality/process/group.h"

#include "hosts/personality/pool.h"
#include "hosts/personality/process/process.h"

namespace vdsokit::personality {

namespace {

constinit Pool<ProcessGroup> pool;
constexpr u32 buckets = 256;
constinit List<ProcessGroup, ByGroupId> groups[buckets];

List<ProcessGroup, ByGroupId>& bucket_of(i32 id) { return groups[static_cast<u32>(id) % buckets]; }

// Process 1 is a program like any other, often the shell that has started the group: unlike Linux's
// init it counts as a parent.
bool is_tie(Process& process) {
    Process* const parent = process.parent;
    return !process.zombie && parent != nullptr && parent->group != process.group &&
           parent->session == process.session;
}

}  // namespace

ProcessGroup* ProcessGroup::find(i32 id) {
    for (ProcessGroup& group : bucket_of(id))
        if (group.id_ == id) return &group;
    return nullptr;
}

ProcessGroup* ProcessGroup::make(i32 id) {
    ProcessGroup* const group = pool.make(id);
    if (group != nullptr) bucket_of(id).push_back(*group);
    return group;
}

void ProcessGroup::join(Process& process) {
    if (process.group == this) return;
    leave(process);
    members_.push_back(process);
    process.group = this;
    count_stopped(process);
    count_tie(process);
    for (Process& child : process.children) count_tie(child);
}

void ProcessGroup::leave(Process& process) {
    ProcessGroup* const group = process.group;
    if (group == nullptr) return;
    static_cast<Link<InGroup>&>(process).unlink();
    if (process.counts_as_stopped) --group->stopped_;
    if (process.counts_as_tie) --group->ties_;
    process.counts_as_stopped = process.counts_as_tie = false;
    process.group = nullptr;
    if (!group->members_.empty()) return;
    group->unlink();
    pool.free(group);
}

i32 ProcessGroup::session() { return members_.front()->session; }

void ProcessGroup::count_stopped(Process& process) {
    if (process.counts_as_stopped == process.stopped) return;
    process.counts_as_stopped = process.stopped;
    u32& count = process.group->stopped_;
    count = process.stopped ? count + 1 : count - 1;
}

bool ProcessGroup::count_tie(Process& process) {
    bool const counts = is_tie(process);
    if (process.counts_as_tie == counts) return false;
    process.counts_as_tie = counts;
    u32& count = process.group->ties_;
    count = counts ? count + 1 : count - 1;
    return !counts;
}

}  // namespace vdsokit::personality
