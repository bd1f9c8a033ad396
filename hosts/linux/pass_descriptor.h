// SPDX-License-Identifier: BSD-2-Clause
// The hand-over of the listener from the process that becomes the program to its supervisor.
#pragma once

#include "hosts/linux/descriptor.h"

namespace vdsokit::on_linux {

bool send_descriptor(int channel, int descriptor);
Descriptor receive_descriptor(int channel);

bool send_ready(int channel);
// False: the other side is gone.
bool await_ready(int channel);

}  // namespace vdsokit::on_linux
