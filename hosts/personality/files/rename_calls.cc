// SPDX-License-Identifier: BSD-2-Clause
#include "hosts/personality/files/call_functions.h"
#include "hosts/personality/files/call_tools.h"
#include "hosts/personality/files/directory.h"

namespace vdsokit::personality::file_call {

namespace {

constexpr u32 no_replace = 1;
constexpr u32 exchange = 2;

Directory& directory_of(Place const& place) {
    return static_cast<Directory&>(place.parent->node());
}

bool is_mounted(Place const& place) {
    return &place.entry->node().file_system() != &place.parent->node().file_system();
}

// What the two paths must be, whatever is then done with them [rename(2)].
Outcome check_places(Place const& from, Place const& to) {
    if (!from.has_name || !to.has_name) return Outcome::error(Errno::busy);
    if (&from.parent->node().file_system() != &to.parent->node().file_system())
        return Outcome::error(Errno::xdev);
    Outcome const check = check_can_change(*to.parent);
    if (check.value() != 0) return check;
    if (!from.entry) return Outcome::error(Errno::noent);
    bool const is_directory = from.entry->node().is_directory();
    if (!is_directory && (from.wants_directory || (to.wants_directory && !to.entry)))
        return Outcome::error(Errno::notdir);
    if (is_mounted(from) || (to.entry && is_mounted(to))) return Outcome::error(Errno::busy);
    if (to.parent->is_within(*from.entry)) return Outcome::error(Errno::inval);
    return Outcome::done(0);
}

Outcome check_replaced(Place const& from, Place const& to) {
    bool const is_directory = from.entry->node().is_directory();
    Node& old = to.entry->node();
    if (!old.is_directory()) {
        bool const fits = !is_directory && !to.wants_directory;
        return fits ? Outcome::done(0) : Outcome::error(Errno::notdir);
    }
    if (from.parent->is_within(*to.entry)) return Outcome::error(Errno::notempty);
    if (!is_directory) return Outcome::error(Errno::isdir);
    bool const is_empty = static_cast<Directory&>(old).is_empty();
    return is_empty ? Outcome::done(0) : Outcome::error(Errno::notempty);
}

// Puts an entry that is on no list under a place's name; its user is its new directory's.
void put(Entry& entry, Place const& place) {
    entry.move(*place.parent, place.name());
    directory_of(place).add(entry);
    if (entry.node().is_directory()) place.parent->node().links += 1;
    entry.node().changed();
}

void take(Place const& place) {
    directory_of(place).take_out(*place.entry);
    if (place.entry->node().is_directory()) place.parent->node().links -= 1;
}

Outcome replace(Place const& from, Place const& to) {
    if (to.entry) {
        Outcome const check = check_replaced(from, to);
        if (check.value() != 0) return check;
        Node& old = to.entry->node();
        if (old.is_directory()) {
            old.links = 0;
            to.parent->node().links -= 1;
        } else {
            old.links -= 1;
            old.changed();
        }
        to.entry->remove();
    }
    take(from);
    put(*from.entry, to);
    return Outcome::done(0);
}

Outcome swap(Place const& from, Place const& to) {
    if (!to.entry) return Outcome::error(Errno::noent);
    if (from.parent->is_within(*to.entry)) return Outcome::error(Errno::inval);
    take(from);
    take(to);
    put(*from.entry, to);
    put(*to.entry, from);
    return Outcome::done(0);
}

Outcome rename(Call& call, u32 flags) {
    if ((flags & ~(no_replace | exchange)) != 0 || flags == (no_replace | exchange))
        return Outcome::error(Errno::inval);
    Place from;
    Place to;
    Outcome const walked = walk_at(call, 0, LastLink::name_only, from);
    if (walked.value() != 0) return walked;
    Outcome const also_walked = walk_at(call, 2, LastLink::name_only, to, PathBuffer::second);
    if (also_walked.value() != 0) return also_walked;
    Outcome const check = check_places(from, to);
    if (check.value() != 0) return check;
    if (flags == no_replace && to.entry) return Outcome::error(Errno::exist);
    // Two names of one file: nothing is done, and that is a success.
    if (to.entry && &to.entry->node() == &from.entry->node()) return Outcome::done(0);
    Outcome const done = flags == exchange ? swap(from, to) : replace(from, to);
    if (done.value() != 0) return done;
    from.parent->node().modified();
    to.parent->node().modified();
    return done;
}

}  // namespace

Outcome renameat(Call& call) { return rename(call, 0); }

Outcome renameat2(Call& call) { return rename(call, static_cast<u32>(call.argument(4))); }

}  // namespace vdsokit::personality::file_call
