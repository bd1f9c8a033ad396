// SPDX-License-Identifier: BSD-2-Clause
#include "hosts/machine/random.h"

#include "cpu.h"

#include "hosts/personality/personality.h"

namespace vdsokit::machine {
namespace {

constinit RandomSource source;
constinit CounterKind jitter_of = CounterKind::virtual_count;

constexpr u64 sample_count = 64;
constinit u64 samples[sample_count];
constinit u64 next_sample = 0;
constinit u64 next_seed = 1;  // s of uptime
constexpr u64 longest_interval = 60;

u64 counter() { return arch::read_counter(jitter_of).value; }

}  // namespace

void start_random(kit::Bytes seed, u64 second_seed, CounterKind kind) {
    jitter_of = kind;
    source.add(seed);
    samples[0] = second_seed;
    for (u64 at = 1; at < sample_count; ++at) samples[at] = counter();
    source.add({reinterpret_cast<u8 const*>(samples), sizeof(samples)});
}

void stir_random(u64 uptime) {
    samples[next_sample] += counter();
    next_sample = (next_sample + 1) % sample_count;
    if (uptime < next_seed) return;
    u64 const interval = uptime / 2 < longest_interval ? uptime / 2 : longest_interval;
    next_seed = uptime + (interval == 0 ? 1 : interval);
    source.add({reinterpret_cast<u8 const*>(samples), sizeof(samples)});
    personality::on_reseed();
}

}  // namespace vdsokit::machine

namespace vdsokit::host {

void fill_random(u8* to, u64 size) { machine::source.fill(to, size, machine::counter()); }

}  // namespace vdsokit::host
