// SPDX-License-Identifier: BSD-2-Clause
#include "test/fuzz/target.h"

#include <cstdio>
#include <cstdlib>

namespace vdsokit::fuzz {

namespace {

// Targets register themselves before main(), in whatever order.
std::vector<Target const*>& targets() {
    static std::vector<Target const*> list;
    return list;
}

}  // namespace

Target::Target(char const* name, Run target, Mutate mutator)
    : name_(name), run_(target), mutate_(mutator) {
    targets().push_back(this);
}

std::vector<Target const*> const& Target::all() { return targets(); }

Target const* Target::find(std::string_view name) {
    for (Target const* target : all())
        if (target->name() == name) return target;
    return nullptr;
}

void require(bool holds, std::string const& promise) {
    if (holds) return;
    std::fprintf(stderr, "broken promise: %s\n", promise.c_str());
    std::abort();
}

}  // namespace vdsokit::fuzz
