// SPDX-License-Identifier: BSD-2-Clause
// A pipe, with or without a name. Its bytes stand in a ring of frames that come when they are first
// needed.
#pragma once

#include "hosts/personality/files/node.h"
#include "hosts/personality/memory/layout.h"

namespace vdsokit::personality {

class Pipe final : public Node {
public:
    static constexpr u32 most_pages = 16;
    // Writes of up to this much are whole or not at all (PIPE_BUF).
    static constexpr u64 atomic_size = 4096;

    static Pipe* make(FileSystem& file_system, u32 permissions);

    Outcome opened(Call* call, File& file) override;
    void closed(File& file) override;
    Outcome read(Io const& io) override;
    Outcome write(Io const& io) override;
    u32 ready(File& file) override;
    Outcome control(Call& call, File& file) override;

    Pipe* as_pipe() override { return this; }

    u64 capacity() const { return pages_ * page_size; }
    // Rounded up to a power of two of pages. EPERM above the most, EBUSY if it holds more bytes.
    Outcome set_capacity(u64 size);

    Pipe(FileSystem& file_system, u32 permissions)
        : Node(file_system, static_cast<u32>(NodeKind::fifo) | permissions) {
        for (host::Frame& frame : frames_) frame = host::no_frame;
    }

private:
    static constexpr u64 reading = 0, writing = 1, opening = 2;

    void destroy() override;
    void release_frames();
    u8* part_at(u64 offset, u64& size);
    Outcome wait_for_partner(Call& call, u64 arrivals_of_others);

    host::Frame frames_[most_pages];
    u64 pages_ = most_pages;
    u64 start_ = 0;
    u64 used_ = 0;
    u32 readers_ = 0;
    u32 writers_ = 0;
    // Those who opened it or began to: two openers that wait for each other meet by these.
    u64 reader_arrivals_ = 0;
    u64 writer_arrivals_ = 0;
};

// A write to what nobody reads: SIGPIPE to the thread, EPIPE to the call.
Outcome broken_pipe(Call& call);

}  // namespace vdsokit::personality
