// SPDX-License-Identifier: BSD-2-Clause
// What a thread did that the CPU refused.
#pragma once

#include "hosts/personality/process/thread.h"

namespace vdsokit::personality {

// Brings the page if it is the process's, else sends the signal that Linux sends.
void answer_fault(Thread& thread, host::Fault fault);

}  // namespace vdsokit::personality
