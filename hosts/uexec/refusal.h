// SPDX-License-Identifier: BSD-2-Clause
// Why a program was not started: what the user is told, and the exit status that goes with it, which
// is a shell's: 127 not found, 126 it cannot be executed, 125 this program's own failure.
#pragma once

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <string>
#include <variant>

#include "arch/types.h"
#include "hosts/linux/find_program.h"

namespace vdsokit::uexec {

using on_linux::status_not_executable;
using on_linux::status_not_found;
inline constexpr int status_own_failure = 125;

struct Refusal {
    int status;
    std::string reason;

    static Refusal own(std::string reason) { return {status_own_failure, std::move(reason)}; }
    // `what` failed and errno says why.
    static Refusal of_errno(int status, std::string const& what) {
        return {status, what + ": " + std::strerror(errno)};
    }
};

inline std::string hexadecimal(u64 value) {
    char text[24];
    std::snprintf(text, sizeof text, "0x%llx", static_cast<unsigned long long>(value));
    return text;
}

template <class T>
using OrRefusal = std::variant<T, Refusal>;

}  // namespace vdsokit::uexec
