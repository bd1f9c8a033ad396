// SPDX-License-Identifier: BSD-2-Clause
#include "hosts/machine/random.h"

#include "cpu.h"

namespace vdsokit::machine {
namespace {

constinit RandomSource source;
constinit CounterKind jitter_of = CounterKind::virtual_count;

u64 counter() { return arch::read_counter(jitter_of).value; }

}  // namespace

void start_random(kit::Bytes seed, u64 second_seed, CounterKind kind) {
    jitter_of = kind;
    source.add(seed);
    u64 samples[64];
    samples[0] = second_seed;
    for (u64 at = 1; at < 64; ++at) samples[at] = counter();
    source.add({reinterpret_cast<u8 const*>(samples), sizeof(samples)});
}

}  // namespace vdsokit::machine

namespace vdsokit::host {

void fill_random(u8* to, u64 size) { machine::source.fill(to, size, machine::counter()); }

}  // namespace vdsokit::host
