// SPDX-License-Identifier: BSD-2-Clause
// Makes small dynamic ELF files for tests: one segment, an interpreter, needed libraries.
#pragma once

#include <cstring>
#include <string>
#include <vector>

#include "kit/image/elf.h"

namespace vdsokit::launch {

inline constexpr u64 elf_file_address = 0x10000;

struct ElfFile {
    std::string interpreter;  // empty: none
    std::vector<std::string> libraries;
    u16 machine = kit::elf::machine::aarch64;

    std::string bytes() const {
        using namespace kit::elf;
        std::string strings(1, '\0');
        std::vector<u64> dynamic;
        for (std::string const& library : libraries) {
            dynamic.insert(dynamic.end(), {dynamic_tag::needed, strings.size()});
            strings += library + '\0';
        }
        constexpr u64 dynamic_at = 512;
        u64 const strings_at = dynamic_at + (dynamic.size() + 4) * sizeof(u64);
        u64 const interpreter_at = strings_at + strings.size();
        u64 const end = interpreter_at + interpreter.size() + 1;
        dynamic.insert(dynamic.end(),
                       {dynamic_tag::strings, elf_file_address + strings_at, dynamic_tag::null, 0});
        FileHeader64 header{};
        std::memcpy(header.identification.magic, magic, sizeof magic);
        header.identification.file_class = file_class::bits64;
        header.identification.data = data_encoding::little_endian;
        header.type = file_type::shared;
        header.machine = machine;
        header.program_headers = sizeof header;
        header.program_header_size = sizeof(ProgramHeader64);
        header.program_header_count = interpreter.empty() ? 2 : 3;
        ProgramHeader64 segments[3] = {};
        segments[0] = {.type = segment_type::load,
                       .flags = 5,
                       .offset = 0,
                       .virtual_address = elf_file_address,
                       .physical_address = 0,
                       .file_size = end,
                       .memory_size = end,
                       .alignment = 4096};
        segments[1] = {.type = segment_type::dynamic,
                       .flags = 4,
                       .offset = dynamic_at,
                       .virtual_address = 0,
                       .physical_address = 0,
                       .file_size = dynamic.size() * sizeof(u64),
                       .memory_size = 0,
                       .alignment = 8};
        segments[2] = {.type = segment_type::interpreter,
                       .flags = 4,
                       .offset = interpreter_at,
                       .virtual_address = 0,
                       .physical_address = 0,
                       .file_size = interpreter.size() + 1,
                       .memory_size = 0,
                       .alignment = 1};
        std::string file(end, '\0');
        std::memcpy(file.data(), &header, sizeof header);
        std::memcpy(file.data() + sizeof header, segments, sizeof segments);
        std::memcpy(file.data() + dynamic_at, dynamic.data(), dynamic.size() * sizeof(u64));
        std::memcpy(file.data() + strings_at, strings.data(), strings.size());
        std::memcpy(file.data() + interpreter_at, interpreter.data(), interpreter.size());
        return file;
    }
};

}  // namespace vdsokit::launch
