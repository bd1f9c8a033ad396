// SPDX-License-Identifier: BSD-2-Clause
// A process group: its members, and what job control asks of them at each end of a process. These
// are counts, so that the end of a group of n takes n steps, however many there are besides.
//
// A group is there while it has a member; a zombie is one. All members are in one session.
#pragma once

#include "hosts/personality/list.h"

namespace vdsokit::personality {

class Process;
struct ByGroupId;
struct InGroup;

class ProcessGroup : public Link<ByGroupId> {
public:
    // Belongs to the pool: make() is for others.
    explicit ProcessGroup(i32 id) : id_(id) {}

    // nullptr: there is none.
    static ProcessGroup* find(i32 id);
    // It has no member yet: one joins at once. nullptr: out of memory.
    [[nodiscard]] static ProcessGroup* make(i32 id);
    // Leaves the group that it is in, which is gone with its last member.
    void join(Process& process);
    static void leave(Process& process);

    i32 id() const { return id_; }
    List<Process, InGroup>& members() { return members_; }
    i32 session();

    // No parent of a member that lives is in another group of the same session: such a group is not
    // stopped from the terminal.
    bool is_orphaned() const { return ties_ == 0; }
    bool has_stopped_member() const { return stopped_ != 0; }

    // To be told when the process has stopped or goes on,
    static void count_stopped(Process& process);
    // and when its parent is another one, or it has ended. True: a tie less than before.
    static bool count_tie(Process& process);

private:
    i32 id_;
    u32 stopped_ = 0;
    u32 ties_ = 0;  // members that live and have such a parent
    List<Process, InGroup> members_;
};

}  // namespace vdsokit::personality
