// SPDX-License-Identifier: BSD-2-Clause
#include "tool/bench/own_image.h"

#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include <fmt/format.h>

#include "abi/chain_page.h"
#include "abi/shared.h"
#include "hosts/linux/cpu_source.h"
#include "tool/bench/failure.h"

namespace vdsokit::bench {

namespace {

[[noreturn]] void fail(std::string const& what) {
    throw Failure{status_failed, fmt::format("{}: {}", what, std::strerror(errno))};
}

int protection(kit::Access access) {
    switch (access) {
    case kit::Access::none: return PROT_NONE;
    case kit::Access::read: return PROT_READ;
    case kit::Access::read_write: return PROT_READ | PROT_WRITE;
    case kit::Access::read_execute: return PROT_READ | PROT_EXEC;
    }
    return PROT_NONE;
}

kit::Image open_or_throw(kit::Bytes file, std::string const& name) {
    auto const opened = kit::open_image(file);
    if (!opened)
        throw Failure{
            status_failed,
            fmt::format("{}: refused: {}: {} (offset {:#x})", name, opened.error().rule->name,
                        opened.error().rule->reason, opened.error().at.value)};
    return opened.value();
}

u64 page_size() { return static_cast<u64>(sysconf(_SC_PAGESIZE)); }

}  // namespace

MemoryFile::MemoryFile(u64 frame_size) : frame_size_(frame_size) {
    file_ = memfd_create("vdsokit-bench", MFD_CLOEXEC);
    u64 const bytes = frames_max * frame_size;
    if (file_ < 0 || ftruncate(file_, static_cast<off_t>(bytes)) != 0) fail("memory for the image");
    void* const view = mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_SHARED, file_, 0);
    if (view == MAP_FAILED) fail("memory for the image");
    view_ = static_cast<u8*>(view);
}

MemoryFile::~MemoryFile() {
    if (view_ != nullptr) munmap(view_, frames_max * frame_size_);
    if (file_ >= 0) close(file_);
}

kit::Result<MemoryFile::Frame, kit::MapError> MemoryFile::allocate_frame() {
    if (count_ == frames_max) return kit::MapError::out_of_memory;
    return Frame{count_++};
}

void MemoryFile::publish_code(Frame frame) {
    char* const begin = reinterpret_cast<char*>(frame_bytes(frame));
    __builtin___clear_cache(begin, begin + frame_size_);
}

void MemoryFile::seal(Frame frame) { munmap(frame_bytes(frame), frame_size_); }

kit::Result<kit::Nothing, kit::MapError> MemoryFile::map_shared(kit::VirtualAddress page,
                                                                Frame frame, kit::Access access) {
    void* const at = reinterpret_cast<void*>(page.value);
    void* const mapped = mmap(at, frame_size_, protection(access), MAP_SHARED | MAP_FIXED, file_,
                              static_cast<off_t>(frame.index * frame_size_));
    if (mapped == MAP_FAILED) return kit::MapError::out_of_memory;
    return kit::Nothing{};
}

void MemoryFile::unmap_shared(kit::VirtualAddress page) {
    munmap(reinterpret_cast<void*>(page.value), frame_size_);
}

OwnImage::OwnImage(kit::Bytes file, std::string const& name, VdsoFunctions const& kernel)
    : name_(name), memory_(page_size()) {
    kit::Image const image = open_or_throw(file, name);
    auto const loaded = kit::Preload<MemoryFile>::load(memory_, image, {.frame_size = page_size()});
    if (!loaded)
        throw Failure{status_failed, fmt::format("{}: its pages of {} bytes are not this kernel's",
                                                 name, image.page_size())};
    auto const& preload = loaded.value();
    page_ = preload.time_page();
    for (u64 index = 0; preload.access(index) == kit::Access::read_execute; ++index)
        memory_.seal(preload.frame(index));

    // Room for the image and its chain page, wherever the kernel has some.
    u64 const room = preload.size() + page_size();
    void* const place =
        mmap(nullptr, room + preload.alignment(), PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (place == MAP_FAILED) fail("room for the image");
    u64 const base = kit::align_up(reinterpret_cast<u64>(place), preload.alignment());
    auto const mapping = kit::map_image<MemoryFile>(memory_, preload, {base});
    if (!mapping) fail("the image cannot be mapped");
    chain_to(kernel, base + preload.size(), page_size());
    promise_as(kernel);
    functions_.emplace(kit::Bytes(reinterpret_cast<u8 const*>(base), preload.size()));
}

void OwnImage::chain_to(VdsoFunctions const& kernel, u64 at, u64 bytes) {
    void* const page = reinterpret_cast<void*>(at);
    if (mprotect(page, bytes, PROT_READ | PROT_WRITE) != 0) fail("the chain page");
    auto const distance = [&](char const* name) {
        return abi::chain_distance(at, reinterpret_cast<u64>(kernel.find(name)));
    };
    *static_cast<abi::ChainPage*>(page) = {.magic = abi::chain_magic,
                                           .clock_gettime = distance("clock_gettime"),
                                           .clock_getres = distance("clock_getres"),
                                           .getcpu = distance("getcpu"),
                                           .getrandom = distance("getrandom")};
    if (mprotect(page, bytes, PROT_READ) != 0) fail("the chain page");
    abi::store_shared(page_->header.cpu_source, static_cast<u32>(on_linux::cpu_source()));
}

// getrandom is ours and not handed on, so that there is something to compare: from keys of this
// kernel, which keeps the same promise to both, and is not seen to seed itself anew.
void OwnImage::promise_as(VdsoFunctions const& kernel) {
    using Function = i64(void*, u64, u32, void*, u64);
    auto* const ask =
        reinterpret_cast<Function*>(reinterpret_cast<std::uintptr_t>(kernel.find("getrandom")));
    abi::RandomParameters asked{};
    if (ask == nullptr || ask(nullptr, 0, 0, &asked, ~u64{0}) != 0) return;
    random_.attach(*page_);
    random_.reseeded();
    if (!random_.publish({.map_protection = asked.map_protection,
                          .map_flags = asked.map_flags,
                          .page_size = static_cast<u32>(page_size())}))
        throw Failure{status_failed, "a promise about random bytes is refused"};
}

}  // namespace vdsokit::bench
