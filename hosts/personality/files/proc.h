// SPDX-License-Identifier: BSD-2-Clause
// /proc: made as it is looked at. A node is an item of a table with the process (and descriptor)
// that it is about; its text is written anew for each read, at most a page of it at a time.
#pragma once

#include "hosts/personality/files/entry.h"
#include "hosts/personality/text.h"

namespace vdsokit::personality {

// nullptr: out of memory.
Node* make_proc_root(FileSystem& file_system);

// Writes the whole text. `process` is whose file it is; of the system's files, who reads (nullptr:
// the host itself).
using ProcText = void (*)(Process* process, Text& text);
// Takes what was written at once, from the start of the file.
using ProcWrite = Outcome (*)(Process& process, u8 const* bytes, u64 size);

enum class ProcItem : u8 {
    root,
    self,
    process,
    descriptors,
    descriptor,
    directory,
    top,
    executable,
    text,
};

struct ProcRow {
    char const* name;
    ProcItem item;
    u32 mode;       // with the kind
    ProcText text;  // of ProcItem::text
    ProcWrite write = nullptr;
};

// The files of the system, and of a process; the last row has no name.
extern ProcRow const proc_system_rows[];
extern ProcRow const proc_process_rows[];
// Stands in both.
void write_mounts(Process* process, Text& text);

class ProcNode final : public Node {
public:
    Outcome opened(Call* call, File& file) override;
    Outcome read(Io const& io) override;
    Outcome write(Io const& io) override;
    // A shell's `>` asks for it; what is written replaces what it names in any case.
    Outcome truncate(u64 size) override;
    bool is_read_only() const override { return row_->write == nullptr; }
    bool is_seekable() const override { return row_->item == ProcItem::text; }
    OrErrno<Entry*> find(Entry& self, Name name, Process* process) override;
    void list(Entry& self, u64 cookie, DirectoryWriter& writer, Process* process) override;
    kit::Bytes link_text() override { return {link_, link_size_}; }
    OrErrno<Entry*> jump(Process* process) override;

    ProcNode(FileSystem& file_system, ProcRow const& row, u64 inode, i32 process, i32 descriptor);
    static constexpr u64 root_inode = 1;

private:
    void destroy() override;
    Process* subject() const;
    OrErrno<Entry*> make_entry(Entry& self, Name name, ProcRow const& row, i32 process,
                               i32 descriptor);
    void list_rows(ProcRow const* rows, u64 cookie, DirectoryWriter& writer, bool& goes_on);

    ProcRow const* row_;
    i32 process_;  // 0: none
    i32 descriptor_;
    u64 link_size_ = 0;
    u8 link_[12];
};

}  // namespace vdsokit::personality
