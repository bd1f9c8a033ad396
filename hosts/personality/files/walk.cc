// SPDX-License-Identifier: BSD-2-Clause
#include "hosts/personality/files/walk.h"

namespace vdsokit::personality {

namespace {

// The texts that are still to be walked, innermost last: the path, then links met on the way. A
// text that has been used up is taken off before the next link is met, so a chain of last links
// takes one place.
class Texts {
public:
    ~Texts() {
        while (count_ > 0) pop();
    }
    // `owner` keeps the text valid; nullptr: somebody else does.
    bool push(Name text, Node* owner) {
        if (count_ == deepest_links + 1) return false;
        if (owner != nullptr) owner->retain();
        texts_[count_++] = {text.data(), text.data() + text.size(), owner};
        return true;
    }
    // Skips slashes, and texts that are at their end. `slashes`: there were some behind a name.
    bool at_end(bool& slashes) {
        while (count_ > 0) {
            Text& top = texts_[count_ - 1];
            while (top.at != top.end && *top.at == '/') {
                top.at += 1;
                slashes = true;
            }
            if (top.at != top.end) return false;
            pop();
        }
        return true;
    }
    // Precondition: not at the end.
    Name next() {
        Text& top = texts_[count_ - 1];
        char const* const begin = top.at;
        while (top.at != top.end && *top.at != '/') top.at += 1;
        return {begin, static_cast<u64>(top.at - begin)};
    }

private:
    struct Text {
        char const* at;
        char const* end;
        Node* owner;
    };
    void pop() {
        Text const& top = texts_[--count_];
        if (top.owner != nullptr) top.owner->release();
    }

    u32 count_ = 0;
    Text texts_[deepest_links + 1];
};

Name text_of(kit::Bytes bytes) {
    return {reinterpret_cast<char const*>(bytes.data()), bytes.size()};
}

bool is_absolute(Name path) { return path.size() > 0 && path.data()[0] == '/'; }

Entry* retained(Entry& entry) {
    entry.retain();
    return &entry;
}

}  // namespace

Outcome walk(Process* process, Entry& start, Name path, LastLink last, Place& place) {
    if (path.empty()) return Outcome::error(Errno::noent);
    Texts texts;
    if (!texts.push(path, nullptr)) return Outcome::error(Errno::loop);
    Held<Entry> at(retained(is_absolute(path) ? root_entry() : start));
    u32 links = 0;
    bool slashes = false;
    bool is_last = texts.at_end(slashes);
    while (!is_last) {
        if (!at->node().is_directory()) return Outcome::error(Errno::notdir);
        Name const part = texts.next();
        if (part.size() > longest_name) return Outcome::error(Errno::nametoolong);
        // The text may go away with its link when it is used up, so the name is copied first.
        place.name_size = part.size();
        __builtin_memcpy(place.name_bytes, part.data(), part.size());
        slashes = false;
        is_last = texts.at_end(slashes);

        if (place.name() == Name(".")) continue;
        if (place.name() == Name("..")) {
            if (at->parent() != nullptr) at.reset(retained(*at->parent()));
            continue;
        }
        auto const found = at->node().find(*at, place.name(), process);
        if (!found && !(is_last && found.error() == Errno::noent))
            return Outcome::error(found.error());
        Held<Entry> next(found ? found.value() : nullptr);
        if (next && next->node().kind() == NodeKind::symlink &&
            (!is_last || last == LastLink::follow || (slashes && last == LastLink::keep))) {
            if (++links > deepest_links) return Outcome::error(Errno::loop);
            Node& link = next->node();
            kit::Bytes const text = link.link_text();
            if (text.size() == 0) {
                auto const target = link.jump(process);
                if (!target) return Outcome::error(target.error());
                at.reset(target.value());
                continue;
            }
            if (!texts.push(text_of(text), &link)) return Outcome::error(Errno::loop);
            if (is_absolute(text_of(text))) at.reset(retained(root_entry()));
            bool const outer_slashes = is_last && slashes;
            is_last = texts.at_end(slashes);
            slashes = slashes || outer_slashes;
            place.wants_directory = place.wants_directory || outer_slashes;
            continue;
        }
        if (is_last) {
            place.wants_directory = place.wants_directory || slashes;
            place.has_name = true;
            place.parent.reset(at.give());
            place.entry.reset(next.give());
            return Outcome::done(0);
        }
        at.reset(next.give());
    }
    place.has_name = false;
    place.wants_directory = place.wants_directory || slashes;
    place.entry.reset(at.give());
    return Outcome::done(0);
}

OrErrno<Entry*> walk_to(Process* process, Entry& start, Name path, LastLink last) {
    Place place;
    Outcome const walked = walk(process, start, path, last, place);
    if (walked.value() < 0) return static_cast<Errno>(-walked.value());
    if (!place.entry) return Errno::noent;
    if (place.wants_directory && !place.entry->node().is_directory()) return Errno::notdir;
    return place.entry.give();
}

}  // namespace vdsokit::personality
