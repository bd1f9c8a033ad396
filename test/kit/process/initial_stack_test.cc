// SPDX-License-Identifier: BSD-2-Clause
#include "kit/process/initial_stack.h"

#include <gtest/gtest.h>

#include <cstring>
#include <map>
#include <string>
#include <vector>

namespace vdsokit::test {
namespace {

using kit::Aux;
using kit::Auxv;
using kit::InitialStack;
using kit::StackError;
using kit::StackFault;
using kit::StackRules;

struct Strings {
    std::vector<std::string> argv{};
    std::vector<std::string> envp{};
    u64 unreadable = ~u64{0};        // this one cannot be read
    u64 unreadable_later = ~u64{0};  // ... or only when it is copied
    bool grows = false;              // a second look finds each string longer

    mutable u64 looks = 0;

    std::string const& at(u64 index) const {
        return index < argv.size() ? argv[index] : envp[index - argv.size()];
    }
    u64 arguments() const { return argv.size(); }
    u64 environment() const { return envp.size(); }
    u64 size(u64 index, u64 limit) const {
        if (index == unreadable) return 0;
        looks += 1;
        u64 const extra = grows && looks > argv.size() + envp.size() ? 1 : 0;
        u64 const size = at(index).size() + 1 + extra;
        return size > limit ? limit + 1 : size;
    }
    bool copy(u64 index, u64 offset, u8* to, u64 size) const {
        if (index == unreadable_later) return false;
        std::memcpy(to, at(index).c_str() + offset, size);
        return true;
    }
};
static_assert(kit::StackStrings<Strings>);

// The process's stack: writes outside [low, high) fail, like those to unmapped memory.
struct Memory {
    u64 low;
    u64 high;
    std::vector<u8> bytes;
    u64 fails_below = 0;

    Memory(u64 from, u64 to) : low(from), high(to), bytes(to - from, 0xa5) {}
    bool write(kit::VirtualAddress at, u8 const* from, u64 size) {
        if (at.value < low || at.value > high || size > high - at.value) return false;
        if (at.value < fails_below) return false;
        std::memcpy(&bytes[at.value - low], from, size);
        return true;
    }
    u64 word(u64 at, u64 size) const {
        u64 value = 0;
        std::memcpy(&value, &bytes.at(at - low), size);
        return value;
    }
    std::string text(u64 at) const { return reinterpret_cast<char const*>(&bytes.at(at - low)); }
};

// What a libc's start-up code reads from the stack pointer on.
struct Seen {
    std::vector<std::string> argv;
    std::vector<std::string> envp;
    std::vector<kit::AuxEntry> auxv;
    u64 aux(Aux type) const {
        for (kit::AuxEntry const& entry : auxv)
            if (entry.type == type) return entry.value;
        return ~u64{0};
    }
};
Seen read_as_libc(Memory const& memory, u64 at, u64 word) {
    Seen seen;
    auto const next = [&] {
        u64 const value = memory.word(at, word);
        at += word;
        return value;
    };
    u64 const count = next();
    for (u64 i = 0; i < count; ++i) seen.argv.push_back(memory.text(next()));
    EXPECT_EQ(next(), 0u) << "argv ends with NULL";
    while (u64 const pointer = next()) seen.envp.push_back(memory.text(pointer));
    for (;;) {
        Aux const type{next()};
        u64 const value = next();
        if (type == Aux::null) return seen;
        seen.auxv.push_back({type, value});
    }
}

Auxv full_auxv() {
    Auxv auxv;
    for (Aux const type : {Aux::pagesz, Aux::entry, Aux::random, Aux::execfn, Aux::platform})
        EXPECT_TRUE(auxv.add(type, type == Aux::pagesz ? 4096 : 0));
    return auxv;
}

StackRules rules(u8 file_class, u64 top) {
    StackRules rules{};
    rules.file_class = file_class;
    rules.top = {top};
    rules.bytes_limit = u64{2} * 1024 * 1024;
    rules.string_limit = u64{128} * 1024;
    rules.exec_name = "/bin/probe";
    rules.platform = "aarch64";
    for (u8 i = 0; i < 16; ++i) rules.random[i] = static_cast<u8>(i + 1);
    return rules;
}

class InitialStackOfClass : public testing::TestWithParam<u8> {
protected:
    u64 word() const { return kit::word_size(GetParam()); }
    u64 const top = GetParam() == kit::elf::file_class::bits32 ? 0xbfff'f000 : 0x7fff'ffff'f000;
};
INSTANTIATE_TEST_SUITE_P(, InitialStackOfClass,
                         testing::Values(kit::elf::file_class::bits32,
                                         kit::elf::file_class::bits64));

TEST_P(InitialStackOfClass, LibcFindsWhatExecWasGiven) {
    Strings const strings{.argv = {"probe", "", "--times=3"},
                          .envp = {"PATH=/bin", "TZ=UTC", "EMPTY="}};
    auto const stack = InitialStack::measure(strings, full_auxv(), rules(GetParam(), top));
    ASSERT_TRUE(stack);
    Memory memory(top - 65536, top);
    ASSERT_TRUE(stack.value().write(strings, memory));
    u64 const sp = stack.value().stack_pointer().value;
    EXPECT_EQ(sp % 16, 0u);

    Seen const seen = read_as_libc(memory, sp, word());
    EXPECT_EQ(seen.argv, strings.argv);
    EXPECT_EQ(seen.envp, strings.envp);
    EXPECT_EQ(seen.auxv.size(), 5u);
    EXPECT_EQ(seen.aux(Aux::pagesz), 4096u);
    EXPECT_EQ(memory.text(seen.aux(Aux::execfn)), "/bin/probe");
    EXPECT_EQ(memory.text(seen.aux(Aux::platform)), "aarch64");
    for (u64 i = 0; i < 16; ++i) EXPECT_EQ(memory.word(seen.aux(Aux::random) + i, 1), i + 1);
    for (kit::AuxEntry const& entry : seen.auxv)
        EXPECT_EQ(*stack.value().auxv().find(entry.type), entry.value) << "/proc/self/auxv";
}

TEST_P(InitialStackOfClass, StringsFollowOneAnotherAsProcCmdlineNeedsThem) {
    Strings const strings{.argv = {"a", "bc"}, .envp = {"d=e"}};
    auto const stack = InitialStack::measure(strings, full_auxv(), rules(GetParam(), top));
    ASSERT_TRUE(stack);
    Memory memory(top - 4096, top);
    ASSERT_TRUE(stack.value().write(strings, memory));
    u64 const start = stack.value().arguments_start().value;
    u64 const end = stack.value().environment_end().value;
    std::string const all(reinterpret_cast<char const*>(&memory.bytes[start - memory.low]),
                          end - start);
    EXPECT_EQ(all, std::string("a\0bc\0d=e\0", 9));
    EXPECT_EQ(stack.value().environment_start().value - start, 5u);
}

TEST_P(InitialStackOfClass, TheStackPointerIsAlignedForEveryCountOfEverything) {
    for (u64 arguments = 0; arguments < 4; ++arguments) {
        for (u64 environment = 0; environment < 4; ++environment) {
            for (u64 entries = 0; entries < 4; ++entries) {
                for (u64 length = 0; length < 17; ++length) {
                    Strings const strings{
                        .argv = std::vector<std::string>(arguments, std::string(length, 'x')),
                        .envp = std::vector<std::string>(environment, "v=1")};
                    Auxv auxv;
                    for (u64 i = 0; i < entries; ++i) ASSERT_TRUE(auxv.add(Aux::flags, i));
                    // An odd top as well: the stack is moved by entropy.
                    auto const stack =
                        InitialStack::measure(strings, auxv, rules(GetParam(), top - length));
                    ASSERT_TRUE(stack);
                    u64 const sp = stack.value().stack_pointer().value;
                    EXPECT_EQ(sp % 16, 0u);
                    Memory memory(sp, top - length);
                    ASSERT_TRUE(stack.value().write(strings, memory))
                        << "nothing lies outside [stack pointer, top)";
                    Seen const seen = read_as_libc(memory, sp, word());
                    EXPECT_EQ(seen.argv, strings.argv);
                    EXPECT_EQ(seen.envp, strings.envp);
                    EXPECT_EQ(seen.auxv.size(), entries);
                }
            }
        }
    }
}

TEST_P(InitialStackOfClass, WhatTheVectorDoesNotNameIsLeftOut) {
    Strings const strings{.argv = {"rel4"}};
    Auxv auxv;
    ASSERT_TRUE(auxv.add(Aux::execfn, 0));
    auto const stack = InitialStack::measure(strings, auxv, rules(GetParam(), top));
    ASSERT_TRUE(stack);
    Memory memory(top - 4096, top);
    ASSERT_TRUE(stack.value().write(strings, memory));
    Seen const seen = read_as_libc(memory, stack.value().stack_pointer().value, word());
    ASSERT_EQ(seen.auxv.size(), 1u);
    EXPECT_EQ(memory.text(seen.aux(Aux::execfn)), "/bin/probe");
    std::string const all(memory.bytes.begin(), memory.bytes.end());
    EXPECT_EQ(all.find("aarch64"), std::string::npos);
}

TEST_P(InitialStackOfClass, TooMuchIsRefusedAtTheLimitAndNotBefore) {
    // Three strings of 8 bytes with their NUL, a pointer each, and the name's 11 bytes.
    Strings const strings{.argv = {"1234567"}, .envp = {"1234567", "1234567"}};
    u64 const need = 3 * (8 + word()) + 11;
    StackRules limited = rules(GetParam(), top);
    limited.bytes_limit = need;
    EXPECT_TRUE(InitialStack::measure(strings, full_auxv(), limited));
    limited.bytes_limit = need - 1;
    auto const name = InitialStack::measure(strings, full_auxv(), limited);
    ASSERT_FALSE(name);
    EXPECT_EQ(name.error(), (StackFault{StackError::too_large, 0})) << "the name does not fit";
    limited.bytes_limit = need - 12;
    auto const string = InitialStack::measure(strings, full_auxv(), limited);
    ASSERT_FALSE(string);
    EXPECT_EQ(string.error(), (StackFault{StackError::too_large, 2}));
    limited.bytes_limit = 3 * word() - 1;
    auto const pointers = InitialStack::measure(strings, full_auxv(), limited);
    ASSERT_FALSE(pointers);
    EXPECT_EQ(pointers.error(), (StackFault{StackError::too_large, 0}))
        << "pointers alone are too many: no string is looked at";
}

TEST_P(InitialStackOfClass, OneStringMayNotExceedItsOwnLimit) {
    StackRules limited = rules(GetParam(), top);
    limited.string_limit = 100;
    Strings const fits{.argv = {"a", std::string(99, 'x')}};
    EXPECT_TRUE(InitialStack::measure(fits, full_auxv(), limited));
    Strings const long_one{.argv = {"a", std::string(100, 'x')}};
    auto const refused = InitialStack::measure(long_one, full_auxv(), limited);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error(), (StackFault{StackError::string_too_long, 1}));
}

TEST_P(InitialStackOfClass, AnUnreadableStringIsNamed) {
    Strings strings{.argv = {"a", "b"}, .envp = {"c"}};
    strings.unreadable = 2;
    auto const refused = InitialStack::measure(strings, full_auxv(), rules(GetParam(), top));
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error(), (StackFault{StackError::unreadable_string, 2}));

    strings.unreadable = ~u64{0};
    auto const stack = InitialStack::measure(strings, full_auxv(), rules(GetParam(), top));
    ASSERT_TRUE(stack);
    strings.unreadable_later = 1;
    Memory memory(top - 4096, top);
    auto const written = stack.value().write(strings, memory);
    ASSERT_FALSE(written);
    EXPECT_EQ(written.error(), (StackFault{StackError::unreadable_string, 1}));
}

TEST_P(InitialStackOfClass, AStringThatGrowsBetweenTheTwoLooksDoesNotRunIntoTheNext) {
    Strings strings{.argv = {"a", "b"}, .envp = {"c"}};
    strings.grows = true;
    auto const stack = InitialStack::measure(strings, full_auxv(), rules(GetParam(), top));
    ASSERT_TRUE(stack);
    Memory memory(top - 4096, top);
    auto const written = stack.value().write(strings, memory);
    ASSERT_FALSE(written);
    EXPECT_EQ(written.error(), (StackFault{StackError::unreadable_string, 1}));
}

TEST_P(InitialStackOfClass, MemoryThatRunsOutIsSaid) {
    Strings const strings{.argv = {"a"}};
    auto const stack = InitialStack::measure(strings, full_auxv(), rules(GetParam(), top));
    ASSERT_TRUE(stack);
    Memory memory(top - 4096, top);
    memory.fails_below = stack.value().stack_pointer().value + 1;
    auto const written = stack.value().write(strings, memory);
    ASSERT_FALSE(written);
    EXPECT_EQ(written.error().error, StackError::unwritable);

    // The strings fit, the pointers to them do not.
    memory.fails_below = stack.value().arguments_start().value;
    EXPECT_EQ(stack.value().write(strings, memory).error(),
              (StackFault{StackError::unwritable, 0}));
}

TEST_P(InitialStackOfClass, AStackThatWouldBeginBelowZeroIsTooLarge) {
    Strings const strings{.argv = {std::string(1000, 'x')}};
    auto const refused = InitialStack::measure(strings, full_auxv(), rules(GetParam(), 1024));
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error(), (StackFault{StackError::too_large, 0}));
}

TEST_P(InitialStackOfClass, AStringLongerThanTheCopyBufferArrivesWhole) {
    std::string text;
    for (u64 i = 0; i < 1000; ++i) text += static_cast<char>('a' + i % 26);
    for (u64 const length : {255u, 256u, 257u, 511u, 512u, 513u, 1000u}) {
        Strings const strings{.argv = {text.substr(0, length)}};
        auto const stack = InitialStack::measure(strings, full_auxv(), rules(GetParam(), top));
        ASSERT_TRUE(stack);
        Memory memory(top - 8192, top);
        ASSERT_TRUE(stack.value().write(strings, memory));
        Seen const seen = read_as_libc(memory, stack.value().stack_pointer().value, word());
        EXPECT_EQ(seen.argv, strings.argv) << length;
    }
}

TEST(AuxvList, IsFullAtItsCapacityLessTheTerminator) {
    Auxv auxv;
    for (u64 i = 0; i < Auxv::capacity - 1; ++i) ASSERT_TRUE(auxv.add(Aux::flags, i));
    EXPECT_FALSE(auxv.add(Aux::flags, 0));
    EXPECT_EQ(auxv.find(Aux::entry), nullptr);
    EXPECT_FALSE(auxv.set(Aux::entry, 1));
}

TEST(AuxvList, NumbersAreLinuxs) {
    std::map<Aux, u64> const numbers = {
        {Aux::phdr, 3},    {Aux::phent, 4},   {Aux::phnum, 5},         {Aux::pagesz, 6},
        {Aux::base, 7},    {Aux::flags, 8},   {Aux::entry, 9},         {Aux::uid, 11},
        {Aux::euid, 12},   {Aux::gid, 13},    {Aux::egid, 14},         {Aux::platform, 15},
        {Aux::hwcap, 16},  {Aux::clktck, 17}, {Aux::secure, 23},       {Aux::random, 25},
        {Aux::hwcap2, 26}, {Aux::execfn, 31}, {Aux::sysinfo_ehdr, 33}, {Aux::minsigstksz, 51}};
    for (auto const& [type, number] : numbers) EXPECT_EQ(static_cast<u64>(type), number);
}

}  // namespace
}  // namespace vdsokit::test
