// SPDX-License-Identifier: BSD-2-Clause
// The device tree that firmware hands to the kernel, and the machine it describes.
#include "hosts/machine/board.h"
#include "test/fuzz/target.h"

namespace vdsokit::fuzz {
namespace {

using namespace machine;

// Everything that a user can ask of every node.
u64 visit(DeviceTree const& tree, DeviceNode node, u64 size) {
    u64 count = 1;
    kit::Bytes value;
    u32 word = 0;
    require(node.at < size, "a node lies in the tree");
    tree.name(node);
    if (tree.property(node, "compatible", value) && value.size() != 0) {
        require(value.size() <= size, "a property lies in the tree");
        // volatile: read, so that AddressSanitizer sees where it lies.
        [[maybe_unused]] u8 const volatile ends[] = {value[0], value[value.size() - 1]};
    }
    tree.property_lists(node, "compatible", "arm,pl011");
    tree.property_word(node, "#address-cells", word);
    for (DeviceNode at = tree.first_child(node); at != no_node; at = tree.next_sibling(at)) {
        require(tree.child(node, tree.name(at)) != no_node, "a child is found by its name");
        count += visit(tree, at, size);
    }
    return count;
}

void run(kit::Bytes input) {
    auto const opened = open_device_tree(input);
    if (!opened) {
        require(describe(opened.error().error)[0] != 0, "a fault has a text");
        require(opened.error().at <= input.size(), "a fault is in the tree");
        return;
    }
    DeviceTree const& tree = opened.value();
    require(tree.size() <= input.size(), "a tree is no longer than its bytes");
    visit(tree, tree.root(), tree.size());
    ReservedRange range;
    for (u32 index = 0; tree.reservation(index, range); ++index)
        require(index < tree.size(), "reservations end");
    auto const board = read_board(tree);
    if (!board) require(board.error().what[0] != 0, "a fault names what is wrong");
    static_cast<void>(find_console(tree));
    static_cast<void>(find_firmware_call(tree));
}

Target const target{"device_tree", run};

}  // namespace
}  // namespace vdsokit::fuzz
