// SPDX-License-Identifier: BSD-2-Clause
#include "host.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>

namespace vdsokit::host {

struct FrameBody {
    u8* bytes;
    u32 users;
};

namespace {

void expect(bool holds, char const* what) {
    if (holds) return;
    std::fprintf(stderr, "the personality broke the seam: %s\n", what);
    std::abort();
}

}  // namespace

FakeHost& fake_host() {
    static FakeHost host;
    return host;
}

Frame allocate_frame() {
    if (fake_host().frames_used == fake_host().frames_total) return no_frame;
    fake_host().frames_used += 1;
    u8* const bytes = static_cast<u8*>(std::aligned_alloc(4096, 4096));
    std::memset(bytes, 0, 4096);
    return {new FrameBody{bytes, 1}};
}

void retain_frame(Frame frame) {
    expect(frame.body != nullptr && frame.body->users > 0, "a frame that is gone was retained");
    frame.body->users += 1;
}

void release_frame(Frame frame) {
    expect(frame.body != nullptr && frame.body->users > 0, "a frame that is gone was released");
    frame.body->users -= 1;
    if (frame.body->users != 0) return;
    std::free(frame.body->bytes);
    delete frame.body;
    fake_host().frames_used -= 1;
}

u32 frame_users(Frame frame) { return frame.body->users; }
u8* frame_bytes(Frame frame) { return frame.body->bytes; }
void publish_code(Frame) { fake_host().published += 1; }
FrameCount frame_count() {
    return {fake_host().frames_total, fake_host().frames_total - fake_host().frames_used};
}

bool AddressSpace::create() {
    expect(!exists_, "an address space was created twice");
    root_ = allocate_frame();
    exists_ = !(root_ == no_frame);
    return exists_;
}

void AddressSpace::destroy() {
    expect(exists_, "an address space that is not there was destroyed");
    for (auto const& [page, mapped] : pages_) release_frame(mapped.frame);
    for (auto const& [number, table] : tables_) release_frame(table.frame);
    release_frame(root_);
    pages_.clear();
    tables_.clear();
    exists_ = false;
}

bool AddressSpace::map(kit::VirtualAddress page, Frame frame, kit::Access access) {
    expect(exists_ && page.value % 4096 == 0 && page.value < u64{1} << 47, "map() of no page");
    expect(frame_users(frame) > 0, "map() of a frame that is gone");
    u64 const number = page.value >> 21;
    if (tables_.count(number) == 0) {
        Frame const table = allocate_frame();
        if (table == no_frame) return false;
        tables_[number] = {table, 0};
    }
    auto const [place, is_new] = pages_.try_emplace(page.value, Mapped{frame, access});
    if (is_new) {
        tables_[number].pages += 1;
        return true;
    }
    release_frame(place->second.frame);
    place->second = {frame, access};
    return true;
}

void AddressSpace::unmap(kit::VirtualAddress page) {
    auto const found = pages_.find(page.value);
    if (found == pages_.end()) return;
    Frame const frame = found->second.frame;
    pages_.erase(found);
    release_frame(frame);
    auto const table = tables_.find(page.value >> 21);
    table->second.pages -= 1;
    if (table->second.pages != 0) return;
    release_frame(table->second.frame);
    tables_.erase(table);
}

void AddressSpace::protect(kit::VirtualAddress page, kit::Access access) {
    auto const found = pages_.find(page.value);
    if (found != pages_.end()) found->second.access = access;
}

Mapped AddressSpace::lookup(kit::VirtualAddress page) const {
    auto const found = pages_.find(page.value);
    return found == pages_.end() ? Mapped{no_frame, kit::Access::none} : found->second;
}

kit::VirtualAddress AddressSpace::next_mapped(kit::VirtualAddress page) const {
    auto const found = pages_.lower_bound(page.value);
    return {found == pages_.end() ? ~u64{0} : found->first};
}

bool Thread::create(AddressSpace& space) {
    space_ = &space;
    registers_ = {};
    return true;
}

void console_write(Channel channel, u8 const* bytes, u64 size) {
    fake_host().output[static_cast<u8>(channel)].append(reinterpret_cast<char const*>(bytes), size);
}

u64 console_read(u8* to, u64 capacity) {
    std::string& input = fake_host().input;
    u64 const size = input.size() < capacity ? input.size() : capacity;
    std::copy_n(input.begin(), size, to);
    input.erase(0, size);
    return size;
}

bool console_ended() { return fake_host().input.empty() && fake_host().input_ended; }

kit::Maybe<u32> call_replacement() { return fake_host().call_replacement; }

void fill_random(u8* to, u64 size) {
    u64& state = fake_host().random_state;
    for (u64 at = 0; at < size; ++at) {
        state = state * 6364136223846793005u + 1442695040888963407u;
        to[at] = static_cast<u8>(state >> 56);
    }
}

CpuFeatures cpu_features() { return fake_host().cpu; }

void set_timer(u64 ns) { fake_host().timer = ns; }

void shut_down(u32 status) {
    std::fprintf(stderr, "the personality shut the host down with status %u\n", status);
    std::exit(static_cast<int>(status));
}

}  // namespace vdsokit::host
