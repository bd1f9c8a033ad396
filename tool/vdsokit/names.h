// SPDX-License-Identifier: BSD-2-Clause
// The words under which numbers of an image are shown. A number without a word is shown in hex.
#pragma once

#include <string>

#include "abi/time_page.h"

namespace vdsokit::tool {

std::string machine_name(u16 machine, u8 file_class);
std::string file_type_name(u16 type);
std::string segment_type_name(u32 type);
std::string rights_name(u32 flags);  // "r-x"
std::string dynamic_tag_name(u64 tag);
std::string symbol_type_name(u8 type);
std::string symbol_binding_name(u8 binding);
std::string clock_name(u64 clock);
std::string clock_mode_name(abi::ClockMode mode);
std::string random_mode_name(u32 state);  // "none" for whatever is not a published line's

}  // namespace vdsokit::tool
