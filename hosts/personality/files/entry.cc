// SPDX-License-Identifier: BSD-2-Clause
#include "hosts/personality/files/entry.h"

#include "hosts/personality/pool.h"

namespace vdsokit::personality {

namespace {

constinit Pool<Entry> entries;

// Puts `name` before `at`; nullptr if it does not fit.
char* prepend(char* at, char const* begin, Name name) {
    if (static_cast<u64>(at - begin) < name.size()) return nullptr;
    at -= name.size();
    __builtin_memcpy(at, name.data(), name.size());
    return at;
}

}  // namespace

// FNV-1a: spreads short names well, and nobody gains by making ours collide.
u32 hash_of(Name name) {
    u32 hash = 2166136261U;
    for (u64 at = 0; at < name.size(); ++at)
        hash = (hash ^ static_cast<u8>(name.data()[at])) * 16777619U;
    return hash;
}

Entry::Entry(Entry* parent, Name name, Node& node) : parent_(parent), node_(&node) {
    if (parent_ != nullptr) parent_->retain();
    set_name(name);
}

void Entry::set_name(Name name) {
    if (name.size() > longest_name) __builtin_trap();
    name_size_ = static_cast<u8>(name.size());
    __builtin_memmove(name_, name.data(), name.size());
    hash_ = hash_of(name);
}

Entry* Entry::make(Entry* parent, Name name, Node& node) {
    return entries.make(parent, name, node);
}

void Entry::release() {
    // A loop, not a recursion: the last user of a deep directory frees the whole chain above it.
    for (Entry* entry = this; entry != nullptr;) {
        entry->users_ -= 1;
        if (entry->users_ > 0) return;
        Entry* const parent = entry->parent_;
        entry->node_->release();
        entries.free(entry);
        entry = parent;
    }
}

void Entry::remove() {
    unlink();
    deleted_ = true;
    release();
}

void Entry::move(Entry& parent, Name name) {
    Entry* const old = parent_;
    parent.retain();
    parent_ = &parent;
    set_name(name);
    if (old != nullptr) old->release();
}

char* Entry::path(char* buffer, u64 capacity) const {
    if (capacity == 0) return nullptr;
    char* at = buffer + capacity - 1;
    *at = 0;
    if (deleted_) at = prepend(at, buffer, " (deleted)");
    if (parent_ == nullptr && name_size_ == 0) return at == nullptr ? at : prepend(at, buffer, "/");
    for (Entry const* entry = this; at != nullptr; entry = entry->parent_) {
        if (entry->name_size_ == 0 && entry->parent_ == nullptr) break;  // the root
        at = prepend(at, buffer, entry->name());
        // An anonymous file has a name and no place.
        if (entry->parent_ == nullptr) break;
        if (at != nullptr) at = prepend(at, buffer, "/");
    }
    return at;
}

bool Entry::is_within(Entry const& other) const {
    for (Entry const* entry = this; entry != nullptr; entry = entry->parent_)
        if (entry == &other) return true;
    return false;
}

}  // namespace vdsokit::personality
