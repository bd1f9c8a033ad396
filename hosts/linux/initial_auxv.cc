// SPDX-License-Identifier: BSD-2-Clause
#include "hosts/linux/initial_auxv.h"

namespace vdsokit::on_linux {

u64 InitialAuxv::value(u64 type) const {
    for (AuxEntry const& entry : entries)
        if (entry.type == type) return entry.value;
    return 0;
}

u64 InitialAuxv::vdso() const { return value(AT_SYSINFO_EHDR); }

u64 InitialAuxv::vdso_value_at() const {
    for (u64 index = 0; index < entries.size(); ++index)
        if (entries[index].type == AT_SYSINFO_EHDR)
            return address + index * sizeof(AuxEntry) + offsetof(AuxEntry, value);
    return 0;
}

}  // namespace vdsokit::on_linux
