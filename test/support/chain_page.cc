// SPDX-License-Identifier: BSD-2-Clause
#include "test/support/chain_page.h"

namespace vdsokit::test {

// In an image the linker script defines this name.
abi::ChainPage chain_page{};

}  // namespace vdsokit::test
