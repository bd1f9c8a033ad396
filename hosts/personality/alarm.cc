// SPDX-License-Identifier: BSD-2-Clause
#include "hosts/personality/alarm.h"

#include "hosts/personality/outcome.h"

namespace vdsokit::personality {

constinit Alarm* Alarm::first_ = nullptr;

// A pairing heap: the earlier root takes the other as its first child. [Fredman, Sedgewick,
// Sleator, Tarjan: The Pairing Heap, 1986]
Alarm* Alarm::meld(Alarm* a, Alarm* b) {
    if (a == nullptr) return b;
    if (b == nullptr) return a;
    if (b->at_ < a->at_) {
        Alarm* const later = a;
        a = b;
        b = later;
    }
    b->sibling_ = a->child_;
    if (a->child_ != nullptr) a->child_->back_ = b;
    b->back_ = a;
    a->child_ = b;
    return a;
}

// Two passes, both loops: a recursion would be as deep as a process can set alarms.
Alarm* Alarm::meld_children(Alarm* first) {
    Alarm* pairs = nullptr;  // linked by sibling_, last pair first
    while (first != nullptr) {
        Alarm* const a = first;
        Alarm* const b = a->sibling_;
        first = b == nullptr ? nullptr : b->sibling_;
        a->sibling_ = nullptr;
        if (b != nullptr) b->sibling_ = nullptr;
        Alarm* const pair = meld(a, b);
        pair->sibling_ = pairs;
        pairs = pair;
    }
    Alarm* root = nullptr;
    while (pairs != nullptr) {
        Alarm* const pair = pairs;
        pairs = pair->sibling_;
        pair->sibling_ = nullptr;
        root = meld(root, pair);
    }
    if (root != nullptr) root->back_ = nullptr;
    return root;
}

void Alarm::set(u64 at) {
    clear();
    if (at == no_deadline) return;
    at_ = at;
    is_set_ = true;
    first_ = meld(first_, this);
    first_->back_ = nullptr;
}

void Alarm::clear() {
    if (!is_set_) return;
    is_set_ = false;
    Alarm* const rest = meld_children(child_);
    child_ = nullptr;
    if (first_ == this) {
        first_ = rest;
        return;
    }
    if (back_->child_ == this)
        back_->child_ = sibling_;
    else
        back_->sibling_ = sibling_;
    if (sibling_ != nullptr) sibling_->back_ = back_;
    sibling_ = nullptr;
    back_ = nullptr;
    first_ = meld(first_, rest);
    first_->back_ = nullptr;
}

u64 next_alarm() { return Alarm::first_ == nullptr ? no_deadline : Alarm::first_->at_; }

void ring_alarms(u64 now) {
    while (Alarm::first_ != nullptr && Alarm::first_->at_ <= now) {
        Alarm& alarm = *Alarm::first_;
        alarm.clear();
        alarm.ring_(alarm);
    }
}

}  // namespace vdsokit::personality
