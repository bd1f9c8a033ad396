// SPDX-License-Identifier: BSD-2-Clause
#include "hosts/personality/memory/vdso.h"

#include "hosts/personality/memory/report.h"
#include "hosts/personality/personality.h"
#include "hosts/personality/process/time_group.h"
#include "kit/image/mapping.h"
#include "kit/random/random_publisher.h"
#include "linux_process.h"

namespace vdsokit::personality {

namespace {

// The host's frames as the kit asks for them.
struct HostFrames {
    using Frame = host::Frame;
    kit::Result<Frame, kit::MapError> allocate_frame() {
        Frame const frame = host::allocate_frame();
        if (frame == host::no_frame) return kit::MapError::out_of_memory;
        return frame;
    }
    u8* frame_bytes(Frame frame) { return host::frame_bytes(frame); }
    void release_frame(Frame frame) { host::release_frame(frame); }
    void publish_code(Frame frame) { host::publish_code(frame); }
};

// A process's memory as the kit maps the vDSO into it.
struct VdsoSpace {
    using Frame = host::Frame;
    Memory& memory;

    kit::Result<Nothing, kit::MapError> map_shared(VirtualAddress page, Frame frame,
                                                   Access access) {
        RegionName const name =
            access == Access::read_execute ? RegionName::vdso : RegionName::vvar;
        auto const mapped = memory.map_frame(page.value, frame, access, name);
        if (mapped) return Nothing{};
        return mapped.error() == Errno::nomem ? kit::MapError::out_of_memory
                                              : kit::MapError::in_use;
    }
    void unmap_shared(VirtualAddress page) {
        // Refused when it is half of a region; whoever sees the mapping fail gives up the memory.
        static_cast<void>(memory.unmap(page.value, page_size));
    }
};

using HostPreload = kit::Preload<HostFrames>;

enum class Kind : u8 { none, shared, rel4 };

struct State {
    Kind kind = Kind::none;
    bool is_fixed = false;  // a shared one
    kit::Result<HostPreload, kit::PreloadError> preload = kit::PreloadError::out_of_frames;
    kit::FixedVector<host::Frame, 2> rel4_frames;
    host::Frame signal_page = host::no_frame;
    u64 bytes_copied_at_start = 0;
    ExecCounters counters;
};
constinit State state;
constinit kit::RandomPublisher random_publisher;

// What droppable.cc keeps of MAP_DROPPABLE, where the image's getrandom may run.
void publish_random(abi::TimePage& page) {
    random_publisher.attach(page);
    if ((host::cpu_features().hwcap & arch::getrandom_hwcap) != arch::getrandom_hwcap) return;
    random_publisher.reseeded();
    static_cast<void>(random_publisher.publish({.page_size = page_size}));  // a power of two
}

void refuse(char const* why) {
    Report report;
    report.text().add("/vdso.so: ").add(why).add("; programs run without a vDSO");
    report.show(host::Channel::messages);
}

void refuse(kit::ImageFault const& fault) {
    Report report;
    report.text()
        .add("/vdso.so: refused by the rule ")
        .add(fault.rule->name)
        .add(" at offset 0x")
        .hexadecimal(fault.at.value)
        .add(": ")
        .add(fault.rule->reason)
        .add("; programs run without a vDSO");
    report.show(host::Channel::messages);
}

char const* text_of(kit::PreloadError error) {
    switch (error) {
    case kit::PreloadError::out_of_frames: return "out of memory";
    case kit::PreloadError::frame_size: return "its pages are not of this host's size";
    case kit::PreloadError::too_many_frames: return "longer than this host holds";
    case kit::PreloadError::replacement_too_wide: return "its traps cannot be replaced";
    }
    return "";
}

void load_shared(kit::Bytes bytes) {
    auto const image = kit::open_image(bytes);
    if (!image) return refuse(image.error());
    HostFrames frames;
    state.preload =
        HostPreload::load(frames, image.value(),
                          {.frame_size = page_size, .trap_replacement = host::call_replacement()});
    if (!state.preload) return refuse(text_of(state.preload.error()));
    HostPreload const& preload = state.preload.value();
    host::timekeeper().attach(*preload.time_page());
    host::timekeeper().publish();
    publish_random(*preload.time_page());
    state.kind = Kind::shared;
    state.counters.preloads = 1;
    state.counters.vdso_frames = preload.frame_count();
    state.bytes_copied_at_start = preload.bytes_copied();
}

// As that kit's init_vdso_addr() does: so many bytes of whatever the file holds, nobody looks.
void load_rel4(kit::Bytes bytes) {
    for (u64 at = 0; at < rel4_bytes; at += page_size) {
        host::Frame const frame = host::allocate_frame();
        if (frame == host::no_frame) {
            for (host::Frame const& used : state.rel4_frames) host::release_frame(used);
            state.rel4_frames = {};
            return refuse("out of memory");
        }
        u64 const rest = bytes.size() < at ? 0 : bytes.size() - at;
        u64 const part = rest < page_size ? rest : page_size;
        if (part != 0) __builtin_memcpy(host::frame_bytes(frame), bytes.data() + at, part);
        replace_calls(frame);
        host::publish_code(frame);
        static_cast<void>(state.rel4_frames.push(frame));  // rel4_bytes are two frames
    }
    state.kind = Kind::rel4;
    state.counters.preloads = 1;
    state.counters.vdso_frames = state.rel4_frames.size();
}

// One frame for all processes; made when the first needs it.
Attempt<Nothing> map_signal_page(Memory& memory, VirtualAddress& signal_return) {
    if (state.signal_page == host::no_frame) {
        state.signal_page = host::allocate_frame();
        if (state.signal_page == host::no_frame) return Errno::nomem;
        __builtin_memcpy(host::frame_bytes(state.signal_page), arch::signal_return_code,
                         sizeof(arch::signal_return_code));
        replace_calls(state.signal_page);
        host::publish_code(state.signal_page);
    }
    u64 const page = memory.choose(0, page_size);
    if (page == 0) return Errno::nomem;
    signal_return = {page + arch::signal_return_offset};
    return memory.map_frame(page, state.signal_page, Access::read_execute, RegionName::signal_page);
}

}  // namespace

void load_vdso(kit::Bytes bytes, VdsoMode mode, bool fixed) {
    state.is_fixed = fixed;
    if (mode == VdsoMode::none) return;
    if (bytes.size() == 0) return refuse("no such file, or it is empty");
    if (mode == VdsoMode::shared) load_shared(bytes);
    if (mode == VdsoMode::rel4) load_rel4(bytes);
}

kit::VdsoPlacement vdso_placement() {
    switch (state.kind) {
    case Kind::none: return kit::VdsoPlacement::none;
    case Kind::shared:
        return state.is_fixed ? kit::VdsoPlacement::fixed : kit::VdsoPlacement::anywhere;
    case Kind::rel4: return kit::VdsoPlacement::fixed;
    }
    return kit::VdsoPlacement::none;
}

kit::AddressRange vdso_range() {
    switch (state.kind) {
    case Kind::none: return {};
    case Kind::shared: {
        u64 const base = state.is_fixed ? rel4_base : 0;
        return {base, base + state.preload.value().size()};
    }
    case Kind::rel4: return {rel4_base, rel4_base + rel4_bytes};
    }
    return {};
}

u64 vdso_alignment() {
    return state.kind == Kind::shared ? state.preload.value().alignment() : page_size;
}

bool vdso_is_rel4() { return state.kind == Kind::rel4; }

Attempt<Nothing> map_vdso(Memory& memory, u64 base, VirtualAddress& signal_return) {
    if (state.kind == Kind::shared) {
        VdsoSpace space{memory};
        HostPreload const& preload = state.preload.value();
        auto const mapping = kit::map_image<HostFrames>(space, preload, {base});
        if (!mapping) return Errno::nomem;
        state.counters.vdso_maps += 1;
        auto const sigreturn = preload.sigreturn();
        if (sigreturn) {
            signal_return = mapping.value().address(sigreturn.value());
            return Nothing{};
        }
    }
    if (state.kind == Kind::rel4) {
        for (u64 at = 0; at < state.rel4_frames.size(); ++at) {
            auto const mapped = memory.map_frame(base + at * page_size, state.rel4_frames[at],
                                                 Access::read_execute, RegionName::vdso);
            if (!mapped) return mapped.error();
        }
        state.counters.vdso_maps += 1;
    }
    return map_signal_page(memory, signal_return);
}

void show_time_page(Memory& memory, TimeGroup const* group) {
    if (state.kind != Kind::shared) return;
    HostPreload const& preload = state.preload.value();
    memory.show_time_page(group != nullptr ? group->time_page()
                                           : preload.frame(preload.code_size() / page_size));
}

void publish_random_in(kit::RandomPublisher::Page& entry, abi::TimePage& page) {
    random_publisher.add(entry, page);
}
void withdraw_random_in(kit::RandomPublisher::Page& entry) { random_publisher.remove(entry); }

void on_reseed() { random_publisher.reseeded(); }

ExecCounters exec_counters() {
    ExecCounters counters = state.counters;
    if (state.kind == Kind::shared)
        counters.bytes_copied_at_exec =
            state.preload.value().bytes_copied() - state.bytes_copied_at_start;
    return counters;
}

}  // namespace vdsokit::personality
