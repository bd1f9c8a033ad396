// SPDX-License-Identifier: BSD-2-Clause
// The first line of a script: "#!interpreter argument".
#pragma once

#include "kit/core/bytes.h"

namespace vdsokit::personality {

// Linux reads this much of a file to see what it is; a longer first line is cut off there.
// [include/uapi/linux/binfmts.h, BINPRM_BUF_SIZE]
inline constexpr u64 script_head_size = 256;

struct ScriptLine {
    char interpreter[script_head_size];
    char argument[script_head_size];  // the rest of the line as one string; empty: none
};

enum class ScriptKind : u8 { no_script, script, malformed };

// `head` is the beginning of the file, at most script_head_size bytes. Malformed: no interpreter is
// named, or its name may go on where the head ends.
ScriptKind parse_script(kit::Bytes head, ScriptLine& line);

}  // namespace vdsokit::personality
