// SPDX-License-Identifier: BSD-2-Clause
// An image file in this process's memory, as a host would map it, except that the time page can be
// written through `page()` until seal(). For tests and measurements under qemu-user.
#pragma once

#include <cstdint>

#include "abi/time_page.h"

namespace vdsokit::test {

class MappedImage {
public:
    // No address of a program or of the emulator's own is near, on any CPU.
    static constexpr std::uintptr_t base = 0x6000'0000;

    // Ends the process with a message if the file is no image.
    explicit MappedImage(char const* file);

    // Looks `name` up through DT_HASH, as a libc does. Ends the process if it is not exported.
    template <class Function>
    Function* find(char const* name) const {
        return reinterpret_cast<Function*>(address_of(name));
    }

    std::uintptr_t address_of(char const* name) const;
    // Where the table of call frame information is, as an unwinder finds it.
    std::uintptr_t eh_frame() const;

    abi::TimePage& page() const;
    // The time page becomes read-only, as in a real process.
    void seal() const;

private:
    u64 code_bytes_ = 0;
    u64 bytes_ = 0;
};

// Prints to standard error and ends the process with status 1.
[[noreturn, gnu::format(printf, 1, 2)]] void fail(char const* format, ...);

}  // namespace vdsokit::test
