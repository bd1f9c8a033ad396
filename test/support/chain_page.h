// SPDX-License-Identifier: BSD-2-Clause
// The chain page of a test of the readers, which the test may write.
#pragma once

#include "abi/chain_page.h"

namespace vdsokit::test {

extern abi::ChainPage chain_page asm("vdsokit_chain_page");

}  // namespace vdsokit::test
