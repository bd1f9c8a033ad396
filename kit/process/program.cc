// SPDX-License-Identifier: BSD-2-Clause
#include "kit/process/program.h"

#include "kit/image/elf.h"

namespace vdsokit::kit {

namespace {

// e_phnum times its size may be this long. [Linux fs/binfmt_elf.c, load_elf_phdrs()]
inline constexpr u64 program_headers_limit = u64{64} * 1024;

using Check = Result<Nothing, ProgramFault>;

constexpr ProgramFault fault(ProgramError error, u64 at) { return {error, at}; }

}  // namespace

ProgramFile program_file(Bytes const& bytes) {
    auto const read = [](void const* context, u64 offset, void* to, u64 size) {
        Bytes const part = static_cast<Bytes const*>(context)->part(offset, size);
        __builtin_memcpy(to, part.data(), static_cast<std::size_t>(size));
        return true;
    };
    return {&bytes, read, bytes.size()};
}

// The state of one open().
class ProgramParser {
public:
    ProgramParser(ProgramFile const& file, ProgramRules const& rules)
        : file_(file), rules_(rules) {}

    Check open(Program& program) {
        elf::Identification id;
        // A file that is too short for a magic number is no damaged ELF file, it is another kind.
        if (file_.size < sizeof(id.magic)) return fault(ProgramError::not_elf, 0);
        if (!file_.read(file_.context, 0, id.magic, sizeof(id.magic)))
            return fault(ProgramError::unreadable, 0);
        if (__builtin_memcmp(id.magic, elf::magic, sizeof(id.magic)) != 0)
            return fault(ProgramError::not_elf, 0);
        Check const read = fetch(0, id);
        if (!read) return read;
        if (id.file_class != rules_.file_class)
            return fault(ProgramError::wrong_class, offsetof(elf::Identification, file_class));
        if (id.data != elf::data_encoding::little_endian)
            return fault(ProgramError::wrong_byte_order, offsetof(elf::Identification, data));
        if (id.version != elf::current_version)
            return fault(ProgramError::wrong_version, offsetof(elf::Identification, version));
        program.file_class_ = id.file_class;
        return id.file_class == elf::file_class::bits64 ? open_class<elf::Class64>(program)
                                                        : open_class<elf::Class32>(program);
    }

private:
    template <class T>
    Check fetch(u64 offset, T& to) {
        if (!inside(offset, sizeof(T), file_.size))
            return fault(ProgramError::truncated, offset < file_.size ? offset : file_.size);
        if (!file_.read(file_.context, offset, &to, sizeof(T)))
            return fault(ProgramError::unreadable, offset);
        return Nothing{};
    }

    template <class Class>
    Check open_class(Program& program) {
        using FileHeader = typename Class::FileHeader;
        using ProgramHeader = typename Class::ProgramHeader;
        FileHeader header;
        if (Check const read = fetch(0, header); !read) return read;
        if (header.type != elf::file_type::executable && header.type != elf::file_type::shared)
            return fault(ProgramError::wrong_type, offsetof(FileHeader, type));
        if (header.machine != rules_.machine)
            return fault(ProgramError::wrong_machine, offsetof(FileHeader, machine));
        if (header.version != elf::current_version)
            return fault(ProgramError::wrong_version, offsetof(FileHeader, version));
        if (header.program_header_size != sizeof(ProgramHeader))
            return fault(ProgramError::bad_program_header_size,
                         offsetof(FileHeader, program_header_size));
        u64 const headers_size = u64{header.program_header_count} * sizeof(ProgramHeader);
        if (headers_size > program_headers_limit)
            return fault(ProgramError::too_many_program_headers,
                         offsetof(FileHeader, program_header_count));
        if (!inside(header.program_headers, headers_size, file_.size))
            return fault(ProgramError::truncated, offsetof(FileHeader, program_headers));

        program.position_independent_ = header.type == elf::file_type::shared;
        program.entry_ = header.entry;
        program.program_header_count_ = header.program_header_count;
        program.program_header_size_ = header.program_header_size;
        program.alignment_ = rules_.page_size;
        for (u64 at = 0; at < headers_size; at += sizeof(ProgramHeader)) {
            u64 const place = header.program_headers + at;
            ProgramHeader entry;
            if (Check const read = fetch(place, entry); !read) return read;
            Check taken = Nothing{};
            if (entry.type == elf::segment_type::load) taken = take_segment(program, entry, place);
            if (entry.type == elf::segment_type::interpreter)
                taken = take_interpreter(program, entry, place);
            if (!taken) return taken;
        }
        if (program.segments_.empty())
            return fault(ProgramError::no_loadable_segment,
                         offsetof(FileHeader, program_header_count));
        find_program_headers(program, header.program_headers, headers_size);
        for (ProgramSegment const& segment : program.segments_)
            if (segment.access == Access::read_execute && program.entry_ >= segment.address &&
                program.entry_ - segment.address < segment.memory_size)
                return Nothing{};
        return fault(ProgramError::entry_outside_code, offsetof(FileHeader, entry));
    }

    template <class ProgramHeader>
    Check take_segment(Program& program, ProgramHeader const& entry, u64 place) {
        u64 const page = rules_.page_size;
        u64 const address = entry.virtual_address;
        u64 const size = entry.memory_size;
        u64 const highest = sizeof(entry.virtual_address) == 4 ? ~u32{0} : ~u64{0};
        if ((entry.alignment & (entry.alignment - 1)) != 0)  // 0 says the same as 1
            return fault(ProgramError::bad_alignment, place + offsetof(ProgramHeader, alignment));
        if (entry.file_size > size)
            return fault(ProgramError::file_part_above_memory,
                         place + offsetof(ProgramHeader, file_size));
        if (!inside(entry.offset, entry.file_size, file_.size))
            return fault(ProgramError::segment_past_end, place + offsetof(ProgramHeader, offset));
        if (size > highest - address)
            return fault(ProgramError::segment_wraps, place + offsetof(ProgramHeader, memory_size));
        if (size == 0) return Nothing{};
        if (address % page != entry.offset % page)
            return fault(ProgramError::misaligned_segment,
                         place + offsetof(ProgramHeader, virtual_address));
        if (!inside(address, size, rules_.process_end))
            return fault(ProgramError::segment_out_of_range,
                         place + offsetof(ProgramHeader, virtual_address));

        bool const writes = (entry.flags & elf::segment_flag::write) != 0;
        bool const executes = (entry.flags & elf::segment_flag::execute) != 0;
        if (writes && executes)
            return fault(ProgramError::writable_and_executable,
                         place + offsetof(ProgramHeader, flags));
        Access access = Access::none;
        if ((entry.flags & elf::segment_flag::read) != 0) access = Access::read;
        if (executes) access = Access::read_execute;
        if (writes) access = Access::read_write;
        u64 const file_end = address + entry.file_size;
        if (access != Access::read_write && entry.file_size != size && file_end % page != 0 &&
            entry.file_size != 0)
            return fault(ProgramError::read_only_zero_fill,
                         place + offsetof(ProgramHeader, file_size));

        u64 const first = align_down(address, page);
        if (program.segments_.empty()) {
            program.start_ = first;
        } else {
            ProgramSegment const& last = program.segments_[program.segments_.size() - 1];
            if (address < last.address)
                return fault(ProgramError::segments_unsorted,
                             place + offsetof(ProgramHeader, virtual_address));
            if (first < program.end_)
                return fault(ProgramError::segments_overlap,
                             place + offsetof(ProgramHeader, virtual_address));
        }
        // process_end is a whole number of pages: this does not wrap.
        program.end_ = align_up(address + size, page);
        if (entry.alignment > program.alignment_) program.alignment_ = entry.alignment;
        ProgramSegment const segment{address, size, entry.offset, entry.file_size, access, place};
        if (!program.segments_.push(segment)) return fault(ProgramError::too_many_segments, place);
        return Nothing{};
    }

    template <class ProgramHeader>
    Check take_interpreter(Program& program, ProgramHeader const& entry, u64 place) {
        if (program.interpreter_[0] != 0) return fault(ProgramError::second_interpreter, place);
        u64 const size = entry.file_size;
        if (size < 2 || size > interpreter_capacity)
            return fault(ProgramError::bad_interpreter_name,
                         place + offsetof(ProgramHeader, file_size));
        if (!inside(entry.offset, size, file_.size))
            return fault(ProgramError::truncated, place + offsetof(ProgramHeader, offset));
        if (!file_.read(file_.context, entry.offset, program.interpreter_, size))
            return fault(ProgramError::unreadable, entry.offset);
        if (program.interpreter_[size - 1] != 0)
            return fault(ProgramError::unterminated_interpreter, entry.offset + size - 1);
        if (program.interpreter_[0] == 0)
            return fault(ProgramError::bad_interpreter_name, entry.offset);
        return Nothing{};
    }

    static void find_program_headers(Program& program, u64 offset, u64 size) {
        for (ProgramSegment const& segment : program.segments_) {
            if (offset < segment.offset) continue;
            if (!inside(offset - segment.offset, size, segment.file_size)) continue;
            program.program_headers_ = segment.address + (offset - segment.offset);
            return;
        }
    }

    ProgramFile const& file_;
    ProgramRules const& rules_;
};

Result<Program, ProgramFault> Program::open(ProgramFile const& file, ProgramRules const& rules) {
    Program program;
    Check const opened = ProgramParser(file, rules).open(program);
    if (!opened) return opened.error();
    return program;
}

char const* text_of(ProgramError error) {
    switch (error) {
    case ProgramError::not_elf: return "not an ELF file";
    case ProgramError::truncated: return "the file ends too early";
    case ProgramError::unreadable: return "the file cannot be read";
    case ProgramError::wrong_class: return "not of this machine's word size";
    case ProgramError::wrong_byte_order: return "not little-endian";
    case ProgramError::wrong_version: return "an unknown version of ELF";
    case ProgramError::wrong_type: return "neither a program nor a shared object";
    case ProgramError::wrong_machine: return "for another machine";
    case ProgramError::bad_program_header_size: return "program headers of an unknown size";
    case ProgramError::too_many_program_headers: return "more than 64 KiB of program headers";
    case ProgramError::no_loadable_segment: return "no loadable segment";
    case ProgramError::too_many_segments: return "too many loadable segments";
    case ProgramError::bad_alignment: return "an alignment that is no power of two";
    case ProgramError::misaligned_segment: return "a segment whose offset and address disagree";
    case ProgramError::file_part_above_memory: return "a segment longer in the file than in memory";
    case ProgramError::segment_past_end: return "a segment that ends past the file";
    case ProgramError::segment_wraps: return "a segment that wraps around the address space";
    case ProgramError::segment_out_of_range: return "a segment where no process has memory";
    case ProgramError::segments_unsorted: return "segments not in ascending order";
    case ProgramError::segments_overlap: return "two segments in one page";
    case ProgramError::writable_and_executable: return "a writable and executable segment";
    case ProgramError::read_only_zero_fill: return "a read-only segment that needs zeros filled in";
    case ProgramError::entry_outside_code: return "an entry point outside the code";
    case ProgramError::second_interpreter: return "two program interpreters";
    case ProgramError::bad_interpreter_name: return "a program interpreter without a usable name";
    case ProgramError::unterminated_interpreter: return "a program interpreter's name without end";
    }
    return "";
}

}  // namespace vdsokit::kit
