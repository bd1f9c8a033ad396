// SPDX-License-Identifier: BSD-2-Clause
#include "kit/random/random_publisher.h"

#include "cpu.h"

#include "abi/shared.h"

namespace vdsokit::kit {

using abi::store_shared;

void RandomPublisher::attach(abi::TimePage& page) {
    if (own_.page != nullptr) store_shared(own_.page->random.state, u32{0});
    own_.page = &page;
    store();
}

void RandomPublisher::add(Page& entry, abi::TimePage& page) {
    entry = {.page = &page, .next = own_.next};
    own_.next = &entry;
    store(page.random);
}

void RandomPublisher::remove(Page& entry) {
    Page* before = &own_;
    while (before->next != &entry) before = before->next;
    before->next = entry.next;
    store_shared(entry.page->random.state, u32{0});
    entry = {};
}

Result<Nothing, RandomError> RandomPublisher::publish(RandomPromise const& promise) {
    // Not std::has_single_bit(): gcc calls a library to count bits.
    if ((promise.page_size & (promise.page_size - 1)) != 0 ||
        promise.page_size < sizeof(abi::RandomState))
        return RandomError::page_size_out_of_range;
    if (own_.page == nullptr) return RandomError::no_page;
    promise_ = promise;
    is_published_ = true;
    store();
    return Nothing{};
}

void RandomPublisher::withdraw() {
    is_published_ = false;
    store();
}

void RandomPublisher::reseeded() {
    generation_ += 1;
    if (generation_ == 0) generation_ = 1;  // 0 is a state without a key
    store();
}

void RandomPublisher::store() {
    for (Page* at = &own_; at != nullptr; at = at->next)
        if (at->page != nullptr) store(at->page->random);
}

// The generation comes after the new seed, and the mode after what it stands for.
void RandomPublisher::store(abi::RandomLine& line) {
    if (!is_published_) return store_shared(line.state, u32{0});
    arch::order_stores();
    store_shared(line.map_protection, promise_.map_protection);
    store_shared(line.map_flags, promise_.map_flags);
    store_shared(line.page_size, promise_.page_size);
    // Never 0 in a line that is published: a state without a key would agree with it.
    store_shared(line.generation, generation_ == 0 ? u64{1} : generation_);
    arch::order_stores();
    store_shared(line.is_ready, generation_ == 0 ? u32{0} : u32{1});
    store_shared(line.state, abi::random_state_of(abi::RandomMode::generation));
}

}  // namespace vdsokit::kit
