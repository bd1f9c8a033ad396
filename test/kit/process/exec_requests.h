// SPDX-License-Identifier: BSD-2-Clause
// Programs and requests that plan_exec() agrees to, for a test to change.
#pragma once

#include <gtest/gtest.h>

#include "kit/process/exec.h"
#include "test/kit/process/program_builder.h"

namespace vdsokit::test {

inline constexpr u64 page = 4096;
inline constexpr u64 process_end = u64{1} << 47;
inline constexpr kit::AddressRange stack{process_end - 0x90'0000, process_end - 0x1000};

inline kit::Program opened(Builder64 const& builder) {
    auto const program = open_bytes(builder.bytes(), rules_for<elf::Class64>());
    EXPECT_TRUE(program) << text_of(program.error().error);
    return program.value();
}

// Position-independent, from 0: code, then data.
inline Builder64 pie(bool with_interpreter) {
    Builder64 builder;
    builder.header.type = elf::file_type::shared;
    builder.load(0, 0, 0x1000, 0x1000, elf::segment_flag::read | elf::segment_flag::execute);
    builder.load(0x1000, 0x11000, 0x800, 0x2800,
                 elf::segment_flag::read | elf::segment_flag::write);
    builder.header.entry = 0x400;
    builder.size = 0x1800;
    if (with_interpreter) builder.interpret_by("/lib/ld.so");
    return builder;
}

inline kit::ExecRequest request_for(kit::Program const& program, kit::Program const* interpreter) {
    return {.program = program,
            .interpreter = interpreter,
            .page_size = page,
            .process = {0x10000, process_end},
            .stack = stack,
            .program_base = 0x5555'5555'5000,
            .mapping_top = stack.start,
            .vdso_placement = kit::VdsoPlacement::anywhere,
            .vdso = {0, 2 * page},
            .vdso_alignment = page};
}

}  // namespace vdsokit::test
