// SPDX-License-Identifier: BSD-2-Clause
#include "tool/launch/boot_file.h"

#include <fmt/format.h>

#include <cstring>

#include "hosts/machine/board.h"
#include "hosts/sel4/boot_image.h"
#include "tool/launch/failure.h"

namespace vdsokit::launch {

namespace {

using sel4::BootImage;
using sel4::page_bytes;
using sel4::Part;

// Slots that the kernel fills besides: its own objects, untypeds, the device tree, page tables.
constexpr u64 slots_besides = 512;

void pad(std::string& bytes) {
    bytes.resize((bytes.size() + page_bytes - 1) / page_bytes * page_bytes);
}

Part append(std::string& to, std::string_view bytes) {
    Part const part{to.size(), bytes.size()};
    to.append(bytes);
    pad(to);
    return part;
}

template <class T>
void store(std::string& bytes, std::size_t at, T const& value) {
    std::memcpy(bytes.data() + at, &value, sizeof(value));
}

}  // namespace

std::string memory_of(Sel4Parts const& parts) {
    auto const* const bytes = reinterpret_cast<u8 const*>(parts.device_tree.data());
    auto const tree = machine::open_device_tree(kit::Bytes(bytes, parts.device_tree.size()));
    if (!tree) throw Failure{status_host_failure, "the seL4 kernel's device tree is damaged"};
    auto const board = machine::read_board(tree.value());
    if (!board) {
        throw Failure{status_host_failure,
                      fmt::format("the seL4 kernel's device tree: {} {}", board.error().what,
                                  machine::describe(board.error().error))};
    }
    u64 sum = 0;
    for (machine::Range const& range : board.value().memory) sum += range.size;
    return fmt::format("{}M", sum >> 20);
}

std::string make_boot_file(Sel4Parts const& parts, std::string_view archive,
                           std::string_view words) {
    u64 const pages = (parts.root_task.size() + archive.size()) / page_bytes;
    u64 const slots = u64{1} << parts.slot_bits;
    if (pages + slots_besides > slots) {
        throw Failure{status_host_failure,
                      fmt::format("the guest's files take {} pages; the seL4 kernel's "
                                  "KernelRootCNodeSizeBits={} has room for {}",
                                  pages, parts.slot_bits, slots - slots_besides)};
    }
    std::string body(page_bytes, 0);
    BootImage image{};
    image.magic = BootImage::expected_magic;
    image.kernel = append(body, parts.kernel);
    image.device_tree = append(body, parts.device_tree);
    image.root_task = append(body, parts.root_task);
    image.initramfs = append(body, archive);
    image.arguments = append(body, words);
    image.size = body.size();
    store(body, 0, image);

    std::string file = parts.loader;
    file += body;
    // The Image's size, so that a boot loader puts nothing on top of the parts.
    // [Linux Documentation/arch/arm64/booting.rst]
    constexpr std::size_t image_size_at = 16;
    store(file, image_size_at, static_cast<u64>(file.size()));
    return file;
}

}  // namespace vdsokit::launch
