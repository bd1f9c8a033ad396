// SPDX-License-Identifier: BSD-2-Clause
// A row of the tables of broken images: one thing wrong with the builder's image, the rule that
// must be the first to fail, and where.
#pragma once

#include <span>

#include "test/kit/image/test_image.h"

namespace vdsokit::test {

struct BrokenImage {
    char const* rule;
    char const* machine;
    void (*mutate)(TestImage&);
    u64 (*at)(TestImage const&);  // asked of the image before it is mutated
    char const* reason;
};

// By what is broken: header, segments and dynamic section; symbols and versions; the vdsokit note,
// layout, traps and exports; the time page.
std::span<BrokenImage const> broken_elf();
std::span<BrokenImage const> broken_symbols();
std::span<BrokenImage const> broken_vdsokit();
std::span<BrokenImage const> broken_time_page();

}  // namespace vdsokit::test
