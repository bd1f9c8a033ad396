// SPDX-License-Identifier: BSD-2-Clause
// The exec itself: from open files to a program that is mapped, with its stack, in this process.
#pragma once

#include <memory>
#include <optional>

#include "hosts/uexec/loadable.h"
#include "hosts/uexec/vdso.h"
#include "kit/process/initial_stack.h"

namespace vdsokit::uexec {

class NewProgram {
public:
    // `command` becomes what the program is told.
    static OrRefusal<std::unique_ptr<NewProgram>> open(std::string const& path,
                                                       std::vector<std::string> command);

    // Maps program, interpreter and vDSO and writes the stack, below the one in use. The whole of
    // the process is still this program's if that is refused.
    std::optional<Refusal> make(Vdso& vdso);

    u64 vdso_base() const { return plan_.vdso; }

    // Leaves for the program.
    [[noreturn]] void start();

private:
    NewProgram(Loadable program, std::vector<std::string> command)
        : program_(std::move(program)), command_(std::move(command)) {}
    std::optional<Refusal> place(Vdso const& vdso);
    std::optional<Refusal> write_stack();

    std::string path_;
    Loadable program_;
    std::optional<Loadable> interpreter_;
    std::vector<std::string> command_;
    kit::ExecPlan plan_{};
    std::optional<kit::InitialStack> stack_;
};

}  // namespace vdsokit::uexec
