// SPDX-License-Identifier: BSD-2-Clause
#include "hosts/personality/files/directory_writer.h"

#include "hosts/personality/files/entry.h"

namespace vdsokit::personality {

namespace {

// struct linux_dirent64, with the longest name there is.
struct Record {
    u64 inode;
    u64 cookie;
    u16 size;
    u8 kind;
    char name[longest_name + 1];
};
constexpr u64 name_offset = 19;
static_assert(offsetof(Record, name) == name_offset);

}  // namespace

bool DirectoryWriter::add(Name name, u64 inode, NodeKind kind, u64 cookie) {
    u64 const size = kit::align_up(name_offset + name.size() + 1, 8);
    if (size > capacity_ - written_) {
        was_full_ = true;
        return false;
    }
    Record record{};
    record.inode = inode;
    record.cookie = cookie;
    record.size = static_cast<u16>(size);
    record.kind = static_cast<u8>(static_cast<u32>(kind) >> 12);
    __builtin_memcpy(record.name, name.data(), name.size());
    if (!memory_.copy_out({to_.value + written_}, &record, size)) {
        has_faulted_ = true;
        return false;
    }
    written_ += size;
    last_cookie_ = cookie;
    return true;
}

Outcome DirectoryWriter::outcome() const {
    if (written_ > 0) return Outcome::done(written_);
    if (has_faulted_) return Outcome::error(Errno::fault);
    if (was_full_) return Outcome::error(Errno::inval);
    return Outcome::done(0);
}

}  // namespace vdsokit::personality
