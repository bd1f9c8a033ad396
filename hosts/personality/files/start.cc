// SPDX-License-Identifier: BSD-2-Clause
#include "hosts/personality/files/start.h"

#include "hosts/personality/files/console.h"
#include "hosts/personality/files/console_stream.h"
#include "hosts/personality/files/tree.h"
#include "hosts/personality/files/walk.h"
#include "hosts/personality/text.h"

namespace vdsokit::personality {

namespace {

void report(ArchiveFault const& fault) {
    char line[160];
    Text text(line, sizeof(line));
    text.add("initramfs: ").add(text_of(fault.error)).add(", at offset ").decimal(fault.at);
    text.add("\n");
    host::console_write(host::Channel::failures, reinterpret_cast<u8 const*>(line), text.stored());
}

bool add_streams(Descriptors& descriptors) {
    struct Row {
        ConsoleStream::Direction direction;
        u32 flags;
        char const* label;
    };
    constexpr Row rows[] = {
        {ConsoleStream::Direction::input, OpenFlags::read_only, "pipe:[input]"},
        {ConsoleStream::Direction::output, OpenFlags::write_only, "pipe:[output]"},
        {ConsoleStream::Direction::errors, OpenFlags::write_only, "pipe:[errors]"},
    };
    for (Row const& row : rows) {
        File* const file =
            open_anonymous(ConsoleStream::make(anonymous_file_system(), row.direction), row.label,
                           OpenFlags{row.flags});
        if (file == nullptr) return false;
        if (descriptors.add(*file, false) >= 0) continue;
        file->release();
        return false;
    }
    return true;
}

bool add_terminal(Descriptors& descriptors) {
    auto const found = walk_to(nullptr, root_entry(), "/dev/console", LastLink::follow);
    if (!found) return false;
    Held<Entry> const entry(found.value());
    File* file = nullptr;
    Outcome const opened = File::open(nullptr, *entry, OpenFlags{OpenFlags::read_write}, file);
    if (opened.value() != 0) return false;
    Held<File> const held(file);
    for (u32 number = 0; number < 3; ++number) {
        file->retain();
        if (descriptors.add(*file, false) >= 0) continue;
        file->release();
        return false;
    }
    return true;
}

}  // namespace

bool start_files(Boot const& boot) {
    console().start(boot.terminal, {.rows = boot.rows, .columns = boot.columns});
    if (!build_tree()) return false;
    Unpacked const unpacked = unpack(boot.initramfs, root_entry());
    if (!unpacked) {
        report(unpacked.error());
        return false;
    }
    return mount_all();
}

bool open_console(Descriptors& descriptors) {
    return console().is_terminal() ? add_terminal(descriptors) : add_streams(descriptors);
}

void console_input_arrived() { console().input_arrived(); }

void console_resized(u16 rows, u16 columns) {
    console().resize({.rows = rows, .columns = columns});
}

void session_ended(i32 session) { console().session_ended(session); }

}  // namespace vdsokit::personality
