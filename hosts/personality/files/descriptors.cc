// SPDX-License-Identifier: BSD-2-Clause
#include "hosts/personality/files/descriptors.h"

#include "hosts/personality/files/descriptor_table.h"
#include "hosts/personality/files/entry.h"
#include "hosts/personality/pool.h"

namespace vdsokit::personality {

// The current directory and the umask: what CLONE_FS shares.
class Surroundings {
public:
    explicit Surroundings(Entry& at, u32 with_umask) : directory(&at), umask(with_umask) {
        at.retain();
    }

    Entry* directory;
    u32 umask;
    u32 users = 1;
};

namespace {

constinit Pool<Descriptors> pool;
constinit Pool<Surroundings> all_surroundings;

void release(Surroundings* surroundings) {
    surroundings->users -= 1;
    if (surroundings->users > 0) return;
    surroundings->directory->release();
    all_surroundings.free(surroundings);
}

// Takes over one user of each. nullptr: out of memory, and they are given back.
Descriptors* make(DescriptorTable* table, Surroundings* surroundings) {
    Descriptors* const made =
        table == nullptr || surroundings == nullptr ? nullptr : pool.make(*table, *surroundings);
    if (made != nullptr) return made;
    if (table != nullptr) table->release();
    if (surroundings != nullptr) release(surroundings);
    return nullptr;
}

}  // namespace

Descriptors* Descriptors::create() {
    constexpr u32 usual_umask = 022;
    return make(DescriptorTable::create(), all_surroundings.make(root_entry(), usual_umask));
}

void Descriptors::retain() { users_ += 1; }

void Descriptors::release() {
    users_ -= 1;
    if (users_ > 0) return;
    table_->release();
    personality::release(surroundings_);
    pool.free(this);
}

Descriptors* Descriptors::fork(bool share_table, bool share_surroundings) {
    DescriptorTable* table = table_;
    if (share_table)
        table->retain();
    else
        table = table_->fork();
    Surroundings* surroundings = surroundings_;
    if (share_surroundings)
        surroundings->users += 1;
    else
        surroundings = all_surroundings.make(*surroundings_->directory, surroundings_->umask);
    return make(table, surroundings);
}

bool Descriptors::unshare_table() {
    if (!table_->is_shared()) return true;
    DescriptorTable* const own = table_->fork();
    if (own == nullptr) return false;
    table_->release();
    table_ = own;
    return true;
}

bool Descriptors::on_exec() {
    if (!unshare_table()) return false;
    table_->close_marked();
    return true;
}

i32 Descriptors::add(File& file, bool close_on_exec, u32 lowest, u32 limit) {
    return table_->add(file, close_on_exec, lowest, limit);
}

File* Descriptors::find(i32 descriptor) const { return table_->find(descriptor); }

bool Descriptors::close(i32 descriptor) { return table_->close(descriptor); }

bool Descriptors::replace(i32 descriptor, File& file, bool close_on_exec) {
    return table_->replace(descriptor, file, close_on_exec);
}

bool Descriptors::close_on_exec(i32 descriptor) const { return table_->is_marked(descriptor); }

void Descriptors::set_close_on_exec(i32 descriptor, bool close) { table_->mark(descriptor, close); }

i32 Descriptors::next_open(u32 from) const { return table_->next_open(from); }

Entry& Descriptors::directory() const { return *surroundings_->directory; }

void Descriptors::change_directory(Entry& to) {
    to.retain();
    surroundings_->directory->release();
    surroundings_->directory = &to;
}

u32 Descriptors::umask() const { return surroundings_->umask; }

void Descriptors::set_umask(u32 mask) { surroundings_->umask = mask; }

}  // namespace vdsokit::personality
