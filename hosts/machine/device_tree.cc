// SPDX-License-Identifier: BSD-2-Clause
#include "hosts/machine/device_tree.h"

#include "kit/core/memory.h"

namespace vdsokit::machine {
namespace {

using kit::Bytes;
using kit::Nothing;
using kit::Result;

constexpr u32 magic = 0xd00d'feed;
constexpr u32 version_read = 17;
constexpr u64 header_size = 40;
constexpr u32 depth_limit = 16;

// Offsets of the header's words.
constexpr u64 total_size_at = 4;
constexpr u64 structure_at = 8;
constexpr u64 strings_at = 12;
constexpr u64 reservations_at = 16;
constexpr u64 version_at = 20;
constexpr u64 last_compatible_at = 24;
constexpr u64 strings_size_at = 32;
constexpr u64 structure_size_at = 36;

constexpr u32 token_begin_node = 1;
constexpr u32 token_end_node = 2;
constexpr u32 token_property = 3;
constexpr u32 token_nop = 4;
constexpr u32 token_end = 9;

// Where the NUL stands that ends the string at `from`; `end` if there is none before.
u32 string_end(Bytes bytes, u32 from, u32 end) {
    u32 at = from;
    while (at < end && bytes[at] != 0) ++at;
    return at;
}

u32 next_word(u32 at) { return static_cast<u32>(kit::align_up(at, 4)); }

DeviceTreeFault fault(DeviceTreeError error, u64 at) { return {error, static_cast<u32>(at)}; }

}  // namespace

u32 big_word(Bytes value, u64 at) { return __builtin_bswap32(value.read<u32>(at)); }
u64 big_double(Bytes value, u64 at) { return __builtin_bswap64(value.read<u64>(at)); }

bool equals(Bytes bytes, char const* text) {
    u64 at = 0;
    for (; at < bytes.size(); ++at)
        if (text[at] == '\0' || static_cast<u8>(text[at]) != bytes[at]) return false;
    return text[at] == '\0';
}

char const* describe(DeviceTreeError error) {
    switch (error) {
    case DeviceTreeError::too_short: return "too short for a header";
    case DeviceTreeError::wrong_magic: return "not a device tree";
    case DeviceTreeError::wrong_version: return "not readable as version 17";
    case DeviceTreeError::block_outside: return "a block lies outside the tree";
    case DeviceTreeError::misaligned: return "a block of words does not start at a word";
    case DeviceTreeError::unknown_token: return "unknown token";
    case DeviceTreeError::truncated: return "the structure ends inside an item";
    case DeviceTreeError::name_not_ended: return "a name without an end";
    case DeviceTreeError::nested_too_deep: return "nodes nested too deep";
    case DeviceTreeError::unbalanced: return "beginnings and ends of nodes do not match";
    case DeviceTreeError::no_root: return "no root node";
    }
    return "unknown error";
}

Result<DeviceTree, DeviceTreeFault> open_device_tree(Bytes bytes) {
    DeviceTree tree(bytes);
    auto const header = tree.check_header();
    if (!header) return header.error();
    auto const structure = tree.check_structure();
    if (!structure) return structure.error();
    return tree;
}

Result<Nothing, DeviceTreeFault> DeviceTree::check_header() {
    if (!bytes_.holds(0, header_size)) return fault(DeviceTreeError::too_short, 0);
    if (big_word(bytes_, 0) != magic) return fault(DeviceTreeError::wrong_magic, 0);
    u32 const total = big_word(bytes_, total_size_at);
    // The sign bit stays free in every offset, so that aligning one upwards cannot wrap.
    if (total < header_size || total > bytes_.size() || total >= (u32{1} << 31))
        return fault(DeviceTreeError::block_outside, total_size_at);
    if (big_word(bytes_, version_at) < version_read ||
        big_word(bytes_, last_compatible_at) > version_read)
        return fault(DeviceTreeError::wrong_version, version_at);
    bytes_ = bytes_.part(0, total);

    u32 const structure_size = big_word(bytes_, structure_size_at);
    u32 const strings_size = big_word(bytes_, strings_size_at);
    structure_ = big_word(bytes_, structure_at);
    strings_ = big_word(bytes_, strings_at);
    reservations_ = big_word(bytes_, reservations_at);
    if (!bytes_.holds(structure_, structure_size))
        return fault(DeviceTreeError::block_outside, structure_at);
    if (!bytes_.holds(strings_, strings_size))
        return fault(DeviceTreeError::block_outside, strings_at);
    if (!bytes_.holds(reservations_, 0))
        return fault(DeviceTreeError::block_outside, reservations_at);
    if (structure_ % 4 != 0) return fault(DeviceTreeError::misaligned, structure_at);
    structure_end_ = structure_ + structure_size;
    strings_end_ = strings_ + strings_size;
    return Nothing{};
}

Result<DeviceTree::Item, DeviceTreeFault> DeviceTree::item(u32 at) const {
    auto const have = [&](u32 from, u64 size) {
        return from <= structure_end_ && size <= structure_end_ - from;
    };
    if (!have(at, 4)) return fault(DeviceTreeError::truncated, at);
    Item item{.token = big_word(bytes_, at), .next = at + 4, .name = {}, .value = {}};
    switch (item.token) {
    case token_begin_node: {
        u32 const end = string_end(bytes_, item.next, structure_end_);
        if (end == structure_end_) return fault(DeviceTreeError::name_not_ended, at);
        item.name = bytes_.part(item.next, end - item.next);
        item.next = next_word(end + 1);
        return item;
    }
    case token_property: {
        if (!have(at, 12)) return fault(DeviceTreeError::truncated, at);
        u32 const size = big_word(bytes_, at + 4);
        u32 const name_offset = big_word(bytes_, at + 8);
        if (!have(at + 12, size)) return fault(DeviceTreeError::truncated, at);
        if (name_offset >= strings_end_ - strings_)
            return fault(DeviceTreeError::name_not_ended, at);
        u32 const name = strings_ + name_offset;
        u32 const name_end = string_end(bytes_, name, strings_end_);
        if (name_end == strings_end_) return fault(DeviceTreeError::name_not_ended, at);
        item.name = bytes_.part(name, name_end - name);
        item.value = bytes_.part(at + 12, size);
        item.next = next_word(at + 12 + size);
        return item;
    }
    case token_end_node:
    case token_nop:
    case token_end: return item;
    default: return fault(DeviceTreeError::unknown_token, at);
    }
}

Result<Nothing, DeviceTreeFault> DeviceTree::check_structure() {
    u32 depth = 0;
    for (u32 at = structure_;;) {
        auto const found = item(at);
        if (!found) return found.error();
        Item const& here = found.value();
        switch (here.token) {
        case token_begin_node:
            if (depth == depth_limit) return fault(DeviceTreeError::nested_too_deep, at);
            if (depth == 0 && root_ != no_node) return fault(DeviceTreeError::unbalanced, at);
            if (root_ == no_node) root_ = {at};
            ++depth;
            break;
        case token_end_node:
            if (depth == 0) return fault(DeviceTreeError::unbalanced, at);
            --depth;
            break;
        case token_property:
            if (depth == 0) return fault(DeviceTreeError::unbalanced, at);
            break;
        case token_end:
            if (depth != 0) return fault(DeviceTreeError::unbalanced, at);
            if (root_ == no_node) return fault(DeviceTreeError::no_root, at);
            return Nothing{};
        default: break;  // token_nop
        }
        at = here.next;
    }
}

// check_structure() has seen the item.
DeviceTree::Item DeviceTree::sound_item(u32 at) const { return item(at).value(); }

u32 DeviceTree::contents(DeviceNode node) const { return sound_item(node.at).next; }

u32 DeviceTree::after(DeviceNode node) const {
    u32 depth = 1;
    u32 at = contents(node);
    while (depth != 0) {
        Item const here = sound_item(at);
        if (here.token == token_begin_node) ++depth;
        if (here.token == token_end_node) --depth;
        at = here.next;
    }
    return at;
}

DeviceNode DeviceTree::child_from(u32 at) const {
    for (;;) {
        Item const here = sound_item(at);
        if (here.token == token_begin_node) return {at};
        if (here.token == token_end_node) return no_node;
        at = here.next;
    }
}

DeviceNode DeviceTree::first_child(DeviceNode node) const { return child_from(contents(node)); }

DeviceNode DeviceTree::next_sibling(DeviceNode node) const {
    return node == root_ ? no_node : child_from(after(node));
}

DeviceNode DeviceTree::child(DeviceNode node, Bytes wanted) const {
    for (DeviceNode at = first_child(node); at != no_node; at = next_sibling(at)) {
        Bytes const have = name(at);
        if (have.size() == wanted.size() &&
            __builtin_memcmp(have.data(), wanted.data(), have.size()) == 0)
            return at;
    }
    return no_node;
}

Bytes DeviceTree::name(DeviceNode node) const { return sound_item(node.at).name; }

bool DeviceTree::property(DeviceNode node, char const* name, Bytes& value) const {
    for (u32 at = contents(node);;) {
        Item const here = sound_item(at);
        // Properties stand before children. [5.4.2]
        if (here.token == token_begin_node || here.token == token_end_node) return false;
        if (here.token == token_property && equals(here.name, name)) {
            value = here.value;
            return true;
        }
        at = here.next;
    }
}

bool DeviceTree::property_lists(DeviceNode node, char const* name, char const* text) const {
    Bytes value;
    if (!property(node, name, value)) return false;
    u64 from = 0;
    for (u64 at = 0; at < value.size(); ++at) {
        if (value[at] != 0) continue;
        if (equals(value.part(from, at - from), text)) return true;
        from = at + 1;
    }
    return false;
}

bool DeviceTree::property_word(DeviceNode node, char const* name, u32& word) const {
    Bytes value;
    if (!property(node, name, value) || value.size() != 4) return false;
    word = big_word(value, 0);
    return true;
}

bool DeviceTree::reservation(u32 index, ReservedRange& range) const {
    constexpr u64 entry = 16;
    u64 const at = reservations_ + u64{index} * entry;
    if (!bytes_.holds(at, entry)) return false;
    range = {big_double(bytes_, at), big_double(bytes_, at + 8)};
    return range.base != 0 || range.size != 0;
}

}  // namespace vdsokit::machine
