// SPDX-License-Identifier: BSD-2-Clause
#include "hosts/personality/files/file.h"

#include "hosts/personality/files/descriptors.h"
#include "hosts/personality/files/epoll.h"
#include "hosts/personality/files/walk.h"
#include "hosts/personality/pool.h"
#include "hosts/personality/process/process.h"

namespace vdsokit::personality {

namespace {
constinit Pool<File> files;
constexpr u32 any_execute = 0111;
}  // namespace

Outcome File::open(Call* call, Entry& entry, OpenFlags flags, File*& file) {
    file = files.make(entry, flags);
    if (file == nullptr) return Outcome::error(Errno::nomem);
    // O_PATH only names the place.
    Outcome const opened =
        flags.has(OpenFlags::path_only) ? Outcome::done(0) : entry.node().opened(call, *file);
    if (opened.is_done() && opened.value() == 0) {
        entry.retain();
        return opened;
    }
    files.free(file);
    file = nullptr;
    return opened;
}

void File::release() {
    users_ -= 1;
    if (users_ > 0) return;
    while (Watch* const watch = watches_.front()) drop_watch(*watch);
    if (!flags_.has(OpenFlags::path_only)) node().closed(*this);
    Entry* const entry = entry_;
    files.free(this);
    entry->release();
}

Node& File::node() const { return entry_->node(); }

host::Frame File::page(u64 index, bool& past_end) { return node().page(index, past_end); }

i64 File::read_at(u64 offset, void* to, u64 size) {
    if (!is_regular()) return -static_cast<i64>(Errno::inval);
    Transfer transfer(to, size);
    return node().read({*this, transfer, offset, nullptr}).value();
}

u64 File::size() const { return node().size(); }

bool File::is_regular() const { return node().kind() == NodeKind::regular; }

bool File::is_executable() const { return is_regular() && (node().mode & any_execute) != 0; }

bool File::may_change() const { return node().may_map_shared_writable(); }

bool File::may_map_shared_writable() const {
    return flags_.may_read() && flags_.may_write() && node().may_map_shared_writable();
}

char const* File::path() const {
    constexpr u64 room_for_deleted = 16;
    static constinit char buffer[longest_path + room_for_deleted];
    char const* const path = entry_->path(buffer, sizeof(buffer));
    return path == nullptr ? "(too long)" : path;
}

u64 File::device() const { return device_of(0, node().file_system().device); }

u64 File::inode() const { return node().inode(); }

File* open_file(Process& process, char const* path, Errno& error) {
    auto const found =
        walk_to(&process, process.descriptors().directory(), Name(path), LastLink::follow);
    if (!found) {
        error = found.error();
        return nullptr;
    }
    Held<Entry> const entry(found.value());
    if (entry->node().kind() != NodeKind::regular) {
        error = Errno::access;
        return nullptr;
    }
    File* file = nullptr;
    Outcome const opened = File::open(nullptr, *entry, OpenFlags{OpenFlags::read_only}, file);
    if (file == nullptr) error = static_cast<Errno>(-opened.value());
    return file;
}

File* open_anonymous(Node* node, char const* label, OpenFlags flags) {
    if (node == nullptr) return nullptr;
    Name const whole(label);
    Name const name(label, whole.size() < longest_name ? whole.size() : longest_name);
    Entry* const made = Entry::make(nullptr, name, *node);
    if (made == nullptr) {
        node->release();
        return nullptr;
    }
    Held<Entry> const entry(made);
    File* file = nullptr;
    return File::open(nullptr, *entry, flags, file).value() == 0 ? file : nullptr;
}

}  // namespace vdsokit::personality
