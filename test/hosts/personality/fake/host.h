// SPDX-License-Identifier: BSD-2-Clause
// A host for unit tests: frames from the heap with a limit that a test can set, page tables in a
// std::map that cost a frame for every 2 MiB as real ones do, threads that are registers alone. It
// aborts on what a personality must never do.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "hosts/personality/host_types.h"
#include "kit/core/memory.h"
#include "kit/time/timekeeper.h"

namespace vdsokit::host {

struct FrameBody;
struct Frame {
    FrameBody* body = nullptr;
    friend constexpr bool operator==(Frame, Frame) = default;
};
inline constexpr Frame no_frame{};

Frame allocate_frame();
void retain_frame(Frame frame);
void release_frame(Frame frame);
u32 frame_users(Frame frame);
u8* frame_bytes(Frame frame);
void publish_code(Frame frame);
FrameCount frame_count();

struct Mapped {
    Frame frame;
    kit::Access access;
};

class AddressSpace {
public:
    bool create();
    void destroy();
    bool map(kit::VirtualAddress page, Frame frame, kit::Access access);
    void unmap(kit::VirtualAddress page);
    void protect(kit::VirtualAddress page, kit::Access access);
    Mapped lookup(kit::VirtualAddress page) const;
    kit::VirtualAddress next_mapped(kit::VirtualAddress page) const;

private:
    struct Table {
        Frame frame;
        u64 pages;
    };
    std::map<u64, Mapped> pages_;
    std::map<u64, Table> tables_;  // by number of the 2 MiB
    Frame root_;
    bool exists_ = false;
};

class Thread {
public:
    bool create(AddressSpace& space);
    void destroy() {}
    void use(AddressSpace& space) { space_ = &space; }
    Registers& registers() { return registers_; }
    void fetch_vectors() {}
    void put_vectors() {}
    void run() { runs_ = true; }
    void stop() { runs_ = false; }
    u64 cpu_time() const { return 0; }
    AddressSpace* space() const { return space_; }
    bool runs() const { return runs_; }

private:
    Registers registers_{};
    AddressSpace* space_ = nullptr;
    bool runs_ = false;
};

void console_write(Channel channel, u8 const* bytes, u64 size);
u64 console_read(u8* to, u64 capacity);
bool console_ended();
void fill_random(u8* to, u64 size);
kit::Maybe<u32> call_replacement();
CpuFeatures cpu_features();
kit::Timekeeper& timekeeper();
void set_timer(u64 ns);
[[noreturn]] void shut_down(u32 status);

// What tests set and look at.
struct FakeHost {
    u64 frames_total = 4096;
    u64 frames_used = 0;
    u64 published = 0;  // calls of publish_code()
    u64 random_state = 1;
    kit::Maybe<u32> call_replacement = kit::Nothing{};
    std::string output[4];  // by channel
    std::string input;
    bool input_ended = false;
    u64 timer = ~u64{0};
    // FP and ASIMD; HALF, THUMB and TLS of 32-bit programs.
    CpuFeatures cpu{3, 0, true, 0x8006, 0};
};
FakeHost& fake_host();

}  // namespace vdsokit::host
