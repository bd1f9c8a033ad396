// SPDX-License-Identifier: BSD-2-Clause
// getrandom(2) over the random line of a time page, by Linux's protocol
// [Linux include/uapi/linux/random.h; Documentation of vgetrandom in getrandom(2)'s vDSO form]:
// the caller keeps a state for each thread, in a mapping of the kind that the probe asks for, and
// nothing here takes a lock. Returns the bytes written or a negative errno, like the system call.
//
// A signal handler that interrupts a call finds `in_use` and makes the system call. A fork wipes
// the state, a mapping that is short of memory drops it; both leave generation 0, which no line
// carries. So generation and key are looked at last of all: what was made from a key that went away
// meanwhile is made again.
#pragma once

#include "cpu.h"
#include "system_call.h"

#include "abi/random_line.h"
#include "abi/shared.h"
#include "vdso/chacha20.h"
#include "vdso/chain_page.h"

namespace vdsokit::vdso {

inline constexpr i64 error_fault = -14;
inline constexpr i64 error_no_call = -38;
inline constexpr u64 chacha_block_bytes = 64;

// A signal handler of this thread sees what is in front of it done, and nothing of what is behind.
[[gnu::always_inline]] inline void order_with_signals() { __atomic_signal_fence(__ATOMIC_SEQ_CST); }

[[gnu::always_inline]] inline i64 answer_probe(abi::RandomLine const& line, void* to) {
    auto* const parameters = static_cast<abi::RandomParameters*>(to);
    parameters->state_bytes = sizeof(abi::RandomState);
    parameters->map_protection = arch::load_half<offsetof(abi::RandomLine, map_protection)>(&line);
    parameters->map_flags = arch::load_half<offsetof(abi::RandomLine, map_flags)>(&line);
    for (u32& word : parameters->reserved) word = 0;
    return 0;
}

// A state across two pages could be dropped by half. A page size of 0 allows none.
[[gnu::always_inline]] inline bool is_within_page(void const* state, u64 page) {
    return (reinterpret_cast<u64>(state) & (page - 1)) + sizeof(abi::RandomState) <= page;
}

// Whatever is not answered from the state: the probe, another mode, a mistake, a system call.
// Takes what the exported function was given, in the same order, so that getting here is one jump.
[[gnu::noinline, gnu::cold]] inline i64 getrandom_aside(void* buffer, u64 size, u32 flags,
                                                        void* state, u64 state_bytes,
                                                        abi::RandomLine const& line) {
    u32 const mode = arch::load_half<offsetof(abi::RandomLine, state)>(&line);
    if (mode == abi::random_state_of(abi::RandomMode::chained)) {
        ChainedRandom* const other = chained_getrandom();
        if (other != nullptr) return other(buffer, size, flags, state, state_bytes);
    }
    bool const generates = mode == abi::random_state_of(abi::RandomMode::generation);
    if (state_bytes == ~u64{0} && (reinterpret_cast<u64>(buffer) | size | flags) == 0)
        return generates ? answer_probe(line, state) : error_no_call;
    if (generates &&
        !is_within_page(state, arch::load_half<offsetof(abi::RandomLine, page_size)>(&line)))
        return error_fault;
    return arch::system_call(arch::call::getrandom, reinterpret_cast<u64>(buffer), size, flags);
}

// Copies `size` bytes and leaves zeros where they were. Returns the end of the copy.
[[gnu::always_inline]] inline u8* move_out(u8* to, u8* from, u64 size) {
    u64 const none = 0;
    for (; size >= sizeof(u64); size -= sizeof(u64), to += sizeof(u64), from += sizeof(u64)) {
        u64 word;
        __builtin_memcpy(&word, from, sizeof(word));
        __builtin_memcpy(from, &none, sizeof(none));
        __builtin_memcpy(to, &word, sizeof(word));
    }
    for (; size != 0; --size) {
        *to++ = *from;
        *from++ = 0;
    }
    return to;
}

// A key of the line's present seed. False: the system call gave none.
[[gnu::always_inline]] inline bool take_key(abi::RandomState& state, u64 generation) {
    // In front of the call: a fork or a drop from here on is seen at the end.
    abi::store_shared(state.generation, generation);
    order_with_signals();
    i64 const got = arch::system_call(arch::call::getrandom, reinterpret_cast<u64>(state.key),
                                      abi::random_key_bytes, 0);
    if (got != i64{abi::random_key_bytes}) [[unlikely]] {
        abi::store_shared(state.generation, u64{0});
        return false;
    }
    state.position = abi::random_batch_bytes;
    return true;
}

// From the batch; then whole blocks straight to the buffer, and the rest from a new batch. Whenever
// blocks are made the key is replaced, by what follows them in the same stream.
[[gnu::always_inline]] inline void generate(abi::RandomState& state, u8* to, u64 size) {
    static_assert(abi::random_batch_bytes + abi::random_key_bytes == 2 * chacha_block_bytes);
    static_assert(chacha_block_bytes <=
                  abi::random_batch_bytes);  // so that the second turn is the last
    while (true) {
        u64 const position = state.position;
        u64 const left = abi::random_batch_bytes - position;
        u64 const part = size < left ? size : left;
        state.position = static_cast<u8>(position + part);
        to = move_out(to, state.batch + position, part);
        size -= part;
        if (size == 0) return;
        u64 const blocks = size / chacha_block_bytes;
        vdsokit_chacha20_blocks(to, state.key, 0, blocks);
        to += size & ~(chacha_block_bytes - 1);
        size %= chacha_block_bytes;
        vdsokit_chacha20_blocks(state.batch, state.key, blocks, 2);
        state.position = 0;
    }
}

// The call's parameters are those of the exported function, in its order, here and below: so that
// going from one function to the next moves none of them and needs no frame.
[[gnu::noinline]] inline i64 getrandom_from_state(void* buffer, u64 size, u32 flags, void* opaque,
                                                  u64, abi::RandomLine const& line) {
    auto& state = *static_cast<abi::RandomState*>(opaque);
    abi::store_shared(state.in_use, u8{1});
    order_with_signals();
    // Twice at most: then the seed or the state changes faster than bytes are made.
    bool done = false;
    for (u32 attempts = 2; attempts != 0 && !done; --attempts) {
        u64 const generation = arch::load_acquire(line.generation);
        if (abi::load_shared(state.generation) != generation) [[unlikely]]
            if (!take_key(state, generation)) break;
        generate(state, static_cast<u8*>(buffer), size);
        order_with_signals();
        arch::order_loads();
        done = abi::load_shared(state.generation) == abi::load_shared(line.generation);
    }
    order_with_signals();
    abi::store_shared(state.in_use, u8{0});
    if (done) [[likely]]
        return static_cast<i64>(size);
    return arch::system_call(arch::call::getrandom, reinterpret_cast<u64>(buffer), size, flags);
}

[[gnu::always_inline]] inline i64 read_getrandom(abi::RandomLine const& random_line, void* buffer,
                                                 u64 size, u32 flags, void* opaque,
                                                 u64 state_bytes) {
    abi::RandomLine const& line = *arch::pin(&random_line);
    u64 const page = arch::load_half<offsetof(abi::RandomLine, page_size)>(&line);
    if (arch::load_half<offsetof(abi::RandomLine, state)>(&line) !=
            abi::random_state_of(abi::RandomMode::generation) ||
        state_bytes != sizeof(abi::RandomState) || !is_within_page(opaque, page) ||
        (flags & ~abi::random_flags) != 0 ||
        arch::load_half<offsetof(abi::RandomLine, is_ready)>(&line) == 0) [[unlikely]]
        return getrandom_aside(buffer, size, flags, opaque, state_bytes, line);
    if (size == 0) return 0;
    if (abi::load_shared(static_cast<abi::RandomState*>(opaque)->in_use) != 0) [[unlikely]]
        return getrandom_aside(buffer, size, flags, opaque, state_bytes, line);
    u64 const most = abi::random_bytes_max & (0 - page);
    return getrandom_from_state(buffer, size < most ? size : most, flags, opaque, state_bytes,
                                line);
}

}  // namespace vdsokit::vdso
