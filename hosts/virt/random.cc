// SPDX-License-Identifier: BSD-2-Clause
#include "hosts/virt/random.h"

#include "cpu.h"

namespace vdsokit::virt {
namespace {

constinit RandomSource source;

u64 counter() { return arch::read_counter(CounterKind::virtual_count).value; }

}  // namespace

void start_random(kit::Bytes seed, u64 second_seed) {
    source.add(seed);
    u64 samples[64];
    samples[0] = second_seed;
    for (u64 at = 1; at < 64; ++at) samples[at] = counter();
    source.add({reinterpret_cast<u8 const*>(samples), sizeof(samples)});
}

}  // namespace vdsokit::virt

namespace vdsokit::host {

void fill_random(u8* to, u64 size) { virt::source.fill(to, size, virt::counter()); }

}  // namespace vdsokit::host
