// SPDX-License-Identifier: BSD-2-Clause
#include "test/vdso/guest/mapped_image.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cstdarg>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <type_traits>

#include "abi/note.h"
#include "kit/image/elf.h"

namespace vdsokit::test {

namespace elf = kit::elf;
using Elf = std::conditional_t<sizeof(void*) == 4, elf::Class32, elf::Class64>;

void fail(char const* format, ...) {
    std::va_list arguments;
    va_start(arguments, format);
    std::vfprintf(stderr, format, arguments);
    va_end(arguments);
    std::fputc('\n', stderr);
    std::_Exit(1);
}

namespace {

template <class T>
T const& at(u64 offset) {
    return *reinterpret_cast<T const*>(MappedImage::base + static_cast<std::uintptr_t>(offset));
}

Elf::ProgramHeader const& segment(u32 type) {
    auto const& header = at<Elf::FileHeader>(0);
    auto const* const table = &at<Elf::ProgramHeader>(header.program_headers);
    for (u16 i = 0; i < header.program_header_count; ++i)
        if (table[i].type == type) return table[i];
    fail("no program header of type %u", type);
}

u64 dynamic(u64 tag) {
    auto const* entry = &at<Elf::Dynamic>(segment(elf::segment_type::dynamic).virtual_address);
    for (; entry->tag != elf::dynamic_tag::null; ++entry)
        if (entry->tag == tag) return entry->value;
    fail("no dynamic entry %#lx", static_cast<unsigned long>(tag));
}

// The descriptor of the note named "vdsokit".
abi::NoteHeader const& own_note() {
    auto const& notes = segment(elf::segment_type::note);
    for (u64 offset = notes.virtual_address; offset < notes.virtual_address + notes.memory_size;) {
        auto const& note = at<elf::NoteHeader>(offset);
        u64 const name = offset + sizeof(note);
        u64 const descriptor = name + ((u64{note.name_size} + 3) & ~u64{3});
        if (note.type == abi::note_type && note.name_size == sizeof(abi::note_name) &&
            std::memcmp(&at<char>(name), abi::note_name, sizeof(abi::note_name)) == 0)
            return at<abi::NoteHeader>(descriptor);
        offset = descriptor + ((u64{note.descriptor_size} + 3) & ~u64{3});
    }
    fail("no note named %s", abi::note_name);
}

}  // namespace

MappedImage::MappedImage(char const* file) {
    int const fd = open(file, O_RDONLY);
    if (fd < 0) fail("%s: cannot be opened", file);
    off_t const length = lseek(fd, 0, SEEK_END);
    bytes_ = static_cast<u64>(length);
    size_t const size = static_cast<size_t>(bytes_);
    void* const place = mmap(reinterpret_cast<void*>(base), size, PROT_READ | PROT_WRITE,
                             MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0);
    if (place != reinterpret_cast<void*>(base))
        fail("%#lx is taken", static_cast<unsigned long>(base));
    if (pread(fd, place, size, 0) != length) fail("%s: cannot be read", file);
    close(fd);
    code_bytes_ = own_note().time_page_offset;
    if (mprotect(place, static_cast<size_t>(code_bytes_), PROT_READ | PROT_EXEC) != 0)
        fail("the code cannot be mapped");
}

abi::TimePage& MappedImage::page() const {
    return *reinterpret_cast<abi::TimePage*>(base + static_cast<std::uintptr_t>(code_bytes_));
}

void MappedImage::seal() const {
    if (mprotect(&page(), static_cast<size_t>(bytes_ - code_bytes_), PROT_READ) != 0)
        fail("the time page cannot be made read-only");
}

// [LSB 5.0, 10.6.2: .eh_frame_hdr] The linkers write the pointer relative to itself, in 4 bytes.
std::uintptr_t MappedImage::eh_frame() const {
    u64 const pointer = segment(elf::segment_type::gnu_eh_frame).virtual_address + 4;
    return base + static_cast<std::uintptr_t>(pointer + static_cast<u64>(i64{at<i32>(pointer)}));
}

std::uintptr_t MappedImage::address_of(char const* name) const {
    auto const* const hash = &at<u32>(dynamic(elf::dynamic_tag::hash));
    auto const* const symbols = &at<Elf::Symbol>(dynamic(elf::dynamic_tag::symbols));
    auto const* const strings = &at<char>(dynamic(elf::dynamic_tag::strings));
    u32 const buckets = hash[0];
    u32 const* const chain = hash + 2 + buckets;
    for (u32 i = hash[2 + elf::system_v_hash(name) % buckets]; i != 0; i = chain[i])
        if (std::strcmp(strings + symbols[i].name, name) == 0 &&
            elf::type_of(symbols[i].info) == elf::symbol_type::function)
            return base + static_cast<std::uintptr_t>(symbols[i].value);
    fail("%s is not exported", name);
}

}  // namespace vdsokit::test
