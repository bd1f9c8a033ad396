// SPDX-License-Identifier: BSD-2-Clause
// A directory whose entries stand in a list: in the initramfs, /tmp and /dev alike. Whether it may
// be changed is its file system's word, asked by those who change it (tree.h).
#pragma once

#include "hosts/personality/files/directory_writer.h"
#include "hosts/personality/files/entry.h"

namespace vdsokit::personality {

class Directory final : public Node {
public:
    static Directory* make(FileSystem& file_system, u32 permissions);

    bool is_empty() { return entries_.empty(); }
    // Takes over one user of the entry. Its name is not in the directory yet.
    void add(Entry& entry);
    // Not retained; nullptr: there is none.
    Entry* search(Name name);
    // Takes the entry off the list for rename; its user passes to the caller.
    void take_out(Entry& entry) { entry.unlink(); }
    // Every entry goes to another, empty directory, `other`'s node.
    void move_all_to(Entry& other);

    OrErrno<Entry*> find(Entry& self, Name name, Process* process) override;
    void list(Entry& self, u64 cookie, DirectoryWriter& writer, Process* process) override;
    u64 size() const override { return 4096; }

    Directory(FileSystem& file_system, u32 permissions)
        : Node(file_system, static_cast<u32>(NodeKind::directory) | permissions) {
        links = 2;
    }

private:
    void destroy() override;

    List<Entry, Sibling> entries_;
    u64 next_cookie_ = 3;  // 1 and 2 are "." and ".."
};

}  // namespace vdsokit::personality
