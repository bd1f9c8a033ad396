// SPDX-License-Identifier: BSD-2-Clause
// Damages a vDSO image in one named way, for the boot tests: mutate_image NAME IN OUT.
#include <cstdio>
#include <cstring>
#include <fstream>
#include <iterator>
#include <map>
#include <string>

#include "abi/note.h"
#include "kit/image/elf.h"

namespace {

using namespace vdsokit;
using kit::elf::FileHeader64;
using kit::elf::ProgramHeader64;

using Image = std::string;

template <class T>
void put(Image& image, std::size_t at, T value) {
    std::memcpy(image.data() + at, &value, sizeof(T));
}

template <class T>
T read(Image const& image, std::size_t at) {
    T value;
    std::memcpy(&value, image.data() + at, sizeof(T));
    return value;
}

// The file offset of the program header of a type.
std::size_t segment_header(Image const& image, u32 type) {
    auto const header = read<FileHeader64>(image, 0);
    for (std::size_t at = 0; at < header.program_header_count; ++at) {
        std::size_t const place = header.program_headers + at * sizeof(ProgramHeader64);
        if (read<ProgramHeader64>(image, place).type == type) return place;
    }
    return image.size();
}

std::size_t dynamic_entry(Image const& image, u64 tag) {
    auto const segment =
        read<ProgramHeader64>(image, segment_header(image, kit::elf::segment_type::dynamic));
    for (std::size_t at = segment.offset; at < segment.offset + segment.file_size; at += 16)
        if (read<u64>(image, at) == tag) return at;
    return image.size();
}

// The descriptor of our own note follows its name.
std::size_t note_descriptor(Image const& image) {
    return image.find(std::string(abi::note_name, sizeof abi::note_name)) + sizeof abi::note_name;
}

constexpr std::size_t machine_at = offsetof(FileHeader64, machine);

std::map<std::string, void (*)(Image&)> const mutations = {
    {"truncated", [](Image& image) { image.resize(0x1200); }},
    {"truncated-header", [](Image& image) { image.resize(40); }},
    {"empty", [](Image& image) { image.clear(); }},
    {"other-machine", [](Image& image) { put(image, machine_at, kit::elf::machine::x86_64); }},
    {"writable-segment",
     [](Image& image) {
         std::size_t const at = segment_header(image, kit::elf::segment_type::load);
         put<u32>(image, at + offsetof(ProgramHeader64, flags), 7);
     }},
    {"two-loads",
     [](Image& image) {
         put(image, segment_header(image, kit::elf::segment_type::note),
             kit::elf::segment_type::load);
     }},
    {"relocation",
     [](Image& image) {
         put(image, dynamic_entry(image, kit::elf::dynamic_tag::version_definition_count),
             kit::elf::dynamic_tag::rela);
     }},
    {"note-version",
     [](Image& image) { put<u32>(image, note_descriptor(image), abi::note_version + 1); }},
    {"note-name", [](Image& image) { image[image.find(abi::note_name)] = 'X'; }},
    {"trap-left-out",
     [](Image& image) {
         auto const count = note_descriptor(image) + offsetof(abi::NoteHeader, trap_count);
         put(image, count, read<u32>(image, count) - 1);
     }},
    {"trap-outside-code",
     [](Image& image) {
         auto const header = read<abi::NoteHeader>(image, note_descriptor(image));
         put(image, note_descriptor(image) + sizeof header + (header.trap_count - 1) * sizeof(u32),
             header.time_page_offset + 64);
     }},
};

}  // namespace

int main(int argc, char** argv) {
    if (argc != 4 || !mutations.contains(argv[1])) {
        std::fputs("usage: mutate_image NAME IN OUT\n", stderr);
        return 2;
    }
    std::ifstream in(argv[2], std::ios::binary);
    Image image{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
    if (image.size() < sizeof(FileHeader64)) return 2;
    mutations.at(argv[1])(image);
    std::ofstream out(argv[3], std::ios::binary);
    out << image;
    out.close();
    return out.good() ? 0 : 2;
}
