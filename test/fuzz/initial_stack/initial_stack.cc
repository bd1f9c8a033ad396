// SPDX-License-Identifier: BSD-2-Clause
// The strings of an execve, which the caller owns and may change meanwhile, on the new stack. What
// was written is then read as libc does.
#include "kit/process/initial_stack.h"

#include <algorithm>
#include <cstring>
#include <vector>

#include "kit/image/elf.h"
#include "test/fuzz/target.h"

namespace vdsokit::fuzz {
namespace {

struct Strings {
    std::vector<std::string> argv;
    std::vector<std::string> envp;
    // From this look at a size on they are shorter or longer, unreadable, or have no NUL.
    u64 honest_looks = ~u64{0};
    u8 dishonesty = 0;

    u64 arguments() const { return argv.size(); }
    u64 environment() const { return envp.size(); }
    std::string const& at(u64 index) const {
        return index < argv.size() ? argv[index] : envp[index - argv.size()];
    }
    bool is_honest() {
        if (honest_looks == 0) return false;
        --honest_looks;
        return true;
    }
    u64 size(u64 index, u64 limit) {
        u64 size = at(index).size() + 1;
        if (!is_honest())
            size = dishonesty % 3 == 0 ? 0 : dishonesty % 3 == 1 ? size / 2 : 2 * size;
        return std::min(size, limit + 1);
    }
    bool copy(u64 index, u64 offset, u8* to, u64 size) {
        if (honest_looks == 0 && dishonesty >= 0x80) return false;
        std::string const& text = at(index);
        for (u64 byte = 0; byte < size; ++byte)
            to[byte] = offset + byte < text.size() ? static_cast<u8>(text[offset + byte]) : 0;
        return true;
    }
};

// The memory below `top`; outside it nothing may be written.
struct Memory {
    u64 bottom;
    std::vector<u8> bytes;
    u64 writes_left = ~u64{0};

    bool write(kit::VirtualAddress at, u8 const* from, u64 size) {
        require(at.value >= bottom && kit::inside(at.value - bottom, size, bytes.size()),
                "only the measured stack is written");
        if (writes_left == 0) return false;
        --writes_left;
        if (size != 0) std::memcpy(bytes.data() + (at.value - bottom), from, size);
        return true;
    }
    u64 word(u64 at, u64 size) const {
        u64 value = 0;
        require(at >= bottom && kit::inside(at - bottom, size, bytes.size()), "a word is there");
        std::memcpy(&value, bytes.data() + (at - bottom), size);
        return value;
    }
    std::string text(u64 at) const {
        std::string text;
        for (; word(at, 1) != 0; ++at) text.push_back(static_cast<char>(word(at, 1)));
        return text;
    }
};

void read_back(Memory const& memory, kit::InitialStack const& stack, Strings const& strings,
               kit::StackRules const& rules) {
    u64 const word = kit::word_size(rules.file_class);
    u64 at = stack.stack_pointer().value;
    require(at % 16 == 0, "a stack pointer is aligned");
    require(memory.word(at, word) == strings.argv.size(), "argc counts argv");
    at += word;
    for (std::vector<std::string> const* list : {&strings.argv, &strings.envp}) {
        for (std::string const& text : *list) {
            require(memory.text(memory.word(at, word)) == text.c_str(), "a string is what it was");
            at += word;
        }
        require(memory.word(at, word) == 0, "a list ends");
        at += word;
    }
    for (;; at += 2 * word) {
        auto const type = static_cast<kit::Aux>(memory.word(at, word));
        u64 const value = memory.word(at + word, word);
        if (type == kit::Aux::null) break;
        if (type == kit::Aux::execfn)
            require(rules.exec_name == nullptr ? value == 0 : memory.text(value) == rules.exec_name,
                    "AT_EXECFN");
        if (type == kit::Aux::platform)
            require(memory.text(value) == rules.platform, "AT_PLATFORM");
        if (type == kit::Aux::random)
            require(memory.word(value + 8, 8) == 0x0f0e0d0c0b0a0908, "AT_RANDOM");
    }
}

void run(kit::Bytes input) {
    Knobs knobs(input);
    u8 const flags = knobs.byte();
    u8 const more = knobs.byte();
    Strings strings;
    u64 const arguments = knobs.byte();
    if ((flags & 1) != 0) strings.honest_looks = knobs.byte();
    if ((flags & 1) != 0) strings.dishonesty = knobs.byte();
    bool const is_narrow = (flags & 2) != 0;
    kit::StackRules rules{
        .file_class = is_narrow ? kit::elf::file_class::bits32 : kit::elf::file_class::bits64,
        .top = {(flags & 4) != 0 ? u64{knobs.half()} : u64{0x8000'0000} - (more & 0x1f)},
        .bytes_limit = (flags & 8) != 0 ? u64{knobs.half()} : u64{2} << 20,
        .string_limit = (flags & 16) != 0 ? u64{knobs.byte()} + 1 : u64{128} << 10,
        .exec_name = (flags & 32) != 0 ? nullptr : "/bin/program",
        .platform = "cpu",
        .random = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15}};
    u64 const writes = (flags & 64) != 0 ? u64{knobs.half()} : ~u64{0};

    std::string_view rest = text_of(knobs.rest());
    while (!rest.empty()) {
        std::string const text(rest.substr(0, rest.find('\0')));
        rest.remove_prefix(std::min(rest.size(), text.size() + 1));
        (strings.argv.size() < arguments ? strings.argv : strings.envp).push_back(text);
    }
    kit::Auxv auxv;
    kit::Aux const entries[] = {kit::Aux::random, kit::Aux::execfn, kit::Aux::platform};
    for (u32 entry = 0; entry < 3; ++entry)
        if ((more >> (5 + entry) & 1) == 0)
            require(auxv.add(entries[entry], 0), "an auxiliary vector holds three");

    bool const was_honest = strings.honest_looks == ~u64{0};
    auto const measured = kit::InitialStack::measure(strings, auxv, rules);
    if (!measured) return;
    kit::InitialStack const& stack = measured.value();
    u64 const bottom = stack.stack_pointer().value;
    require(bottom < rules.top.value, "a stack lies below its top");
    u64 const top = kit::align_down(rules.top.value, 16);
    require(top - bottom <= rules.bytes_limit + (u64{16} << 10), "and is no larger than allowed");
    Memory memory{bottom, std::vector<u8>(top - bottom), writes};
    auto const written = stack.write(strings, memory);
    if (written && was_honest) read_back(memory, stack, strings, rules);
}

Target const target{"initial_stack", run};

}  // namespace
}  // namespace vdsokit::fuzz
