// SPDX-License-Identifier: BSD-2-Clause
#include "hosts/machine/boot_arguments.h"

namespace vdsokit::machine {
namespace {

using kit::Bytes;
using personality::VdsoMode;

bool is(Bytes word, char const* text) {
    u64 at = 0;
    for (; at < word.size(); ++at)
        if (text[at] == '\0' || word[at] != static_cast<u8>(text[at])) return false;
    return text[at] == '\0';
}

// `word` is `name` and then a decimal number that fits.
bool number_after(Bytes word, char const* name, u16& to) {
    u64 at = 0;
    for (; name[at] != '\0'; ++at)
        if (at == word.size() || word[at] != static_cast<u8>(name[at])) return false;
    if (at == word.size()) return false;
    u32 value = 0;
    for (; at < word.size(); ++at) {
        if (word[at] < '0' || word[at] > '9') return false;
        value = value * 10 + (word[at] - u32{'0'});
        if (value > 0xffff) return false;
    }
    to = static_cast<u16>(value);
    return true;
}

bool take(Bytes word, BootArguments& arguments) {
    if (is(word, "terminal"))
        arguments.terminal = true;
    else if (is(word, "stats"))
        arguments.stats = true;
    else if (is(word, "verbose"))
        arguments.verbose = true;
    else if (is(word, "vdso=none"))
        arguments.vdso = VdsoMode::none;
    else if (is(word, "vdso=shared"))
        arguments.vdso = VdsoMode::shared;
    else if (is(word, "vdso=rel4"))
        arguments.vdso = VdsoMode::rel4;
    else if (is(word, "vdso-address=fixed"))
        arguments.vdso_address = VdsoAddress::fixed;
    else if (is(word, "vdso-address=random"))
        arguments.vdso_address = VdsoAddress::random;
    else
        return number_after(word, "rows=", arguments.rows) ||
               number_after(word, "columns=", arguments.columns);
    return true;
}

}  // namespace

kit::Result<BootArguments, BootArgumentFault> read_boot_arguments(Bytes line) {
    BootArguments arguments;
    for (u64 at = 0; at < line.size();) {
        if (line[at] == ' ') {
            ++at;
            continue;
        }
        u64 end = at;
        while (end < line.size() && line[end] != ' ') ++end;
        Bytes const word = line.part(at, end - at);
        if (!take(word, arguments)) return BootArgumentFault{word};
        at = end;
    }
    return arguments;
}

}  // namespace vdsokit::machine
