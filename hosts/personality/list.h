// SPDX-License-Identifier: BSD-2-Clause
// Lists whose links are bases of the objects themselves: no allocation, no maximum. An object that
// is on several lists derives from Link<Tag> once for each, Tag being any (incomplete) type.
#pragma once

#include "arch/types.h"

namespace vdsokit::personality {

template <class Tag>
class Link {
public:
    constexpr Link() = default;
    Link(Link const&) = delete;
    Link& operator=(Link const&) = delete;

    bool is_linked() const { return next_ != nullptr; }
    // Nothing happens if it is on no list.
    void unlink() {
        if (next_ == nullptr) return;
        previous_->next_ = next_;
        next_->previous_ = previous_;
        next_ = nullptr;
        previous_ = nullptr;
    }

private:
    template <class T, class OfTag>
    friend class List;

    Link* next_ = nullptr;
    Link* previous_ = nullptr;
};

// T derives from Link<Tag>. A list must be empty when it goes away; it never moves.
template <class T, class Tag>
class List {
public:
    // All zeros: gcc 12 leaves the elements of a constinit array zero whose constructor stores their
    // own address, so the ring is closed when the list is first used.
    constexpr List() = default;

    bool empty() const { return head_.next_ == nullptr || head_.next_ == &head_; }
    // Precondition: the item is on no list of this tag.
    void push_back(T& item) {
        close_ring();
        insert_before(head_, item);
    }
    void push_front(T& item) {
        close_ring();
        insert_before(*head_.next_, item);
    }
    void insert_before_item(T& place, T& item) { insert_before(as_link(place), item); }

    // nullptr: there is none.
    T* front() { return empty() ? nullptr : static_cast<T*>(head_.next_); }
    T* back() { return empty() ? nullptr : static_cast<T*>(head_.previous_); }
    T* after(T& item) { return at(as_link(item).next_); }
    T* before(T& item) { return at(as_link(item).previous_); }
    T* pop_front() {
        T* const item = front();
        if (item != nullptr) as_link(*item).unlink();
        return item;
    }

    // The loop's body may unlink or free the item that it was given, and no other.
    class Iterator {
    public:
        T& operator*() const { return *static_cast<T*>(at_); }
        Iterator& operator++() {
            at_ = next_;
            next_ = at_->next_;
            return *this;
        }
        friend bool operator==(Iterator const& a, Iterator const& b) { return a.at_ == b.at_; }

    private:
        friend class List;
        explicit Iterator(Link<Tag>* at) : at_(at), next_(at->next_) {}
        Link<Tag>* at_;
        Link<Tag>* next_;
    };
    Iterator begin() {
        close_ring();
        return Iterator(head_.next_);
    }
    Iterator end() {
        close_ring();
        return Iterator(&head_);
    }

private:
    void close_ring() {
        if (head_.next_ == nullptr) head_.next_ = head_.previous_ = &head_;
    }
    static Link<Tag>& as_link(T& item) { return item; }
    T* at(Link<Tag>* link) { return link == &head_ ? nullptr : static_cast<T*>(link); }
    static void insert_before(Link<Tag>& place, T& item) {
        Link<Tag>& link = item;
        if (link.next_ != nullptr) __builtin_trap();
        link.next_ = &place;
        link.previous_ = place.previous_;
        place.previous_->next_ = &link;
        place.previous_ = &link;
    }

    Link<Tag> head_;
};

}  // namespace vdsokit::personality
