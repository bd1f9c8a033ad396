// SPDX-License-Identifier: BSD-2-Clause
// Where things lie in a process, from the top down: stack, gap, mappings (program interpreter,
// vDSO, libraries), ..., heap, program. Linux's plan for aarch64, in the 47 bits of process_end,
// and for 32-bit programs there.
#pragma once

#include "hosts/personality/seam.h"

namespace vdsokit::personality {

inline constexpr u64 page_size = 4096;

// Nothing is mapped below it, so that a null pointer with an offset faults. Linux's default
// vm.mmap_min_addr.
inline constexpr u64 lowest_address = 0x1'0000;

// All of it is reserved at exec and comes page by page; it never grows beyond, as RLIMIT_STACK
// says.
inline constexpr u64 stack_size = u64{8} * 1024 * 1024;
// Kept free below the stack, so that running off its end faults. Linux's stack_guard_gap.
inline constexpr u64 stack_gap = 256 * page_size;

struct Layout {
    u64 word_size;  // bytes of the program's pointers
    u64 end;        // what a process maps by itself lies below
    // A position-independent program starts here or up to 2^program_entropy_bits pages above.
    u64 program_base;
    // How many pages each base is moved by entropy, as powers of two.
    u64 stack_entropy_bits;
    u64 mapping_entropy_bits;
    u64 program_entropy_bits;
    u64 heap_entropy_bits;
    u64 vdso_entropy_bits;  // from the interpreter, so that one address does not tell the other
};

inline constexpr Layout wide_layout{.word_size = 8,
                                    .end = process_end,
                                    .program_base = 0x5555'5555'5000,
                                    .stack_entropy_bits = 22,
                                    .mapping_entropy_bits = 24,
                                    .program_entropy_bits = 24,
                                    .heap_entropy_bits = 12,
                                    .vdso_entropy_bits = 14};

// A 32-bit program: above its end lies the page of helpers that its libc may know the address of.
inline constexpr u64 helper_address = 0xffff'0000;
inline constexpr Layout narrow_layout{.word_size = 4,
                                      .end = helper_address,
                                      .program_base = 0x4000'0000,
                                      .stack_entropy_bits = 11,
                                      .mapping_entropy_bits = 11,
                                      .program_entropy_bits = 11,
                                      .heap_entropy_bits = 11,
                                      .vdso_entropy_bits = 8};

// Below Linux's 65530: the regions of a process are a list, and a search must stay short.
inline constexpr u64 region_limit = 8192;

// Rounds up to pages; 0 stays 0. False: it wraps or cannot be in a process.
constexpr bool whole_pages(u64 size, u64& rounded) {
    if (size > process_end) return false;
    rounded = kit::align_up(size, page_size);
    return true;
}
constexpr bool is_page(u64 address) { return address % page_size == 0; }
// [start, start + size) may hold pages of some process.
constexpr bool is_process_range(u64 start, u64 size) {
    return size <= process_end && start <= process_end - size;
}

}  // namespace vdsokit::personality
