// SPDX-License-Identifier: BSD-2-Clause
// An image file in this process's memory, as a host would map it, except that the time page can be
// written through `page()` until seal(). For tests and measurements under qemu-user.
#pragma once

#include <cstdint>

#include "abi/time_page.h"

namespace vdsokit::test {

class MappedImage {
public:
    // Where rel4-linux-kit maps it; no address of the emulator's own is near.
    static constexpr std::uintptr_t base = 0x4'0000'0000;

    // Ends the process with a message if the file is no image.
    explicit MappedImage(char const* file);

    // Looks `name` up through DT_HASH, as a libc does. Ends the process if it is not exported.
    template <class Function>
    Function* find(char const* name) const {
        return reinterpret_cast<Function*>(address_of(name));
    }

    abi::TimePage& page() const;
    // The time page becomes read-only, as in a real process.
    void seal() const;

private:
    std::uintptr_t address_of(char const* name) const;

    u64 code_bytes_ = 0;
    u64 bytes_ = 0;
};

// Prints to standard error and ends the process with status 1.
[[noreturn, gnu::format(printf, 1, 2)]] void fail(char const* format, ...);

}  // namespace vdsokit::test
