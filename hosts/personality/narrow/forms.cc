// SPDX-License-Identifier: BSD-2-Clause
#include "hosts/personality/narrow/forms.h"

#include "hosts/personality/files/status.h"
#include "hosts/personality/process/adjust.h"
#include "hosts/personality/process/signal.h"
#include "hosts/personality/process/timers.h"
#include "hosts/personality/process/usage.h"

namespace vdsokit::personality {

namespace {

template <class T>
T load(u8 const* from) {
    T value;
    __builtin_memcpy(&value, from, sizeof(value));
    return value;
}
template <class T>
void store(u8* to, T const& value) {
    __builtin_memcpy(to, &value, sizeof(value));
}

u32 low(u64 value) { return static_cast<u32>(value); }

void widen_long(u8 const* from, u8* to) { store(to, i64{load<i32>(from)}); }
void widen_word(u8 const* from, u8* to) { store(to, u64{load<u32>(from)}); }
void narrow_word(u8 const* from, u8* to) { store(to, low(load<u64>(from))); }

constexpr u32 infinite = ~u32{0};
void widen_limit(u8 const* from, u8* to) {
    u32 const value = load<u32>(from);
    store(to, value == infinite ? ~u64{0} : u64{value});
}
void narrow_limit(u8 const* from, u8* to) {
    u64 const value = load<u64>(from);
    store(to, value > infinite ? infinite : low(value));
}

// tv_nsec is a long, and the program need not set the four bytes behind it.
void widen_time(u8 const* from, u8* to) {
    store(to, load<i64>(from));
    store(to + 8, u64{load<u32>(from + 8)});
}
// What is not normal stays so: a million becomes a thousand million.
void widen_microseconds(u8 const* from, u8* to) {
    store(to, i64{load<i32>(from)});
    store(to + 8, i64{load<i32>(from + 4)} * 1000);
}

struct NarrowAction {
    u32 handler, flags, restorer, mask[2];
};
void widen_action(u8 const* from, u8* to) {
    auto const action = load<NarrowAction>(from);
    SignalAction wide{action.handler, action.flags, action.restorer, {}};
    wide.mask.bits = action.mask[0] | u64{action.mask[1]} << 32;
    store(to, wide);
}
void narrow_action(u8 const* from, u8* to) {
    auto const wide = load<SignalAction>(from);
    store(to, NarrowAction{low(wide.handler),
                           low(wide.flags),
                           low(wide.restorer),
                           {low(wide.mask.bits), low(wide.mask.bits >> 32)}});
}

struct NarrowEvent {
    u32 value;
    i32 signal, notify, thread;
    i32 unused[12];
};
static_assert(sizeof(NarrowEvent) == 64);
void widen_event(u8 const* from, u8* to) {
    auto const event = load<NarrowEvent>(from);
    UserSigevent wide{};
    wide.value = event.value;
    wide.signal = event.signal;
    wide.notify = event.notify;
    wide.thread = event.thread;
    store(to, wide);
}

void narrow_stat(u8 const* from, u8* to) {
    auto const wide = load<Stat>(from);
    arch::narrow::Stat64 stat{};
    stat.device = wide.device;
    stat.inode_low = low(wide.inode);
    stat.mode = wide.mode;
    stat.links = wide.links;
    stat.user = wide.user;
    stat.group = wide.group;
    stat.device_number = wide.device_number;
    stat.size = wide.size;
    stat.block_size = static_cast<u32>(wide.block_size);
    stat.blocks = static_cast<u64>(wide.blocks);
    StatTime const times[] = {wide.access, wide.modification, wide.change};
    for (u64 at = 0; at < 3; ++at) {
        stat.times[2 * at] = low(static_cast<u64>(times[at].seconds));
        stat.times[2 * at + 1] = low(times[at].nanoseconds);
    }
    stat.inode = wide.inode;
    store(to, stat);
}

void narrow_statfs(u8 const* from, u8* to) {
    auto const wide = load<Statfs>(from);
    arch::narrow::Statfs64 statfs{};
    statfs.type = low(wide.type);
    statfs.block_size = low(wide.block_size);
    u64 const counts[] = {wide.blocks, wide.free, wide.available, wide.files, wide.files_free};
    for (u32 at = 0; at < 5; ++at) {
        statfs.counts[at][0] = low(counts[at]);
        statfs.counts[at][1] = low(counts[at] >> 32);
    }
    statfs.id[0] = wide.id[0];
    statfs.id[1] = wide.id[1];
    statfs.name_size = low(wide.name_size);
    statfs.fragment_size = low(wide.fragment_size);
    statfs.flags = low(wide.flags);
    store(to, statfs);
}

struct NarrowSysinfo {
    u32 uptime, loads[3], memory_and_swap[6];
    u16 processes, pad;
    u32 total_high, free_high, unit;
    u8 unused[8];
};
static_assert(sizeof(NarrowSysinfo) == 64);
void narrow_sysinfo(u8 const* from, u8* to) {
    auto const wide = load<UserSysinfo>(from);
    NarrowSysinfo info{};
    info.uptime = low(static_cast<u64>(wide.uptime));
    for (u32 at = 0; at < 3; ++at) info.loads[at] = low(wide.loads[at]);
    u64 const sizes[] = {wide.total_memory,  wide.free_memory, wide.shared_memory,
                         wide.buffer_memory, wide.total_swap,  wide.free_swap};
    for (u32 at = 0; at < 6; ++at) info.memory_and_swap[at] = low(sizes[at]);
    info.processes = wide.processes;
    info.total_high = low(wide.total_high);
    info.free_high = low(wide.free_high);
    info.unit = wide.unit;
    store(to, info);
}

// struct timex is words in a row in a 32-bit program; here is where the wide one has each.
struct TimexField {
    u64 at;
    bool is_long;
};
constexpr TimexField timex_fields[] = {
    {offsetof(UserTimex, modes), false},
    {offsetof(UserTimex, offset), true},
    {offsetof(UserTimex, frequency), true},
    {offsetof(UserTimex, max_error), true},
    {offsetof(UserTimex, estimated_error), true},
    {offsetof(UserTimex, status), false},
    {offsetof(UserTimex, constant), true},
    {offsetof(UserTimex, precision), true},
    {offsetof(UserTimex, tolerance), true},
    {offsetof(UserTimex, seconds), true},
    {offsetof(UserTimex, fraction), true},
    {offsetof(UserTimex, tick), true},
    {offsetof(UserTimex, pps), true},
    {offsetof(UserTimex, pps) + 8, true},
    {offsetof(UserTimex, pps_shift), false},
    {offsetof(UserTimex, more_pps), true},
    {offsetof(UserTimex, more_pps) + 8, true},
    {offsetof(UserTimex, more_pps) + 16, true},
    {offsetof(UserTimex, more_pps) + 24, true},
    {offsetof(UserTimex, more_pps) + 32, true},
    {offsetof(UserTimex, tai), false},
};
constexpr u64 narrow_timex_size = 128;
void widen_timex(u8 const* from, u8* to) {
    u64 at = 0;
    for (TimexField const& field : timex_fields) {
        field.is_long ? store(to + field.at, i64{load<i32>(from + at)})
                      : store(to + field.at, load<i32>(from + at));
        at += sizeof(u32);
    }
}
void narrow_timex(u8 const* from, u8* to) {
    u64 at = 0;
    for (TimexField const& field : timex_fields) {
        store(to + at, load<u32>(from + field.at));
        at += sizeof(u32);
    }
}

}  // namespace

void widen_info(u8 const* from, u8* to) {
    SignalInfo info;
    info.number = load<i32>(from);
    info.error = load<i32>(from + 4);
    info.code = load<i32>(from + 8);
    info.words[0] = load<u64>(from + 12);
    info.words[1] = load<u32>(from + 20);
    store(to, info);
}

// The first two fields of each kind are 32 bits in both; what follows is an address or a status,
// then a time. An address of a fault has nothing behind it.
void narrow_info(u8 const* from, u8* to) {
    auto const info = load<SignalInfo>(from);
    store(to, info.number);
    store(to + 4, info.error);
    store(to + 8, info.code);
    store(to + 12, info.words[0]);
    store(to + 20, low(info.words[1]));
    store(to + 24, low(info.words[2]));
}

Form form_of(arch::narrow::Shape shape) {
    using arch::narrow::Shape;
    switch (shape) {
    case Shape::nothing:
    case Shape::word:
    case Shape::number:
    case Shape::pair:
    case Shape::pages:
    case Shape::constant:
    case Shape::lock_command:
    case Shape::milliseconds: return {};
    case Shape::longs:
    case Shape::futex_time: return {4, 8, widen_long, narrow_word};
    case Shape::vectors:
    case Shape::words: return {4, 8, widen_word, narrow_word};
    case Shape::limits: return {4, 8, widen_limit, narrow_limit};
    case Shape::times:
    case Shape::futex_wide_time: return {16, 16, widen_time, nullptr};
    case Shape::microseconds: return {8, 16, widen_microseconds, nullptr};
    case Shape::action:
        return {sizeof(NarrowAction), sizeof(SignalAction), widen_action, narrow_action};
    case Shape::info: return {siginfo_size, siginfo_size, widen_info, narrow_info};
    case Shape::event: return {sizeof(NarrowEvent), sizeof(UserSigevent), widen_event, nullptr};
    case Shape::stat: return {sizeof(arch::narrow::Stat64), sizeof(Stat), nullptr, narrow_stat};
    case Shape::statfs:
        return {sizeof(arch::narrow::Statfs64), sizeof(Statfs), nullptr, narrow_statfs};
    case Shape::sysinfo:
        return {sizeof(NarrowSysinfo), sizeof(UserSysinfo), nullptr, narrow_sysinfo};
    case Shape::timex: return {narrow_timex_size, sizeof(UserTimex), widen_timex, narrow_timex};
    }
    return {};
}

}  // namespace vdsokit::personality
