// SPDX-License-Identifier: BSD-2-Clause
#include "hosts/linux/initial_auxv.h"

namespace vdsokit::on_linux {

std::optional<InitialAuxv> read_initial_auxv(Tracee const& tracee, u64 stack_pointer) {
    return read_auxv(tracee, stack_pointer);
}

}  // namespace vdsokit::on_linux
