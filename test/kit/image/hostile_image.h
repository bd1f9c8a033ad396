// SPDX-License-Identifier: BSD-2-Clause
// What must be true of any bytes at all once the kit has looked at them. Run under AddressSanitizer
// by the tests that cut, flip and scramble images.
#pragma once

#include "test/kit/image/test_image.h"

namespace vdsokit::test {

// Applies every rule; if a host would take the image, loads and maps it too. Fails the current test
// if something out of range was accepted, or a rule was not reached although none failed.
void examine(TestImage const& image);

// Each image cut off at each length.
void examine_truncated(TestImage const& image);
// Each byte of the image, alone, with each bit flipped and set to 0 and to 0xff.
void examine_flipped(TestImage const& image);
// `count` images with one to eight fields overwritten by values that break arithmetic.
void examine_scrambled(TestImage const& image, u64 count, u64 seed);

}  // namespace vdsokit::test
