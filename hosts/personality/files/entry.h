// SPDX-License-Identifier: BSD-2-Clause
// A name in the tree: which node stands under it, and in which directory. A hard link is a second
// entry of one node. Counted: by the directory that lists it, by its children, by open files and
// by current directories. /proc makes entries when they are looked up and lists them nowhere.
#pragma once

#include "hosts/personality/files/limits.h"
#include "hosts/personality/files/node.h"
#include "hosts/personality/list.h"

namespace vdsokit::personality {

struct Sibling;

class Entry : public Link<Sibling> {
public:
    // Retains the parent (nullptr: a root, or an anonymous file), takes over one user of the node.
    // One user. nullptr: out of memory (the node keeps its user). Precondition: the name fits.
    static Entry* make(Entry* parent, Name name, Node& node);
    void retain() { users_ += 1; }
    void release();

    Node& node() const { return *node_; }
    Entry* parent() const { return parent_; }
    Name name() const { return {name_, name_size_}; }
    bool is(Name name, u32 hash) const { return hash_ == hash && this->name() == name; }
    bool is_deleted() const { return deleted_; }
    u64 cookie() const { return cookie_; }

    // Its directory no longer lists it; the user that was the directory's is gone with this.
    void remove();
    // rename: the directory has unlinked it and will list it under its new name.
    void move(Entry& parent, Name name);
    void list_as(u64 cookie) { cookie_ = cookie; }

    // Writes the absolute path and a NUL at the end of the buffer; where it begins, or nullptr if
    // it does not fit. " (deleted)" follows the path of an entry that has been removed.
    char* path(char* buffer, u64 capacity) const;
    // True if this entry is `other` or lies below it.
    bool is_within(Entry const& other) const;

    Entry(Entry* parent, Name name, Node& node);
    ~Entry() = default;

private:
    void set_name(Name name);

    Entry* parent_;
    Node* node_;
    u32 users_ = 1;
    u32 hash_ = 0;
    u64 cookie_ = 0;
    bool deleted_ = false;
    u8 name_size_ = 0;
    char name_[longest_name];
};

u32 hash_of(Name name);

// "/" of the one tree there is.
Entry& root_entry();

}  // namespace vdsokit::personality
