// SPDX-License-Identifier: BSD-2-Clause
#include "hosts/personality/memory/vdso.h"

#include "linux_narrow.h"

#include "hosts/personality/memory/report.h"
#include "hosts/personality/memory/signal_pages.h"
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

using Loaded = kit::Result<HostPreload, kit::PreloadError>;

struct State {
    Kind kind = Kind::none;
    bool is_fixed = false;  // a shared one
    Loaded preload = kit::PreloadError::out_of_frames;
    // For 32-bit programs; an error: there is none.
    Loaded narrow = kit::PreloadError::out_of_frames;
    kit::FixedVector<host::Frame, 2> rel4_frames;
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

char const* text_of(kit::PreloadError error) {
    switch (error) {
    case kit::PreloadError::out_of_frames: return "out of memory";
    case kit::PreloadError::frame_size: return "its pages are not of this host's size";
    case kit::PreloadError::too_many_frames: return "longer than this host holds";
    case kit::PreloadError::replacement_too_wide: return "its traps cannot be replaced";
    }
    return "";
}

// What is said of a file that programs cannot be given.
struct Refusal {
    char const* path;
    char const* consequence;

    void operator()(char const* why) const {
        Report report;
        report.text().add(path).add(": ").add(why).add(consequence);
        report.show(host::Channel::messages);
    }
    void operator()(kit::ImageFault const& fault) const {
        Report report;
        report.text()
            .add(path)
            .add(": refused by the rule ")
            .add(fault.rule->name)
            .add(" at offset 0x")
            .hexadecimal(fault.at.value)
            .add(": ")
            .add(fault.rule->reason)
            .add(consequence);
        report.show(host::Channel::messages);
    }
};
constexpr Refusal refuse{"/vdso.so", "; programs run without a vDSO"};
constexpr Refusal refuse_narrow{"/vdso32.so", "; 32-bit programs run without a vDSO"};

// What has been loaded is counted, and its time page is the one that is published.
void take_in(HostPreload const& preload) {
    state.counters.preloads += 1;
    state.counters.vdso_frames += preload.own_frame_count();
    state.bytes_copied_at_start += preload.bytes_copied();
    if (state.counters.preloads > 1) return;
    host::timekeeper().attach(*preload.time_page());
    host::timekeeper().publish();
}

void load_shared(kit::Bytes bytes) {
    auto const image = kit::open_image(bytes);
    if (!image) return refuse(image.error());
    HostFrames frames;
    state.preload =
        HostPreload::load(frames, image.value(),
                          {.frame_size = page_size, .trap_replacement = host::call_replacement()});
    if (!state.preload) return refuse(text_of(state.preload.error()));
    take_in(state.preload.value());
    publish_random(*state.preload.value().time_page());
    state.kind = Kind::shared;
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

}  // namespace

void load_vdso(kit::Bytes bytes, VdsoMode mode, bool fixed) {
    state.is_fixed = fixed;
    if (mode == VdsoMode::none) return;
    if (bytes.size() == 0) return refuse("no such file, or it is empty");
    if (mode == VdsoMode::shared) load_shared(bytes);
    if (mode == VdsoMode::rel4) load_rel4(bytes);
}

void load_narrow_vdso(kit::Bytes bytes) {
    if (bytes.size() == 0) return refuse_narrow("no such file, or it is empty");
    auto const image = kit::open_image(bytes, {arch::narrow::elf_machine, arch::narrow::elf_class});
    if (!image) return refuse_narrow(image.error());
    HostFrames frames;
    kit::PreloadOptions const options{.frame_size = page_size};
    state.narrow =
        state.kind == Kind::shared
            ? HostPreload::load_beside(frames, image.value(), options, state.preload.value())
            : HostPreload::load(frames, image.value(), options);
    if (!state.narrow) return refuse_narrow(text_of(state.narrow.error()));
    take_in(state.narrow.value());
}

namespace {

// nullptr: a program of this layout gets none, or that of rel4.
HostPreload const* preload_for(Layout const& layout) {
    Loaded const& loaded = &layout == &narrow_layout ? state.narrow : state.preload;
    return loaded ? &loaded.value() : nullptr;
}

bool is_rel4_for(Layout const& layout) {
    return state.kind == Kind::rel4 && &layout != &narrow_layout;
}

// A shared one, by the boot's wish.
bool is_fixed_for(Layout const& layout) { return state.is_fixed && &layout != &narrow_layout; }

}  // namespace

kit::VdsoPlacement vdso_placement(Layout const& layout) {
    if (is_rel4_for(layout)) return kit::VdsoPlacement::fixed;
    if (preload_for(layout) == nullptr) return kit::VdsoPlacement::none;
    return is_fixed_for(layout) ? kit::VdsoPlacement::fixed : kit::VdsoPlacement::anywhere;
}

kit::AddressRange vdso_range(Layout const& layout) {
    if (is_rel4_for(layout)) return {rel4_base, rel4_base + rel4_bytes};
    HostPreload const* const preload = preload_for(layout);
    if (preload == nullptr) return {};
    u64 const base = is_fixed_for(layout) ? rel4_base : 0;
    return {base, base + preload->size()};
}

u64 vdso_alignment(Layout const& layout) {
    HostPreload const* const preload = preload_for(layout);
    return preload == nullptr ? page_size : preload->alignment();
}

bool vdso_is_rel4() { return state.kind == Kind::rel4; }

Attempt<Nothing> map_vdso(Memory& memory, u64 base, VirtualAddress& signal_return) {
    if (memory.is_narrow()) {
        auto const mapped = map_helper_page(memory);
        if (!mapped) return mapped.error();
    }
    if (HostPreload const* const preload = preload_for(memory.layout()); preload != nullptr) {
        VdsoSpace space{memory};
        auto const mapping = kit::map_image<HostFrames>(space, *preload, {base});
        if (!mapping) return Errno::nomem;
        state.counters.vdso_maps += 1;
        auto const sigreturn = preload->sigreturn();
        if (sigreturn) {
            signal_return = mapping.value().address(sigreturn.value());
            return Nothing{};
        }
    }
    if (is_rel4_for(memory.layout())) {
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
    HostPreload const* const preload = preload_for(memory.layout());
    if (preload == nullptr) return;
    memory.show_time_page(group != nullptr ? group->time_page()
                                           : preload->frame(preload->code_size() / page_size));
}

void publish_random_in(kit::RandomPublisher::Page& entry, abi::TimePage& page) {
    random_publisher.add(entry, page);
}
void withdraw_random_in(kit::RandomPublisher::Page& entry) { random_publisher.remove(entry); }

void on_reseed() { random_publisher.reseeded(); }

ExecCounters exec_counters() {
    ExecCounters counters = state.counters;
    u64 copied = 0;
    for (Layout const* const layout : {&wide_layout, &narrow_layout})
        if (HostPreload const* const preload = preload_for(*layout); preload != nullptr)
            copied += preload->bytes_copied();
    counters.bytes_copied_at_exec = copied - state.bytes_copied_at_start;
    return counters;
}

}  // namespace vdsokit::personality
