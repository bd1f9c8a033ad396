// SPDX-License-Identifier: BSD-2-Clause
#include "test/fuzz/elf_mutator.h"

#include <algorithm>
#include <cstring>
#include <random>
#include <vector>

#include "abi/time_page.h"
#include "kit/image/elf.h"
#include "kit/image/image_view.h"

namespace vdsokit::fuzz {
namespace {

namespace elf = kit::elf;

// One field of the file.
struct Field {
    u64 at;
    u64 width;  // 1, 2, 4 or 8 bytes
};
// What is alike: all program headers, all notes. Each kind is as likely to be changed as the next.
using Fields = std::vector<Field>;

// The widths of each structure's fields, in their order.
template <class Class>
struct Widths;
template <>
struct Widths<elf::Class64> {
    static constexpr u8 file_header[] = {2, 2, 4, 8, 8, 8, 4, 2, 2, 2, 2, 2, 2};
    static constexpr u8 program_header[] = {4, 4, 8, 8, 8, 8, 8, 8};
    static constexpr u8 section_header[] = {4, 4, 8, 8, 8, 8, 4, 4, 8, 8};
    static constexpr u8 dynamic[] = {8, 8};
    static constexpr u8 symbol[] = {4, 1, 1, 2, 8, 8};
};
template <>
struct Widths<elf::Class32> {
    static constexpr u8 file_header[] = {2, 2, 4, 4, 4, 4, 4, 2, 2, 2, 2, 2, 2};
    static constexpr u8 program_header[] = {4, 4, 4, 4, 4, 4, 4, 4};
    static constexpr u8 section_header[] = {4, 4, 4, 4, 4, 4, 4, 4, 4, 4};
    static constexpr u8 dynamic[] = {4, 4};
    static constexpr u8 symbol[] = {4, 4, 4, 1, 1, 2};
};
constexpr u8 version_definition[] = {2, 2, 2, 2, 4, 4, 4, 4, 4};  // with its first name
constexpr u8 clock_line[] = {4, 4, 8, 8, 8, 8, 4, 4};
constexpr u8 page_header[] = {8, 4, 4, 4, 4, 4, 4, 4, 4};

class Mutation {
public:
    Mutation(u8* data, std::size_t size, std::size_t capacity, u32 seed)
        : data_(data), size_(size), capacity_(capacity), random_(seed) {}

    std::size_t run() {
        if (size_ < sizeof(elf::FileHeader64)) begin();
        find_fields();
        for (u64 left = 1 + below(4); left != 0; --left) change();
        if (below(16) == 0) resize();
        if (below(16) != 0) repair();
        return size_;
    }

private:
    u64 below(u64 limit) { return random_() % limit; }
    kit::Bytes bytes() const { return {data_, size_}; }

    // The least that is a header.
    void begin() {
        size_ = std::min<std::size_t>(capacity_, 4096);
        std::memset(data_, 0, size_);
        if (size_ < sizeof(elf::FileHeader64)) return;
        data_[4] = below(2) == 0 ? elf::file_class::bits32 : elf::file_class::bits64;
        put(elf::file_type::shared, 16, 2);
        put(elf::machine::aarch64, 18, 2);
        put(1 + below(3), data_[4] == elf::file_class::bits64 ? 56 : 44, 2);
        put(data_[4] == elf::file_class::bits64 ? sizeof(elf::FileHeader64)
                                                : sizeof(elf::FileHeader32),
            data_[4] == elf::file_class::bits64 ? 32 : 28, 4);
        repair();
    }

    // Identification and sizes as they must be: what is wrong with them is refused at once.
    void repair() {
        if (size_ < sizeof(elf::FileHeader64)) return;
        std::memcpy(data_, elf::magic, sizeof elf::magic);
        if (data_[4] != elf::file_class::bits32) data_[4] = elf::file_class::bits64;
        data_[5] = elf::data_encoding::little_endian;
        data_[6] = elf::current_version;
        put(elf::current_version, 20, 4);
        if (data_[4] == elf::file_class::bits64) {
            put(sizeof(elf::ProgramHeader64), 54, 2);
            put(sizeof(elf::SectionHeader64), 58, 2);
        } else {
            put(sizeof(elf::ProgramHeader32), 42, 2);
            put(sizeof(elf::SectionHeader32), 46, 2);
        }
    }

    void resize() {
        std::size_t const sizes[] = {size_ + 1,    size_ - 1, size_ + 4096,
                                     size_ - 4096, size_ / 2, below(capacity_ + 1)};
        std::size_t const wish = sizes[below(std::size(sizes))];
        if (wish > capacity_ || wish < sizeof(elf::FileHeader64)) return;
        if (wish > size_) std::memset(data_ + size_, 0, wish - size_);
        size_ = wish;
    }

    void find_fields() {
        kit::ElfView const view(bytes());
        if (!view.has_header()) return;
        if (view.is_64_bit())
            find_fields_of<elf::Class64>(view);
        else
            find_fields_of<elf::Class32>(view);
    }

    template <class Class>
    void find_fields_of(kit::ElfView const& view) {
        using W = Widths<Class>;
        Fields fields;
        add(fields, sizeof(elf::Identification), W::file_header);
        keep(fields);
        for (u64 index = 0; index < view.segment_count(); ++index)
            add(fields, view.segment(index).header.value, W::program_header);
        keep(fields);
        for (u64 index = 0; index < view.section_count(); ++index)
            add(fields, view.section(index).header.value, W::section_header);
        keep(fields);
        for (u64 index = 0; index < view.dynamic_count(); ++index)
            add(fields, view.dynamic(index).at.value, W::dynamic);
        keep(fields);

        kit::SymbolTable const symbols(view);
        for (u64 index = 0; symbols.is_readable() && index < symbols.count(); ++index)
            add(fields, symbols.symbol(index).at.value, W::symbol);
        keep(fields);
        for (u64 index = 0; symbols.has_version_indices() && index < symbols.count(); ++index)
            fields.push_back({symbols.version_index_at(index).value, 2});
        keep(fields);
        for (kit::Version const& version : symbols.versions())
            add(fields, version.at.value, version_definition);
        keep(fields);
        if (auto const hash = kit::SysvHash::find(view))
            add_words(fields, hash.value().at().value, hash.value().size());
        keep(fields);
        if (auto const hash = kit::GnuHash::find(view))
            add_words(fields, hash.value().at().value,
                      hash.value().symbol_count() ? hash.value().size() : 16);
        keep(fields);

        kit::for_each_note(view, [&](kit::Note const& note) {
            add_words(fields, note.at.value, note.end - note.at.value);
        });
        keep(fields);
        auto const note = kit::VdsokitNote::find(view);
        if (!note || !note.value().is_complete()) return;
        u64 const page = note.value().header().time_page_offset;
        add(fields, page, page_header);
        keep(fields);
        for (u64 clock = 0; clock < abi::clock_lines; ++clock)
            add(fields, page + offsetof(abi::TimePage, clocks) + clock * sizeof(abi::ClockLine),
                clock_line);
        keep(fields);
    }

    template <std::size_t count>
    static void add(Fields& fields, u64 at, u8 const (&widths)[count]) {
        for (u8 const width : widths) {
            fields.push_back({at, width});
            at += width;
        }
    }
    static void add_words(Fields& fields, u64 at, u64 size) {
        for (u64 end = at + std::min<u64>(size, 1024); at + 4 <= end; at += 4)
            fields.push_back({at, 4});
    }
    void keep(Fields& fields) {
        std::erase_if(fields, [this](Field const& field) {
            return !kit::inside(field.at, field.width, size_);
        });
        if (!fields.empty()) kinds_.push_back(std::move(fields));
        fields.clear();
    }

    Field any_field() {
        if (kinds_.empty()) return {below(size_), 1};
        Fields const& fields = kinds_[below(kinds_.size())];
        return fields[below(fields.size())];
    }

    void change() {
        if (size_ == 0) return;
        Field const field = any_field();
        u64 const value = get(field);
        u64 const steps[] = {1, 4, 8, 56, 4096, 65536};
        u64 const edges[] = {0,    1,     2,           3,           7,
                             4096, size_, 0x7fff'ffff, 0xffff'ffff, u64{1} << (below(64))};
        switch (below(8)) {
        case 0: put(value + steps[below(std::size(steps))], field.at, field.width); break;
        case 1: put(value - steps[below(std::size(steps))], field.at, field.width); break;
        case 2: put(edges[below(std::size(edges))], field.at, field.width); break;
        case 3: put(~u64{0} - below(4097), field.at, field.width); break;
        case 4: put(value ^ u64{1} << below(8 * field.width), field.at, field.width); break;
        // What stands elsewhere: two things in one place, a wrong kind that exists.
        case 5:
        case 6: put(get(any_field()), field.at, field.width); break;
        case 7: put(size_ - std::min<u64>(size_, below(64)), field.at, field.width); break;
        }
    }

    u64 get(Field field) const {
        u64 value = 0;
        std::memcpy(&value, data_ + field.at, field.width);
        return value;
    }
    void put(u64 value, u64 at, u64 width) { std::memcpy(data_ + at, &value, width); }

    u8* data_;
    std::size_t size_;
    std::size_t capacity_;
    std::mt19937 random_;
    std::vector<Fields> kinds_;
};

}  // namespace

std::size_t mutate_elf(u8* data, std::size_t size, std::size_t capacity, u32 seed) {
    return Mutation(data, size, capacity, seed).run();
}

}  // namespace vdsokit::fuzz
