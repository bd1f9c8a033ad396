// SPDX-License-Identifier: BSD-2-Clause
// From archive members to nodes.
#include "hosts/personality/files/archive_file.h"
#include "hosts/personality/files/device.h"
#include "hosts/personality/files/pipe.h"
#include "hosts/personality/files/symlink.h"
#include "hosts/personality/files/tree.h"
#include "hosts/personality/pool.h"

namespace vdsokit::personality {

namespace {

// A file of which more names are to come. Its contents stand with one of them, usually the last.
struct Pending;
struct Linked : Link<Pending> {
    u32 inode;
    u32 device_major;
    u32 device_minor;
    ArchiveFile* file;  // with a user of its own: a later member may replace all its entries

    Linked(ArchiveMember const& member, ArchiveFile* of)
        : inode(member.inode),
          device_major(member.device_major),
          device_minor(member.device_minor),
          file(of) {}
    bool is(ArchiveMember const& member) const {
        return inode == member.inode && device_major == member.device_major &&
               device_minor == member.device_minor;
    }
};

constinit Pool<Linked> linked_files;

class Unpacker {
public:
    explicit Unpacker(Entry& root) : root_(root) {}
    ~Unpacker() {
        while (Linked* const linked = linked_.pop_front()) {
            linked->file->release();
            linked_files.free(linked);
        }
    }

    Unpacked add(ArchiveMember const& member);

private:
    kit::Result<Entry*, ArchiveFault> directory_for(ArchiveMember const& member, Name& last);
    kit::Result<Node*, ArchiveFault> node_for(ArchiveMember const& member);
    kit::Result<Node*, ArchiveFault> regular(ArchiveMember const& member);

    Entry& root_;
    List<Linked, Pending> linked_;
};

void set_attributes(Node& node, ArchiveMember const& member) {
    node.mode = (node.mode & kind_mask) | (member.mode & permission_mask);
    node.user = member.user;
    node.group = member.group;
    kit::Timespec const time{member.modified, 0};
    node.times = {time, time, time};
}

bool is_link_text(kit::Bytes text) {
    if (text.size() == 0 || text.size() >= longest_path) return false;
    for (u64 at = 0; at < text.size(); ++at)
        if (text[at] == 0) return false;
    return true;
}

ArchiveFault no_memory(ArchiveMember const& member) {
    return {ArchiveError::out_of_memory, member.at};
}

// Walks to the directory that the member's last part belongs in. `last` is empty for "/" itself.
kit::Result<Entry*, ArchiveFault> Unpacker::directory_for(ArchiveMember const& member, Name& last) {
    if (member.name.size() >= longest_path)
        return ArchiveFault{ArchiveError::name_too_long, member.at};
    NameParts parts(member.name);
    Entry* at = &root_;
    Name part;
    while (parts.next(part)) {
        if (!parts.has_more()) {
            last = part;
            return at;
        }
        Entry* next = static_cast<Directory&>(at->node()).search(part);
        if (next == nullptr)
            next = add_node(*at, part, Directory::make(archive_file_system(), 0755));
        if (next == nullptr) return no_memory(member);
        if (!next->node().is_directory())
            return ArchiveFault{ArchiveError::parent_not_directory, member.at};
        at = next;
    }
    if (parts.has_failed()) return ArchiveFault{parts.error(), member.at};
    last = {};
    return at;
}

kit::Result<Node*, ArchiveFault> Unpacker::regular(ArchiveMember const& member) {
    ArchiveFile* file = nullptr;
    for (Linked& linked : linked_)
        if (member.links > 1 && linked.is(member)) file = linked.file;
    if (file != nullptr) {
        file->retain();
        file->links += 1;
    } else {
        file = ArchiveFile::make(archive_file_system(), 0);
        if (file == nullptr) return no_memory(member);
        if (member.links > 1) {
            Linked* const linked = linked_files.make(member, file);
            if (linked == nullptr) {
                file->release();
                return no_memory(member);
            }
            file->retain();
            linked_.push_front(*linked);
        }
    }
    if (member.contents.size() > 0) file->set_contents(member.contents);
    return file;
}

kit::Result<Node*, ArchiveFault> Unpacker::node_for(ArchiveMember const& member) {
    FileSystem& files = archive_file_system();
    auto const made = [&](Node* node) -> kit::Result<Node*, ArchiveFault> {
        if (node == nullptr) return no_memory(member);
        return node;
    };
    switch (static_cast<NodeKind>(member.mode & kind_mask)) {
    case NodeKind::regular: return regular(member);
    case NodeKind::directory: return made(Directory::make(files, 0));
    case NodeKind::symlink:
        if (!is_link_text(member.contents))
            return ArchiveFault{ArchiveError::link_text_wrong, member.at};
        return made(Symlink::of_archive(files, member.contents));
    case NodeKind::character:
        return made(
            DeviceNode::make(files, 0, device_of(member.number_major, member.number_minor)));
    case NodeKind::fifo: return made(Pipe::make(files, 0));
    case NodeKind::block:
    case NodeKind::socket:
    case NodeKind::anonymous: break;
    }
    return ArchiveFault{ArchiveError::kind_unknown, member.at};
}

Unpacked Unpacker::add(ArchiveMember const& member) {
    Name last;
    auto const directory = directory_for(member, last);
    if (!directory) return directory.error();
    bool const is_directory = static_cast<NodeKind>(member.mode & kind_mask) == NodeKind::directory;
    Entry* const present =
        last.empty() ? &root_ : static_cast<Directory&>(directory.value()->node()).search(last);
    if (present != nullptr && present->node().is_directory()) {
        if (!is_directory) return ArchiveFault{ArchiveError::parent_not_directory, member.at};
        set_attributes(present->node(), member);
        return kit::Nothing{};
    }
    auto const node = node_for(member);
    if (!node) return node.error();
    set_attributes(*node.value(), member);
    if (present != nullptr) {
        present->node().links -= 1;
        present->remove();
    }
    if (add_node(*directory.value(), last, node.value()) == nullptr) return no_memory(member);
    return kit::Nothing{};
}

}  // namespace

Unpacked unpack(kit::Bytes archive, Entry& root) {
    ArchiveReader reader(archive);
    Unpacker unpacker(root);
    while (true) {
        auto const step = reader.next();
        if (!step) return step.error();
        if (step.value().is_end) return kit::Nothing{};
        Unpacked const added = unpacker.add(step.value().member);
        if (!added) return added.error();
    }
}

}  // namespace vdsokit::personality
