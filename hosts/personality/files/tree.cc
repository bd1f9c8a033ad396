// SPDX-License-Identifier: BSD-2-Clause
#include "hosts/personality/files/tree.h"

#include "hosts/personality/files/device.h"
#include "hosts/personality/files/held.h"
#include "hosts/personality/files/proc.h"
#include "hosts/personality/files/symlink.h"

namespace vdsokit::personality {

namespace {

// Magic numbers: include/uapi/linux/magic.h.
constinit FileSystem archive_files{
    .type = "rootfs", .mount_point = "/", .magic = 0x8584'58f6, .device = 1, .read_only = true};
constinit FileSystem device_files{.type = "devtmpfs",
                                  .mount_point = "/dev",
                                  .magic = 0x0102'1994,
                                  .device = 2,
                                  .read_only = false};
constinit FileSystem shared_files{.type = "tmpfs",
                                  .mount_point = "/dev/shm",
                                  .magic = 0x0102'1994,
                                  .device = 3,
                                  .read_only = false};
constinit FileSystem temporary_files{
    .type = "tmpfs", .mount_point = "/tmp", .magic = 0x0102'1994, .device = 4, .read_only = false};
constinit FileSystem process_files{
    .type = "proc", .mount_point = "/proc", .magic = 0x9fa0, .device = 5, .read_only = true};
constinit FileSystem anonymous_files{.type = "anon_inodefs",
                                     .mount_point = "",
                                     .magic = 0x0904'1934,
                                     .device = 6,
                                     .read_only = false};

constexpr FileSystem const* mounts[] = {&archive_files, &device_files, &shared_files,
                                        &temporary_files, &process_files};

constinit Entry* root = nullptr;

struct DeviceRow {
    char const* name;
    u32 permissions;
    Device device;
};
constexpr DeviceRow devices[] = {
    {"null", 0666, Device::null},       {"zero", 0666, Device::zero},
    {"full", 0666, Device::full},       {"random", 0666, Device::random},
    {"urandom", 0666, Device::urandom}, {"tty", 0666, Device::terminal},
    {"console", 0600, Device::console},
};

struct LinkRow {
    char const* name;
    char const* text;
};
constexpr LinkRow links[] = {
    {"fd", "/proc/self/fd"},
    {"stdin", "/proc/self/fd/0"},
    {"stdout", "/proc/self/fd/1"},
    {"stderr", "/proc/self/fd/2"},
};

kit::Bytes bytes_of(char const* literal) {
    Name const text(literal);
    return {reinterpret_cast<u8 const*>(text.data()), text.size()};
}

// Puts a file system's root directory where `name` is in `parent`, over whatever stands there.
Entry* mount(Entry& parent, Name name, Node* mounted_root) {
    if (Entry* const covered = static_cast<Directory&>(parent.node()).search(name))
        covered->remove();
    return add_node(parent, name, mounted_root);
}

// What the initramfs has in /tmp is found there, and stays read-only.
bool mount_temporary_files() {
    Entry* const covered = static_cast<Directory&>(root->node()).search("tmp");
    if (covered != nullptr) covered->retain();
    Held<Entry> const held(covered);
    Entry* const tmp = mount(*root, "tmp", Directory::make(temporary_files, 01777));
    if (tmp == nullptr) return false;
    if (held && held->node().is_directory())
        static_cast<Directory&>(held->node()).move_all_to(*tmp);
    return true;
}

bool fill_devices(Entry& directory) {
    for (DeviceRow const& row : devices) {
        if (!add_node(directory, row.name,
                      DeviceNode::make(device_files, row.permissions, number_of(row.device))))
            return false;
    }
    for (LinkRow const& row : links) {
        if (!add_node(directory, row.name, Symlink::of_archive(device_files, bytes_of(row.text))))
            return false;
    }
    return mount(directory, "shm", Directory::make(shared_files, 01777)) != nullptr;
}

}  // namespace

Entry& root_entry() { return *root; }

FileSystem& archive_file_system() { return archive_files; }
FileSystem& anonymous_file_system() { return anonymous_files; }

FileSystem const* mounted(u32 number) {
    return number < sizeof(mounts) / sizeof(mounts[0]) ? mounts[number] : nullptr;
}

Entry* add_node(Entry& directory, Name name, Node* node) {
    if (node == nullptr) return nullptr;
    Entry* const entry = Entry::make(&directory, name, *node);
    if (entry == nullptr) {
        node->release();
        return nullptr;
    }
    static_cast<Directory&>(directory.node()).add(*entry);
    if (node->is_directory()) directory.node().links += 1;
    return entry;
}

bool build_tree() {
    Directory* const directory = Directory::make(archive_files, 0755);
    if (directory == nullptr) return false;
    root = Entry::make(nullptr, "", *directory);
    if (root == nullptr) directory->release();
    return root != nullptr;
}

bool mount_all() {
    Entry* const dev = mount(*root, "dev", Directory::make(device_files, 0755));
    return dev != nullptr && fill_devices(*dev) && mount_temporary_files() &&
           mount(*root, "proc", make_proc_root(process_files)) != nullptr;
}

}  // namespace vdsokit::personality
