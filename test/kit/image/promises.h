// SPDX-License-Identifier: BSD-2-Clause
// What holds for any bytes at all that are offered as an image: they are refused for a reason, or
// every promise about an accepted image is kept. For the tests on hostile images and the fuzzer.
#pragma once

#include <string>

#include "test/kit/image/test_image.h"

namespace vdsokit::test {

// The first promise that is broken; empty: none.
std::string broken_promise(TestImage const& image);

}  // namespace vdsokit::test
