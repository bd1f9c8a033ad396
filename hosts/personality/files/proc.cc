// SPDX-License-Identifier: BSD-2-Clause
#include "hosts/personality/files/proc.h"

#include "hosts/personality/files/descriptors.h"
#include "hosts/personality/files/directory_writer.h"
#include "hosts/personality/files/held.h"
#include "hosts/personality/pool.h"
#include "hosts/personality/process/process.h"

namespace vdsokit::personality {

namespace {

constinit Pool<ProcNode> nodes;

constexpr u32 directory_mode = static_cast<u32>(NodeKind::directory) | 0555;
constexpr u32 link_mode = static_cast<u32>(NodeKind::symlink) | 0777;
constexpr ProcRow root_row = {"", ProcItem::root, directory_mode, nullptr};
constexpr ProcRow self_row = {"self", ProcItem::self, link_mode, nullptr};
constexpr ProcRow process_row = {"", ProcItem::process, directory_mode, nullptr};
constexpr ProcRow descriptor_row = {"", ProcItem::descriptor,
                                    static_cast<u32>(NodeKind::symlink) | 0700, nullptr};

// Cookies of what is listed by number begin here; rows are counted from 3.
constexpr u64 first_row_cookie = 3;
constexpr u64 numbers_cookie = 0x1'0000;

// The same item has the same number however often it is looked up.
u64 inode_of(ProcRow const& row, i32 process, i32 descriptor) {
    u64 index = 0;
    if (row.item == ProcItem::root) return ProcNode::root_inode;
    if (row.item == ProcItem::self) return 2;
    if (&row == &process_row)
        index = 2;
    else if (&row == &descriptor_row)
        index = 0x1000 + static_cast<u64>(descriptor);
    else if (process == 0)
        index = 16 + static_cast<u64>(&row - proc_system_rows);
    else
        index = 256 + static_cast<u64>(&row - proc_process_rows);
    return (static_cast<u64>(process) << 16) + index;
}

// False: not a number, or one that would be written otherwise.
bool parse(Name name, i32& value) {
    if (name.empty() || name.size() > 9 || name.data()[0] == '0') {
        value = 0;
        return name == Name("0");
    }
    value = 0;
    for (u64 at = 0; at < name.size(); ++at) {
        char const digit = name.data()[at];
        if (digit < '0' || digit > '9') return false;
        value = value * 10 + (digit - '0');
    }
    return true;
}

Name decimal(u32 value, u8 (&buffer)[12]) {
    Text text(buffer, sizeof(buffer));
    text.decimal(value);
    return {reinterpret_cast<char const*>(buffer), text.stored()};
}

ProcRow const* find_row(ProcRow const* rows, Name name) {
    for (; rows->name != nullptr; ++rows)
        if (Name(rows->name) == name) return rows;
    return nullptr;
}

}  // namespace

Node* make_proc_root(FileSystem& file_system) {
    return nodes.make(file_system, root_row, ProcNode::root_inode, 0, 0);
}

ProcNode::ProcNode(FileSystem& file_system, ProcRow const& row, u64 inode, i32 process,
                   i32 descriptor)
    : Node(file_system, row.mode), row_(&row), process_(process), descriptor_(descriptor) {
    set_inode(inode);
    if (is_directory()) links = 2;
    if (row.item == ProcItem::self) {
        Text text(link_, sizeof(link_));
        text.decimal(static_cast<u32>(process));
        link_size_ = text.stored();
    }
}

void ProcNode::destroy() { nodes.free(this); }

// A zombie has neither memory nor files: what would show them is empty or absent.
Process* ProcNode::subject() const { return process_ == 0 ? nullptr : Process::find(process_); }

OrErrno<Entry*> ProcNode::make_entry(Entry& self, Name name, ProcRow const& row, i32 process,
                                     i32 descriptor) {
    Held<ProcNode> node(
        nodes.make(file_system(), row, inode_of(row, process, descriptor), process, descriptor));
    if (!node) return Errno::nomem;
    Entry* const entry = Entry::make(&self, name, *node);
    if (entry == nullptr) return Errno::nomem;
    static_cast<void>(node.give());
    return entry;
}

OrErrno<Entry*> ProcNode::find(Entry& self, Name name, Process* process) {
    i32 number = 0;
    switch (row_->item) {
    case ProcItem::root:
        if (name == Name(self_row.name)) {
            if (process == nullptr) return Errno::noent;
            return make_entry(self, name, self_row, process->id(), 0);
        }
        if (ProcRow const* const row = find_row(proc_system_rows, name))
            return make_entry(self, name, *row, 0, 0);
        if (!parse(name, number) || Process::find(number) == nullptr) return Errno::noent;
        return make_entry(self, name, process_row, number, 0);
    case ProcItem::process:
        if (subject() == nullptr) return Errno::noent;
        if (ProcRow const* const row = find_row(proc_process_rows, name))
            return make_entry(self, name, *row, process_, 0);
        return Errno::noent;
    case ProcItem::descriptors: {
        Process* const about = subject();
        if (about == nullptr || about->is_zombie() || !parse(name, number) ||
            about->descriptors().find(number) == nullptr)
            return Errno::noent;
        return make_entry(self, name, descriptor_row, process_, number);
    }
    case ProcItem::self:
    case ProcItem::descriptor:
    case ProcItem::directory:
    case ProcItem::top:
    case ProcItem::executable:
    case ProcItem::text: break;
    }
    return Errno::notdir;
}

void ProcNode::list_rows(ProcRow const* rows, u64 cookie, DirectoryWriter& writer, bool& goes_on) {
    for (u64 at = 0; goes_on && rows[at].name != nullptr; ++at) {
        u64 const here = first_row_cookie + 1 + at;
        if (here > cookie)
            goes_on = writer.add(rows[at].name, inode_of(rows[at], process_, 0),
                                 static_cast<NodeKind>(rows[at].mode & kind_mask), here);
    }
}

void ProcNode::list(Entry& self, u64 cookie, DirectoryWriter& writer, Process*) {
    if (cookie < 1 && !writer.add(".", inode(), NodeKind::directory, 1)) return;
    u64 const above = self.parent() == nullptr ? inode() : self.parent()->node().inode();
    if (cookie < 2 && !writer.add("..", above, NodeKind::directory, 2)) return;
    bool goes_on = true;
    u8 buffer[12];
    u64 const past = cookie > numbers_cookie ? cookie - numbers_cookie : 0;
    if (row_->item == ProcItem::root) {
        if (cookie < first_row_cookie)
            goes_on = writer.add(self_row.name, inode_of(self_row, 0, 0), NodeKind::symlink,
                                 first_row_cookie);
        list_rows(proc_system_rows, cookie, writer, goes_on);
        Process* each = goes_on ? Process::next_after(static_cast<i32>(past)) : nullptr;
        for (; each != nullptr; each = Process::next_after(each->id())) {
            u32 const id = static_cast<u32>(each->id());
            if (!writer.add(decimal(id, buffer), inode_of(process_row, each->id(), 0),
                            NodeKind::directory, numbers_cookie + id))
                return;
        }
    } else if (row_->item == ProcItem::process) {
        list_rows(proc_process_rows, cookie, writer, goes_on);
    } else if (row_->item == ProcItem::descriptors) {
        Process* const about = subject();
        if (about == nullptr || about->is_zombie()) return;
        Descriptors const& open = about->descriptors();
        // A cookie says how many numbers are behind it, so that 0 is not the start again.
        for (i32 at = open.next_open(static_cast<u32>(past)); at >= 0;
             at = open.next_open(static_cast<u32>(at) + 1)) {
            u32 const number = static_cast<u32>(at);
            if (!writer.add(decimal(number, buffer), inode_of(descriptor_row, process_, at),
                            NodeKind::symlink, numbers_cookie + number + 1))
                return;
        }
    }
}

OrErrno<Entry*> ProcNode::jump(Process*) {
    Process* const about = subject();
    if (about == nullptr || about->is_zombie()) return Errno::noent;
    Entry* target = nullptr;
    switch (row_->item) {
    case ProcItem::descriptor: {
        File* const file = about->descriptors().find(descriptor_);
        if (file != nullptr) target = &file->entry();
        break;
    }
    case ProcItem::directory: target = &about->descriptors().directory(); break;
    case ProcItem::top: target = &root_entry(); break;
    case ProcItem::executable:
        if (about->executable() != nullptr) target = &about->executable()->entry();
        break;
    case ProcItem::root:
    case ProcItem::self:
    case ProcItem::process:
    case ProcItem::descriptors:
    case ProcItem::text: return Errno::inval;
    }
    if (target == nullptr) return Errno::noent;
    target->retain();
    return target;
}

Outcome ProcNode::opened(Call*, File& file) {
    if (file.flags().may_write() && row_->write == nullptr) return Outcome::error(Errno::access);
    return Outcome::done(0);
}

Outcome ProcNode::read(Io const& io) {
    if (row_->item != ProcItem::text) return Outcome::error(Errno::isdir);
    Process* const about = subject();
    if (process_ != 0 && about == nullptr) return Outcome::error(Errno::srch);
    host::Frame const frame = host::allocate_frame();
    if (frame == host::no_frame) return Outcome::error(Errno::nomem);
    u64 const size = io.transfer.left() < page_size ? io.transfer.left() : page_size;
    Text text(host::frame_bytes(frame), size, io.offset);
    Process* const reader = io.call != nullptr ? &io.call->process : nullptr;
    row_->text(process_ == 0 ? reader : about, text);
    bool const put = io.transfer.put(host::frame_bytes(frame), text.stored());
    host::release_frame(frame);
    return put ? Outcome::done(io.transfer.done()) : io.transfer.done_or_fault();
}

Outcome ProcNode::truncate(u64 size) {
    return row_->write != nullptr ? Outcome::done(0) : Node::truncate(size);
}

Outcome ProcNode::write(Io const& io) {
    Process* const about = subject();
    if (row_->write == nullptr || about == nullptr || about->is_zombie())
        return Outcome::error(Errno::inval);
    u64 const size = io.transfer.left();
    u8 bytes[256];
    if (io.offset != 0 || size > sizeof(bytes)) return Outcome::error(Errno::inval);
    if (!io.transfer.take(bytes, size)) return io.transfer.done_or_fault();
    return row_->write(*about, bytes, size);
}

}  // namespace vdsokit::personality
