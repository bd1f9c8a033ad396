// SPDX-License-Identifier: BSD-2-Clause
// A flattened device tree, read in place from untrusted bytes. open_device_tree() walks all of it
// once; after that every node and property found through this class lies inside the bytes.
// [Devicetree Specification 0.4, chapter 5]
#pragma once

#include "arch/types.h"
#include "kit/core/bytes.h"
#include "kit/core/result.h"

namespace vdsokit::machine {

enum class DeviceTreeError : u8 {
    too_short,  // the header does not fit
    wrong_magic,
    wrong_version,  // not readable as version 17
    block_outside,  // a block that the header names is not inside the tree
    misaligned,     // a block of words does not start at a word
    unknown_token,
    truncated,       // the structure ends inside an item
    name_not_ended,  // a name runs out of its block
    nested_too_deep,
    unbalanced,  // a node ends that never began, or the tree ends inside a node
    no_root,
};

// `at` is the offset in the tree.
struct DeviceTreeFault {
    DeviceTreeError error;
    u32 at;
    friend constexpr bool operator==(DeviceTreeFault, DeviceTreeFault) = default;
};

char const* describe(DeviceTreeError error);

// A node: where its beginning stands. The header is at 0, so no node is.
struct DeviceNode {
    u32 at;
    friend constexpr bool operator==(DeviceNode, DeviceNode) = default;
};
inline constexpr DeviceNode no_node{0};

struct ReservedRange {
    u64 base;
    u64 size;
};

class DeviceTree;
[[nodiscard]] kit::Result<DeviceTree, DeviceTreeFault> open_device_tree(kit::Bytes bytes);

class DeviceTree {
public:
    DeviceNode root() const { return root_; }
    // no_node: there is none.
    DeviceNode first_child(DeviceNode node) const;
    DeviceNode next_sibling(DeviceNode node) const;
    // The direct child with this name, unit address included.
    DeviceNode child(DeviceNode node, kit::Bytes name) const;

    kit::Bytes name(DeviceNode node) const;  // without its NUL
    // False: the node has no such property.
    bool property(DeviceNode node, char const* name, kit::Bytes& value) const;
    // The property's list of strings contains `text`; false also if it is no list of strings.
    bool property_lists(DeviceNode node, char const* name, char const* text) const;
    // The property is one big-endian word.
    bool property_word(DeviceNode node, char const* name, u32& value) const;

    // Memory that the loader wants left alone. False: there is no such entry.
    bool reservation(u32 index, ReservedRange& range) const;

    // The bytes of the tree, which may be fewer than were passed.
    u64 size() const { return bytes_.size(); }

private:
    friend kit::Result<DeviceTree, DeviceTreeFault> open_device_tree(kit::Bytes bytes);

    struct Item {
        u32 token;
        u32 next;          // where the item after it stands
        kit::Bytes name;   // of a node or a property
        kit::Bytes value;  // of a property
    };
    DeviceTree(kit::Bytes bytes) : bytes_(bytes) {}
    kit::Result<kit::Nothing, DeviceTreeFault> check_header();
    kit::Result<kit::Nothing, DeviceTreeFault> check_structure();
    kit::Result<Item, DeviceTreeFault> item(u32 at) const;
    Item sound_item(u32 at) const;
    u32 contents(DeviceNode node) const;
    u32 after(DeviceNode node) const;
    DeviceNode child_from(u32 at) const;

    kit::Bytes bytes_;
    u32 structure_ = 0;  // offsets of the blocks, and where they end
    u32 structure_end_ = 0;
    u32 strings_ = 0;
    u32 strings_end_ = 0;
    u32 reservations_ = 0;
    DeviceNode root_ = no_node;
};

// Big-endian numbers. Precondition: value.holds(at, 4 or 8).
u32 big_word(kit::Bytes value, u64 at);
u64 big_double(kit::Bytes value, u64 at);
bool equals(kit::Bytes bytes, char const* text);

}  // namespace vdsokit::machine
