// SPDX-License-Identifier: BSD-2-Clause
// Breaks one rule of the contract in a built image: break-image NAME IN OUT; without arguments it
// lists the names. For broken_images_test.sh, which shows what each libc makes of it.
#include <cstdio>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "test/kit/image/mutations.h"

namespace {

using namespace vdsokit;
using namespace vdsokit::test;
namespace elf = kit::elf;

constexpr u64 page = 4096;

void change_segment(TestImage& image, u32 type, auto change) {
    for (u64 at = 0; at < image.view().elf.segment_count(); ++at)
        if (image.view().elf.segment(at).type == type) return image.edit_segment(at, change);
}

void hide_versions(TestImage& image) {
    forget_dynamic<elf::dynamic_tag::version_definitions>(image);
    forget_dynamic<elf::dynamic_tag::version_symbols>(image);
}

// A sound definition, of a version that nobody asks for.
void rename_node(TestImage& image) {
    auto const* const first = reinterpret_cast<char const*>(image.file().data());
    char const* const name = image.view().symbols.versions()[1].name.data();
    image.put(static_cast<u64>(name - first) + 6, '9');  // LINUX_2.6 becomes LINUX_9.6
    u32 const hash = elf::system_v_hash(image.view().symbols.versions()[1].name);
    image.edit_version(1, [hash](auto& node) { node.hash = hash; });
}

// As other linkers lay an image out: tables readable, code executable, each its own PT_LOAD.
void split_load(TestImage& image) {
    image.edit_segment(0, [](auto& load) {
        load.flags = elf::segment_flag::read;
        load.file_size = load.memory_size = page;
    });
    change_segment(image, elf::segment_type::note, [](auto& code) {
        code.type = elf::segment_type::load;
        code.flags = elf::segment_flag::read | elf::segment_flag::execute;
        code.offset = code.virtual_address = code.physical_address = page;
        code.file_size = code.memory_size = 2 * page;
        code.alignment = page;
    });
}

void move_addresses(TestImage& image) {
    prelink(image);
    image.edit_dynamic(elf::dynamic_tag::gnu_hash,
                       [](auto& entry) { set(entry.value, entry.value + prelinked_by); });
}

void change_symbols(TestImage& image, auto change) {
    u64 const count = image.view().symbols.count();
    for (u64 at = 1; at < count; ++at) image.edit_symbol(at, change);
}

// The function says ENOSYS, as if that asked its caller to make the system call.
void answer_enosys(TestImage& image) {
    u64 const at = image.symbol_index("__vdso_clock_gettime");
    u64 code = 0;
    image.edit_symbol(at, [&code](auto& symbol) { code = symbol.value; });
    u8 const mov_eax_minus_38_ret[] = {0xb8, 0xda, 0xff, 0xff, 0xff, 0xc3};
    for (u64 byte = 0; byte < sizeof mov_eax_minus_38_ret; ++byte)
        image.put(code + byte, mov_eax_minus_38_ret[byte]);
}

struct Breaking {
    char const* name;
    void (*apply)(TestImage&);
};

Breaking const breakings[] = {
    {"none", [](TestImage&) {}},
    {"no-sysv-hash", forget_dynamic<elf::dynamic_tag::hash>},
    {"no-gnu-hash", forget_dynamic<elf::dynamic_tag::gnu_hash>},
    {"no-hash",
     [](TestImage& image) {
         forget_dynamic<elf::dynamic_tag::hash>(image);
         forget_dynamic<elf::dynamic_tag::gnu_hash>(image);
     }},
    {"no-versions", hide_versions},
    {"wrong-node", rename_node},
    {"wrong-node-hash",
     [](TestImage& image) { image.edit_version(1, [](auto& node) { ++node.hash; }); }},
    {"writable-dynamic",
     [](TestImage& image) {
         change_segment(image, elf::segment_type::dynamic,
                        [](auto& segment) { segment.flags |= elf::segment_flag::write; });
     }},
    {"two-loads", split_load},
    {"prelinked", move_addresses},
    {"no-sections",
     [](TestImage& image) {
         image.edit_header([](auto& header) {
             header.section_headers = 0;
             header.section_header_count = 0;
         });
     }},
    {"not-functions",
     [](TestImage& image) {
         change_symbols(image, [](auto& symbol) {
             symbol.info = static_cast<u8>((symbol.info & 0xf0) | elf::symbol_type::none);
         });
     }},
    {"answers-enosys", answer_enosys},
};

}  // namespace

int main(int argc, char** argv) {
    if (argc == 1) {
        for (Breaking const& breaking : breakings) std::puts(breaking.name);
        return 0;
    }
    for (Breaking const& breaking : breakings) {
        if (argc != 4 || std::string(argv[1]) != breaking.name) continue;
        std::ifstream in(argv[2], std::ios::binary);
        TestImage image(std::vector<u8>{std::istreambuf_iterator<char>(in), {}});
        breaking.apply(image);
        std::ofstream out(argv[3], std::ios::binary);
        out.write(reinterpret_cast<char const*>(image.file().data()),
                  static_cast<std::streamsize>(image.file().size()));
        out.close();
        return out.good() ? 0 : 2;
    }
    std::fputs("usage: break-image NAME IN OUT\n", stderr);
    return 2;
}
