// SPDX-License-Identifier: BSD-2-Clause
// The devices of a tree: which there are, and where their registers lie.
// [Devicetree Specification 0.4, 2.3]
#pragma once

#include "hosts/machine/board.h"

namespace vdsokit::machine {

// 48 bits would not be seen in the linear map, which is 47 (memory/kernel_layout.h).
inline constexpr u64 physical_limit = u64{1} << 47;

// The board is read as the children of one node, most often the root, whose cells their reg uses.
class DeviceReader {
public:
    DeviceReader(DeviceTree const& tree, DeviceNode parent) : tree_(tree), parent_(parent) {
        if (!tree.property_word(parent, "#address-cells", address_cells_)) address_cells_ = 2;
        if (!tree.property_word(parent, "#size-cells", size_cells_)) size_cells_ = 1;
    }

    // The first child that is compatible and not disabled.
    DeviceNode find(char const* compatible) const {
        for (DeviceNode at = tree_.first_child(parent_); at != no_node; at = tree_.next_sibling(at))
            if (tree_.property_lists(at, "compatible", compatible) && is_enabled(at)) return at;
        return no_node;
    }

    bool is_enabled(DeviceNode node) const {
        kit::Bytes status;
        return !tree_.property(node, "status", status) ||
               tree_.property_lists(node, "status", "okay") ||
               tree_.property_lists(node, "status", "ok");
    }

    // Entry `index` of reg. False: there is none, or it makes no sense.
    bool range(DeviceNode node, u32 index, Range& to) const {
        kit::Bytes value;
        if (!tree_.property(node, "reg", value)) return false;
        return range_in(value, index, to);
    }

    u64 range_bytes() const { return (u64{address_cells_} + size_cells_) * 4; }

    // 0: the value is not a list of ranges.
    u32 range_count(kit::Bytes value) const {
        if (!is_sound() || value.size() % range_bytes() != 0) return 0;
        return static_cast<u32>(value.size() / range_bytes());
    }

    bool range_in(kit::Bytes value, u32 index, Range& to) const {
        if (!is_sound()) return false;
        u64 const at = u64{index} * range_bytes();
        if (!value.holds(at, range_bytes())) return false;
        to.base = number(value, at, address_cells_);
        to.size = number(value, at + address_cells_ * u64{4}, size_cells_);
        return kit::inside(to.base, to.size, physical_limit);
    }

private:
    bool is_sound() const {
        return address_cells_ >= 1 && address_cells_ <= 2 && size_cells_ >= 1 && size_cells_ <= 2;
    }
    static u64 number(kit::Bytes value, u64 at, u32 cells) {
        return cells == 2 ? big_double(value, at) : big_word(value, at);
    }

    DeviceTree const& tree_;
    DeviceNode parent_;
    u32 address_cells_ = 0;
    u32 size_cells_ = 0;
};

}  // namespace vdsokit::machine
