// SPDX-License-Identifier: BSD-2-Clause
// What the memory calls of both files share.
#pragma once

#include "hosts/personality/memory/memory.h"

namespace vdsokit::personality {

inline Outcome answer(Attempt<Nothing> const& attempt) {
    return attempt ? Outcome::done(0) : Outcome::error(attempt.error());
}
inline Outcome answer(Attempt<VirtualAddress> const& attempt) {
    return attempt ? Outcome::done(attempt.value().value) : Outcome::error(attempt.error());
}

// MAP_POPULATE, MAP_LOCKED, mlock: what comes now need not come later. Running out is no error.
void populate(Memory& memory, u64 start, u64 end, Access access);

}  // namespace vdsokit::personality
