// SPDX-License-Identifier: BSD-2-Clause
// What is compared: each function that our image exports, asked of our image, the kernel's vDSO,
// libc and the system call, and of a second image of ours where one is named. All of a function run
// in the same loop, by a pointer.
#pragma once

#include <array>
#include <string>
#include <vector>

#include "tool/bench/vdso_functions.h"

namespace vdsokit::bench {

enum class Subject : u8 { own, kernel, libc, system_call, counter, other };
inline constexpr std::array all_subjects{Subject::counter, Subject::own,  Subject::other,
                                         Subject::kernel,  Subject::libc, Subject::system_call};
inline constexpr std::size_t subject_count = all_subjects.size();
constexpr std::size_t index_of(Subject subject) { return static_cast<std::size_t>(subject); }
char const* name_of(Subject subject);

// `count` calls, one after the other; how many counter cycles they took.
using Loop = u64 (*)(AnyFunction function, u32 clock, u32 count);

// One row of the result. A null function: there is nothing of that kind to ask.
struct Row {
    std::string function;
    std::string clock;  // empty where the function has none
    u32 clock_number;
    Loop loop;
    std::array<AnyFunction, subject_count> functions;

    std::string label() const { return clock.empty() ? function : function + "(" + clock + ")"; }
    bool has(Subject subject) const {
        return subject == Subject::counter || functions[index_of(subject)] != nullptr;
    }
    u64 run(Subject subject, u32 count) const;
};

// `other`: of a second image, or empty.
std::vector<Row> rows(VdsoFunctions const& own, VdsoFunctions const& kernel,
                      VdsoFunctions const& other);

// Asks each function once and compares our clocks with the kernel's; an empty string, or what is
// wrong. What answers falsely is not worth a measurement.
std::string fault_of(Row const& row);

}  // namespace vdsokit::bench
