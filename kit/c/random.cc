// SPDX-License-Identifier: BSD-2-Clause
#include "abi/time_page.h"
#include "kit/c/storage.h"
#include "kit/random/random_publisher.h"
#include "kit/vdsokit.h"

namespace {

using namespace vdsokit;
using kit::RandomError;
using kit::RandomPublisher;

static_assert(sizeof(vdsokit_random_promise) == 16);

vdsokit_status status_of(RandomError error) {
    switch (error) {
    case RandomError::page_size_out_of_range: return vdsokit_random_page_size_out_of_range;
    case RandomError::no_page: return vdsokit_random_no_page;
    }
    return vdsokit_random_no_page;  // not a RandomError
}

RandomPublisher& publisher_of(vdsokit_random* random) {
    return kit::from_c<RandomPublisher>(random);
}

}  // namespace

void vdsokit_random_init(vdsokit_random* random) { kit::store_in_c(random, RandomPublisher{}); }

vdsokit_status vdsokit_random_attach(vdsokit_random* random, void* page) {
    bool const is_aligned = reinterpret_cast<std::uintptr_t>(page) % alignof(abi::TimePage) == 0;
    if (page == nullptr || !is_aligned) return vdsokit_random_bad_page;
    publisher_of(random).attach(*static_cast<abi::TimePage*>(page));
    return vdsokit_ok;
}

vdsokit_status vdsokit_random_publish(vdsokit_random* random,
                                      vdsokit_random_promise const* promise) {
    auto const published = publisher_of(random).publish({.map_protection = promise->map_protection,
                                                         .map_flags = promise->map_flags,
                                                         .page_size = promise->page_size});
    return published ? vdsokit_status{vdsokit_ok} : status_of(published.error());
}

vdsokit_status vdsokit_random_add(vdsokit_random* random, vdsokit_random_page* entry, void* page) {
    bool const is_aligned = reinterpret_cast<std::uintptr_t>(page) % alignof(abi::TimePage) == 0;
    if (page == nullptr || !is_aligned) return vdsokit_random_bad_page;
    kit::store_in_c(entry, RandomPublisher::Page{});
    publisher_of(random).add(kit::from_c<RandomPublisher::Page>(entry),
                             *static_cast<abi::TimePage*>(page));
    return vdsokit_ok;
}

void vdsokit_random_remove(vdsokit_random* random, vdsokit_random_page* entry) {
    publisher_of(random).remove(kit::from_c<RandomPublisher::Page>(entry));
}

void vdsokit_random_withdraw(vdsokit_random* random) { publisher_of(random).withdraw(); }
void vdsokit_random_reseeded(vdsokit_random* random) { publisher_of(random).reseeded(); }

uint64_t vdsokit_random_generation(vdsokit_random const* random) {
    return kit::from_c<RandomPublisher>(random).generation();
}
