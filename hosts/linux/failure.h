// SPDX-License-Identifier: BSD-2-Clause
// Why something could not be done, as a sentence for the user; empty: it was done.
#pragma once

#include <cerrno>
#include <cstring>
#include <string>

namespace vdsokit::on_linux {

class [[nodiscard]] Failure {
public:
    static Failure none() { return Failure(""); }
    static Failure because(std::string reason) { return Failure(std::move(reason)); }
    // `what` failed and errno says why.
    static Failure of_errno(std::string const& what) {
        return Failure(what + ": " + std::strerror(errno));
    }

    explicit operator bool() const { return !reason_.empty(); }
    std::string const& reason() const { return reason_; }

private:
    explicit Failure(std::string reason) : reason_(std::move(reason)) {}
    std::string reason_;
};

}  // namespace vdsokit::on_linux
