// SPDX-License-Identifier: BSD-2-Clause
// The running kernel's own vDSO, as it lies in this process and, byte for byte, in every other of
// the same word size. Offsets are from its first byte.
#pragma once

#include <array>
#include <optional>

#include "abi/chain_page.h"

namespace vdsokit::on_linux {

class KernelVdso {
public:
    // All zero if this process has none.
    static KernelVdso const& own();

    // Its functions.
    struct Function {
        u64 field;   // the offset in a chain page of what stands there for it
        u64 offset;  // 0: it has no such function
    };
    std::array<Function, 4> const& functions() const { return functions_; }

    // A chain page that lies `offset` bytes behind its first byte (modulo 2^64).
    abi::ChainPage chain_page_at(u64 offset) const;

    // How far below it the pages begin that the kernel maps with it ([vvar] and its kin).
    u64 data_below() const { return data_below_; }

    // Where its executable pages have this many bytes that nothing uses, behind its end.
    std::optional<u64> spare_room(u64 bytes) const;

private:
    KernelVdso();

    std::array<Function, 4> functions_{};
    u64 data_below_ = 0;
    u64 used_ = 0;  // behind the last byte that is not zero
    u64 size_ = 0;
};

}  // namespace vdsokit::on_linux
