// SPDX-License-Identifier: BSD-2-Clause
// The chain page of a test of the readers, which the test may write.
#pragma once

#include "abi/chain_page.h"

namespace vdsokit::test {

extern abi::ChainPage chain_page asm("vdsokit_chain_page");

// What stands there for a function.
template <class Function>
u64 chained_to(Function* function) {
    return abi::chain_distance(reinterpret_cast<u64>(&chain_page), reinterpret_cast<u64>(function));
}

}  // namespace vdsokit::test
