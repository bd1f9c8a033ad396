// SPDX-License-Identifier: BSD-2-Clause
// Makes small ELF programs of either class, which tests then spoil.
#pragma once

#include <cstring>
#include <string>
#include <vector>

#include "kit/image/elf.h"
#include "kit/process/program.h"

namespace vdsokit::test {

namespace elf = kit::elf;

template <class Class>
class ProgramBuilder {
public:
    using FileHeader = typename Class::FileHeader;
    using ProgramHeader = typename Class::ProgramHeader;
    using Word = decltype(FileHeader::entry);

    ProgramBuilder() {
        std::memcpy(header.identification.magic, elf::magic, 4);
        header.identification.file_class = Class::file_class;
        header.identification.data = elf::data_encoding::little_endian;
        header.identification.version = 1;
        header.type = elf::file_type::executable;
        header.machine = Class::file_class == elf::file_class::bits64 ? elf::machine::aarch64
                                                                      : elf::machine::arm;
        header.version = 1;
        header.header_size = sizeof(FileHeader);
        header.program_headers = sizeof(FileHeader);
        header.program_header_size = sizeof(ProgramHeader);
    }

    // Code at 0x400000 from the file's start, data with .bss at 0x411000.
    static ProgramBuilder ordinary() {
        ProgramBuilder builder;
        namespace flag = elf::segment_flag;
        builder.load(0, 0x400000, 0x1000, 0x1000, flag::read | flag::execute);
        builder.load(0x1000, 0x411000, 0x800, 0x2800, flag::read | flag::write);
        builder.header.entry = 0x400400;
        builder.size = 0x1800;
        return builder;
    }

    ProgramHeader& load(Word offset, Word address, Word file_size, Word memory_size, u32 flags) {
        ProgramHeader segment{};
        segment.type = elf::segment_type::load;
        segment.offset = offset;
        segment.virtual_address = address;
        segment.file_size = file_size;
        segment.memory_size = memory_size;
        segment.flags = flags;
        segment.alignment = 0x1000;
        segments.push_back(segment);
        return segments.back();
    }

    // The name with its NUL goes to file offset 0x800.
    void interpret_by(std::string const& name) {
        ProgramHeader segment{};
        segment.type = elf::segment_type::interpreter;
        segment.offset = 0x800;
        segment.file_size = static_cast<Word>(name.size() + 1);
        segments.insert(segments.begin(), segment);
        interpreter = name;
    }

    // Where the program header of segment `index` and a field of it are in the file.
    static u64 header_at(u64 index) { return sizeof(FileHeader) + index * sizeof(ProgramHeader); }

    std::vector<u8> bytes() const {
        FileHeader written = header;
        if (!keep_count) written.program_header_count = static_cast<u16>(segments.size());
        std::vector<u8> file(size > 0x1000 ? size : 0x1000);
        std::memcpy(file.data(), &written, sizeof(written));
        for (u64 at = 0; at < segments.size(); ++at)
            std::memcpy(file.data() + header_at(at), &segments[at], sizeof(ProgramHeader));
        std::memcpy(file.data() + 0x800, interpreter.c_str(), interpreter.size() + 1);
        file.resize(size);
        return file;
    }

    FileHeader header{};
    std::vector<ProgramHeader> segments;
    std::string interpreter;
    u64 size = 0x1000;
    bool keep_count = false;  // header.program_header_count is written as it stands
};

using Builder64 = ProgramBuilder<elf::Class64>;
using Builder32 = ProgramBuilder<elf::Class32>;

template <class Class>
kit::ProgramRules rules_for() {
    bool const wide = Class::file_class == elf::file_class::bits64;
    return {.machine = wide ? elf::machine::aarch64 : elf::machine::arm,
            .file_class = Class::file_class,
            .page_size = 4096,
            .process_end = wide ? u64{1} << 47 : 0xffff'0000};
}

inline kit::Result<kit::Program, kit::ProgramFault> open_bytes(std::vector<u8> const& bytes,
                                                               kit::ProgramRules const& rules) {
    // A copy of exactly this size, so that AddressSanitizer sees every read beyond it.
    std::vector<u8> const exact(bytes.begin(), bytes.end());
    kit::Bytes const view(exact.data(), exact.size());
    return kit::Program::open(kit::program_file(view), rules);
}

}  // namespace vdsokit::test
