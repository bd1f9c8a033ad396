// SPDX-License-Identifier: BSD-2-Clause
#include "hosts/personality/files/directory.h"

#include "hosts/personality/pool.h"

namespace vdsokit::personality {

namespace {
constinit Pool<Directory> directories;
}

Directory* Directory::make(FileSystem& file_system, u32 permissions) {
    return directories.make(file_system, permissions);
}

void Directory::add(Entry& entry) {
    entry.list_as(next_cookie_++);
    entries_.push_back(entry);
}

Entry* Directory::search(Name name) {
    u32 const hash = hash_of(name);
    for (Entry& entry : entries_)
        if (entry.is(name, hash)) return &entry;
    return nullptr;
}

void Directory::move_all_to(Entry& other) {
    for (Entry& entry : entries_) {
        take_out(entry);
        entry.move(other, entry.name());
        static_cast<Directory&>(other.node()).add(entry);
        if (entry.node().is_directory()) other.node().links += 1;
    }
}

OrErrno<Entry*> Directory::find(Entry&, Name name, Process*) {
    Entry* const entry = search(name);
    if (entry == nullptr) return Errno::noent;
    entry->retain();
    return entry;
}

void Directory::list(Entry& self, u64 cookie, DirectoryWriter& writer, Process*) {
    if (cookie < 1 && !writer.add(".", inode(), NodeKind::directory, 1)) return;
    Entry const& above = self.parent() == nullptr ? self : *self.parent();
    if (cookie < 2 && !writer.add("..", above.node().inode(), NodeKind::directory, 2)) return;
    for (Entry& entry : entries_) {
        if (entry.cookie() <= cookie) continue;
        Node const& node = entry.node();
        if (!writer.add(entry.name(), node.inode(), node.kind(), entry.cookie())) return;
    }
}

// A listed entry holds its directory, so a directory that is destroyed lists nothing.
void Directory::destroy() { directories.free(this); }

}  // namespace vdsokit::personality
