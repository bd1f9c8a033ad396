// SPDX-License-Identifier: BSD-2-Clause
#include <cstddef>

#include "elf_machine.h"

#include "kit/image/elf.h"
#include "kit/image/image_checks.h"

namespace vdsokit::kit {

constinit ImageMachine const host_machine{arch::elf_machine, arch::elf_class};

namespace check {
namespace {

// Offset of a header field in the class that the image has.
u64 by_class(ImageView const& image, u64 in_64, u64 in_32) {
    return image.elf.is_64_bit() ? in_64 : in_32;
}

constexpr u64 machine_at = offsetof(elf::FileHeader64, machine);
static_assert(machine_at == offsetof(elf::FileHeader32, machine));
constexpr u64 version_at = offsetof(elf::FileHeader64, version);
static_assert(version_at == offsetof(elf::FileHeader32, version));
constexpr u64 type_at = offsetof(elf::FileHeader64, type);
static_assert(type_at == offsetof(elf::FileHeader32, type));

// Every reader maps at least this much of an image, whatever the page size is.
constexpr u64 smallest_page = 4096;

// For a rule on a field of a header that may be missing.
Finding expect(ImageView const& image, bool is_right, u64 at) {
    if (!image.elf.has_header()) return Finding::unreached();
    return is_right ? Finding::holds() : Finding::fails(at);
}

}  // namespace

Finding header_complete(ImageView const& image) {
    Bytes const file = image.elf.file();
    u64 const class_at = offsetof(elf::Identification, file_class);
    bool const is_64_bit = file.holds(class_at, 1) && file[class_at] == elf::file_class::bits64;
    u64 const need = is_64_bit ? sizeof(elf::FileHeader64) : sizeof(elf::FileHeader32);
    return file.size() >= need ? Finding::holds() : Finding::fails(file.size());
}

Finding elf_magic(ImageView const& image) {
    Bytes const file = image.elf.file();
    if (!file.holds(0, sizeof(elf::magic))) return Finding::unreached();
    for (u64 at = 0; at < sizeof(elf::magic); ++at)
        if (file[at] != elf::magic[at]) return Finding::fails(u64{0});
    return Finding::holds();
}

Finding elf_class(ImageView const& image) {
    u64 const at = offsetof(elf::Identification, file_class);
    if (!image.elf.file().holds(0, sizeof(elf::FileHeader32))) return Finding::unreached();
    u8 const file_class = image.elf.file()[at];
    bool const is_known =
        file_class == elf::file_class::bits32 || file_class == elf::file_class::bits64;
    return is_known ? Finding::holds() : Finding::fails(at);
}

Finding little_endian(ImageView const& image) {
    return expect(image, image.elf.header().data == elf::data_encoding::little_endian,
                  offsetof(elf::Identification, data));
}

Finding elf_version(ImageView const& image) {
    if (!image.elf.has_header()) return Finding::unreached();
    if (image.elf.header().identification_version != elf::current_version)
        return Finding::fails(offsetof(elf::Identification, version));
    return expect(image, image.elf.header().version == elf::current_version, version_at);
}

Finding os_abi(ImageView const& image) {
    u8 const abi = image.elf.header().os_abi;
    return expect(image, abi == elf::os_abi::none || abi == elf::os_abi::gnu,
                  offsetof(elf::Identification, os_abi));
}

Finding shared_object(ImageView const& image) {
    return expect(image, image.elf.header().type == elf::file_type::shared, type_at);
}

Finding host_machine(ImageView const& image) {
    ElfHeader const& header = image.elf.header();
    return expect(
        image,
        header.machine == image.wanted.elf_machine && header.file_class == image.wanted.elf_class,
        machine_at);
}

Finding known_machine(ImageView const& image) {
    return expect(image, image.facts != nullptr, machine_at);
}

Finding elf_flags(ImageView const& image) {
    if (image.facts == nullptr) return Finding::unreached();
    return expect(
        image, (image.elf.header().flags & image.facts->forbidden_flags) == 0,
        by_class(image, offsetof(elf::FileHeader64, flags), offsetof(elf::FileHeader32, flags)));
}

Finding program_headers(ImageView const& image) {
    if (!image.elf.has_header()) return Finding::unreached();
    ElfHeader const& header = image.elf.header();
    if (image.elf.segment_count() == 0)  // none, of a wrong size, or not inside the file
        return Finding::fails(by_class(image, offsetof(elf::FileHeader64, program_headers),
                                       offsetof(elf::FileHeader32, program_headers)));
    u64 const size = u64{header.program_header_size} * header.program_header_count;
    return inside(header.program_headers, size, smallest_page)
               ? Finding::holds()
               : Finding::fails(header.program_headers);
}

Finding section_headers(ImageView const& image) {
    if (!image.elf.has_header()) return Finding::unreached();
    ElfHeader const& header = image.elf.header();
    if (header.section_headers == 0 && header.section_header_count == 0) return Finding::holds();
    if (image.elf.section_count() == 0)
        return Finding::fails(by_class(image, offsetof(elf::FileHeader64, section_headers),
                                       offsetof(elf::FileHeader32, section_headers)));
    // Those who look symbols up by section follow these fields without a check of their own.
    auto const symbols = image.elf.find_section(elf::section_type::dynamic_symbols);
    if (!symbols) return Finding::holds();
    Section const& section = symbols.value();
    u64 const entry = image.elf.is_64_bit() ? sizeof(elf::Symbol64) : sizeof(elf::Symbol32);
    if (section.entry_size != entry || !image.elf.file().holds(section.offset, section.size) ||
        section.link >= image.elf.section_count())
        return Finding::fails(section.header);
    Section const strings = image.elf.section(section.link);
    return image.elf.file().holds(strings.offset, strings.size) ? Finding::holds()
                                                                : Finding::fails(strings.header);
}

}  // namespace check
}  // namespace vdsokit::kit
