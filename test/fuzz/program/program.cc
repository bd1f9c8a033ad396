// SPDX-License-Identifier: BSD-2-Clause
// A program's bytes through everything up to the plan of its exec. The padding of the ELF
// identification, which nobody reads, says what host it meets; all zeros is an ordinary one.
#include "kit/process/program.h"

#include <algorithm>
#include <cstring>
#include <vector>

#include "kit/image/elf.h"
#include "kit/process/exec.h"
#include "test/fuzz/elf_mutator.h"
#include "test/fuzz/target.h"

namespace vdsokit::fuzz {
namespace {

namespace elf = kit::elf;
using kit::AddressRange;

struct Host {
    // A real program's first bytes are followed by zeros, so that few bytes stand for a whole file.
    bool is_exact = false;
    bool is_another_machine = false;
    bool has_interpreter = true;  // the file serves as its own
    u64 reads_left = ~u64{0};
    u64 page_size = 4096;
    kit::VdsoPlacement vdso = kit::VdsoPlacement::anywhere;
    u64 vdso_at = 0;
    u64 shifts[4] = {};
};

Host host_of(kit::Bytes input) {
    Knobs knobs(input.part(9, 7));
    Host host;
    u8 const flags = knobs.byte();
    host.is_exact = (flags & 1) != 0;
    host.is_another_machine = (flags & 2) != 0;
    host.has_interpreter = (flags & 4) == 0;
    host.page_size = u64{4096} << 2 * (flags >> 3 & 3);
    if ((flags & 0x20) != 0) host.vdso = kit::VdsoPlacement::fixed;
    if ((flags & 0x40) != 0) host.vdso = kit::VdsoPlacement::none;
    if ((flags & 0x80) != 0) host.reads_left = knobs.byte();
    host.vdso_at = u64{knobs.byte()} << 22;
    for (u64& shift : host.shifts) {
        u8 const value = knobs.byte();
        shift = value == 0xff ? ~u64{0} : u64{value} << 4;
    }
    return host;
}

struct File {
    kit::Bytes head;
    u64 reads_left;
};

bool read(void const* context, u64 offset, void* to, u64 size) {
    File& file = *static_cast<File*>(const_cast<void*>(context));
    if (file.reads_left == 0) return false;
    --file.reads_left;
    std::memset(to, 0, size);
    if (offset < file.head.size()) {
        u64 const there = std::min(size, file.head.size() - offset);
        std::memcpy(to, file.head.data() + offset, there);
    }
    return true;
}

// A place in the process, and whether two may share it.
struct Taken {
    std::vector<AddressRange> ranges;
    AddressRange process;

    void take(AddressRange range) {
        if (range.size() == 0) return;
        require(range.start < range.end && range.start >= process.start && range.end <= process.end,
                "what is mapped lies in the process");
        for (AddressRange const& other : ranges)
            require(!range.overlaps(other), "nothing is mapped twice");
        ranges.push_back(range);
    }
};

void look_at_pieces(kit::ProgramSegment const& segment, u64 bias, u64 page, Taken& taken) {
    kit::SegmentPieces const pieces = kit::pieces_of(segment, bias, page);
    u64 const start = kit::align_down(segment.address, page) + bias;
    u64 const end = kit::align_up(segment.address + segment.memory_size, page) + bias;
    require(pieces.file.start == start && pieces.file.end == pieces.zero.start &&
                pieces.zero.end == end,
            "a segment is its file's pages and then fresh ones");
    require(pieces.file.size() % page == 0 && pieces.file_offset % page == 0, "whole pages");
    require(pieces.clear.size() == 0 ||
                (pieces.clear.end == pieces.file.end && pieces.clear.size() < page &&
                 segment.access == kit::Access::read_write),
            "what is cleared lies in the last page of the file, and can be written");
    taken.take({start, end});
}

void look_at_program(kit::Program const& program, u64 bias, u64 page, Taken& taken) {
    if (program.is_position_independent())
        require(bias % program.alignment() == 0, "a bias keeps every segment's alignment");
    else
        require(bias == 0, "what cannot move is not moved");
    bool is_in_code = false;
    for (kit::ProgramSegment const& segment : program.segments()) {
        look_at_pieces(segment, bias, page, taken);
        is_in_code = is_in_code || (segment.access == kit::Access::read_execute &&
                                    program.entry() - segment.address < segment.memory_size);
    }
    require(is_in_code, "a program begins in its code");
}

void plan(kit::Program const& program, Host const& host, u64 process_end) {
    AddressRange const process{0x10000, process_end};
    AddressRange const stack{kit::align_down(process_end - (u64{8} << 20), 65536),
                             process_end - 65536};
    kit::ExecRequest const request{
        .program = program,
        .interpreter =
            program.interpreter() != nullptr && host.has_interpreter ? &program : nullptr,
        .page_size = host.page_size,
        .process = process,
        .stack = stack,
        .program_base = process_end / 3 * 2,
        .mapping_top = stack.start,
        .vdso_placement = host.vdso,
        .vdso = {host.vdso_at, host.vdso_at + 2 * host.page_size},
        .vdso_alignment = host.page_size,
        .program_shift = host.shifts[0],
        .interpreter_shift = host.shifts[1],
        .vdso_shift = host.shifts[2],
        .heap_shift = host.shifts[3]};
    auto const planned = kit::plan_exec(request);
    if (!planned) {
        require(text_of(planned.error().error)[0] != 0, "a fault has a text");
        return;
    }
    kit::ExecPlan const& plan = planned.value();
    Taken taken{.ranges = {stack}, .process = process};
    look_at_program(program, plan.program_bias, host.page_size, taken);
    if (request.interpreter != nullptr)
        look_at_program(program, plan.interpreter_bias, host.page_size, taken);
    require((plan.vdso != 0) == (host.vdso != kit::VdsoPlacement::none), "a vDSO is where wanted");
    if (plan.vdso != 0) {
        require(plan.vdso % host.page_size == 0, "a vDSO is aligned");
        taken.take({plan.vdso, plan.vdso + 2 * host.page_size});
    }
    require(plan.heap_start >= program.end() + plan.program_bias && plan.heap_start <= process.end,
            "the break lies behind the program");
    kit::ProcessFacts facts{};
    facts.page_size = host.page_size;
    facts.has_platform = true;
    kit::Auxv const auxv = kit::make_auxv(program, plan, facts);
    require(*auxv.find(kit::Aux::entry) == plan.program_entry, "libc is told where it begins");
    require((auxv.find(kit::Aux::sysinfo_ehdr) != nullptr) == (plan.vdso != 0),
            "and of the vDSO, if there is one");
}

void run(kit::Bytes input) {
    Host const host = input.holds(0, sizeof(elf::Identification)) ? host_of(input) : Host{};
    bool const is_narrow = input.holds(0, 5) && input[4] == elf::file_class::bits32;
    u16 const machine = input.holds(18, 2) ? input.read<u16>(18) : elf::machine::aarch64;
    u64 const process_end = is_narrow ? 0xffff'0000 : u64{1} << 47;
    kit::ProgramRules const rules{
        .machine = host.is_another_machine ? static_cast<u16>(machine + 1) : machine,
        .file_class = is_narrow ? elf::file_class::bits32 : elf::file_class::bits64,
        .page_size = host.page_size,
        .process_end = process_end};
    File file{input, host.reads_left};
    u64 const size = host.is_exact ? input.size() : input.size() + (u64{64} << 20);
    auto const opened = kit::Program::open({&file, read, size}, rules);
    if (!opened) {
        require(opened.error().at <= size, "a fault is in the file");
        require(text_of(opened.error().error)[0] != 0, "a fault has a text");
        return;
    }
    kit::Program const& program = opened.value();
    require(program.start() % host.page_size == 0 && program.end() % host.page_size == 0 &&
                program.start() < program.end() && program.end() <= process_end,
            "a program is some pages of the process");
    for (kit::ProgramSegment const& segment : program.segments())
        require(kit::inside(segment.offset, segment.file_size, size) &&
                    segment.file_size <= segment.memory_size,
                "a segment's bytes lie in the file");
    plan(program, host, process_end);
}

Target const target{"program", run, mutate_elf};

}  // namespace
}  // namespace vdsokit::fuzz
