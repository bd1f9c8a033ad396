// SPDX-License-Identifier: BSD-2-Clause
// The kernel's command line: words separated by spaces. A word that is not known is an error, so
// that a misspelled one is never silently without effect.
#pragma once

#include "arch/types.h"
#include "hosts/personality/personality.h"
#include "kit/core/bytes.h"
#include "kit/core/result.h"

namespace vdsokit::machine {

enum class VdsoAddress : u8 { usual, fixed, random };

struct BootArguments {
    personality::VdsoMode vdso = personality::VdsoMode::shared;
    VdsoAddress vdso_address = VdsoAddress::usual;  // usual: as the host has it
    bool terminal = false;
    bool stats = false;
    bool verbose = false;
    u16 rows = 0;
    u16 columns = 0;
};

// The word that is not understood.
struct BootArgumentFault {
    kit::Bytes word;
};

[[nodiscard]] kit::Result<BootArguments, BootArgumentFault> read_boot_arguments(kit::Bytes line);

}  // namespace vdsokit::machine
