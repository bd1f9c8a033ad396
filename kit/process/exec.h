// SPDX-License-Identifier: BSD-2-Clause
// The plan of an exec: where the program, its interpreter and the vDSO go, and where to start. It
// is made before anything is mapped, and everything that can be refused is refused here.
//
// The host then, for each ProgramSegment of both programs, maps what pieces_of() says; maps the vDSO;
// writes the initial stack; and starts at `entry`.
#pragma once

#include "kit/process/auxv.h"
#include "kit/process/program.h"

namespace vdsokit::kit {

struct AddressRange {
    u64 start = 0;
    u64 end = 0;  // the first address behind; start == end: empty
    u64 size() const { return end - start; }
    bool overlaps(AddressRange other) const { return start < other.end && other.start < end; }
};

enum class VdsoPlacement : u8 { none, anywhere, fixed };

struct ExecRequest {
    Program const& program;
    Program const* interpreter = nullptr;  // given exactly if program.interpreter()
    u64 page_size = 0;
    AddressRange process;  // what may be mapped at all
    AddressRange stack;    // with the gap that stays free below it
    u64 program_base = 0;  // position-independent programs start here or above
    u64 mapping_top = 0;   // the interpreter and the vDSO go below, the highest place first
    VdsoPlacement vdso_placement = VdsoPlacement::none;
    AddressRange vdso;       // fixed: where; anywhere: only its size counts
    u64 vdso_alignment = 0;  // anywhere: its base is a multiple of this power of two
    // The host's entropy, in pages: what each is moved by.
    u64 program_shift = 0;
    u64 interpreter_shift = 0;
    u64 vdso_shift = 0;
    u64 heap_shift = 0;
};

enum class ExecError : u8 {
    missing_interpreter,
    unexpected_interpreter,
    program_out_of_range,  // outside what may be mapped
    program_overlaps_stack,
    program_overlaps_vdso,
    interpreter_out_of_range,
    interpreter_overlaps_stack,
    interpreter_overlaps_vdso,
    interpreter_overlaps_program,
    vdso_out_of_range,  // the fixed place is not free for it
    no_room,
};
char const* text_of(ExecError error);

struct ExecFault {
    ExecError error;
    u64 at;  // file offset of the segment's program header; 0 if about none
    friend constexpr bool operator==(ExecFault, ExecFault) = default;
};

struct ExecPlan {
    u64 program_bias;
    u64 interpreter_bias;  // AT_BASE; 0: no interpreter
    u64 vdso;              // AT_SYSINFO_EHDR; 0: none
    u64 entry;             // where the process starts
    u64 program_entry;     // AT_ENTRY
    u64 program_headers;   // AT_PHDR
    u64 heap_start;        // the break: behind the program
};

Result<ExecPlan, ExecFault> plan_exec(ExecRequest const& request);

// One segment as a host maps it, in whole pages.
struct SegmentPieces {
    AddressRange file;  // the file's pages, from file_offset on
    u64 file_offset;
    AddressRange clear;  // bytes behind the file's part in its last page: to be zeroed
    AddressRange zero;   // fresh pages
    Access access;
};
SegmentPieces pieces_of(ProgramSegment const& segment, u64 bias, u64 page_size);

// What goes into the auxiliary vector besides the plan.
struct ProcessFacts {
    u64 page_size;
    u64 user, effective_user, group, effective_group;
    bool is_secure;
    u64 hwcap, hwcap2;
    u64 clock_ticks;        // a second, as times() counts
    u64 signal_stack_size;  // AT_MINSIGSTKSZ; 0: left out
    bool has_platform;
};
// In Linux's order. AT_RANDOM, AT_EXECFN and AT_PLATFORM are there without value: InitialStack
// fills them in.
Auxv make_auxv(Program const& program, ExecPlan const& plan, ProcessFacts const& facts);

}  // namespace vdsokit::kit
