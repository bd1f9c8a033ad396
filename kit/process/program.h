// SPDX-License-Identifier: BSD-2-Clause
// A program or a program interpreter as its untrusted ELF file describes it: which parts go where.
// Nothing is mapped here; exec.h places it. Every refusal says what is wrong and at which byte of
// the file. 32- and 64-bit files; static, position-independent with and without an interpreter.
#pragma once

#include "kit/core/bytes.h"
#include "kit/core/fixed_vector.h"
#include "kit/core/memory.h"
#include "kit/core/result.h"

namespace vdsokit::kit {

// The file, wherever the host keeps it. read() copies [offset, offset + size), which lies inside
// the file; false: it could not.
struct ProgramFile {
    void const* context;
    bool (*read)(void const* context, u64 offset, void* to, u64 size);
    u64 size;
};
// The bytes stay where they are as long as the ProgramFile is used.
ProgramFile program_file(Bytes const& bytes);

// What the host can run.
struct ProgramRules {
    u16 machine;      // elf::machine
    u8 file_class;    // elf::file_class
    u64 page_size;    // a power of two
    u64 process_end;  // the first address that no process has
};

enum class ProgramError : u8 {
    not_elf,
    truncated,   // the file ends inside a header or the interpreter's name
    unreadable,  // read() failed
    wrong_class,
    wrong_byte_order,
    wrong_version,
    wrong_type,  // neither a program nor a shared object
    wrong_machine,
    bad_program_header_size,
    too_many_program_headers,  // Linux's limit: 64 KiB of them
    no_loadable_segment,
    too_many_segments,
    bad_alignment,           // p_align is no power of two
    misaligned_segment,      // p_offset and p_vaddr differ in their place within a page
    file_part_above_memory,  // p_filesz > p_memsz
    segment_past_end,        // p_offset + p_filesz is beyond the file
    segment_wraps,           // p_vaddr + p_memsz is beyond 2^64 or 2^32
    segment_out_of_range,    // ... or beyond what a process can have
    segments_unsorted,       // gABI: ascending by p_vaddr
    segments_overlap,        // they share a page
    writable_and_executable,
    read_only_zero_fill,  // zeros behind the file's bytes in a page that nobody can write
    entry_outside_code,
    second_interpreter,
    bad_interpreter_name,      // empty, or longer than a path may be
    unterminated_interpreter,  // its last byte is not NUL
};
char const* text_of(ProgramError error);

struct ProgramFault {
    ProgramError error;
    u64 at;  // file offset of the field or the bytes that are wrong
    friend constexpr bool operator==(ProgramFault, ProgramFault) = default;
};

// One PT_LOAD that occupies memory. Addresses are as linked, without load bias.
struct ProgramSegment {
    u64 address;
    u64 memory_size;
    u64 offset;
    u64 file_size;
    Access access;
    u64 header_at;  // file offset of its program header, for faults found later
};

inline constexpr u64 segment_capacity = 32;
inline constexpr u64 interpreter_capacity = 256;

class Program {
public:
    static Result<Program, ProgramFault> open(ProgramFile const& file, ProgramRules const& rules);

    bool is_position_independent() const { return position_independent_; }
    u8 file_class() const { return file_class_; }
    u64 entry() const { return entry_; }
    FixedVector<ProgramSegment, segment_capacity> const& segments() const { return segments_; }
    // The pages from the first segment to the last: [start, end).
    u64 start() const { return start_; }
    u64 end() const { return end_; }
    // The largest p_align, at least a page: what a load bias is a multiple of.
    u64 alignment() const { return alignment_; }
    // NUL-terminated; nullptr: static.
    char const* interpreter() const { return interpreter_[0] == 0 ? nullptr : interpreter_; }
    // Where the program headers are in memory; 0: in no segment.
    u64 program_headers() const { return program_headers_; }
    u16 program_header_count() const { return program_header_count_; }
    u16 program_header_size() const { return program_header_size_; }

private:
    friend class ProgramParser;
    FixedVector<ProgramSegment, segment_capacity> segments_;
    u64 entry_ = 0;
    u64 start_ = 0;
    u64 end_ = 0;
    u64 alignment_ = 0;
    u64 program_headers_ = 0;
    u16 program_header_count_ = 0;
    u16 program_header_size_ = 0;
    u8 file_class_ = 0;
    bool position_independent_ = false;
    char interpreter_[interpreter_capacity]{};
};

}  // namespace vdsokit::kit
