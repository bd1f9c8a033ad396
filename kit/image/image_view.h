// SPDX-License-Identifier: BSD-2-Clause
// Everything that the image rules look at, read once from untrusted bytes. Nothing is judged yet.
#pragma once

#include "kit/image/elf_view.h"
#include "kit/image/hash_tables.h"
#include "kit/image/machines.h"
#include "kit/image/notes.h"
#include "kit/image/symbols.h"

namespace vdsokit::kit {

// Whose code an image has to be.
struct ImageMachine {
    u16 elf_machine;
    u8 elf_class;
};
extern ImageMachine const host_machine;  // what this was built for

struct ImageView {
    explicit ImageView(Bytes file, ImageMachine wanted_machine = host_machine)
        : elf(file),
          wanted(wanted_machine),
          facts(elf.has_header() ? find_machine(elf.header().machine, elf.header().file_class)
                                 : nullptr),
          sysv_hash(SysvHash::find(elf)),
          gnu_hash(GnuHash::find(elf)),
          symbols(elf),
          note(VdsokitNote::find(elf)) {}

    ElfView elf;
    ImageMachine wanted;
    MachineFacts const* facts;  // nullptr: a machine without a row
    Maybe<SysvHash> sysv_hash;
    Maybe<GnuHash> gnu_hash;
    SymbolTable symbols;
    Maybe<VdsokitNote> note;
};

}  // namespace vdsokit::kit
