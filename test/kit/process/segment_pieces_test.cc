// SPDX-License-Identifier: BSD-2-Clause
#include <gtest/gtest.h>

#include "kit/process/exec.h"

namespace vdsokit::test {
namespace {

using kit::Access;
using kit::AddressRange;

constexpr u64 page = 4096;

TEST(SegmentPieces, CoverASegmentInWholePages) {
    struct Row {
        char const* reason;
        kit::ProgramSegment segment;
        AddressRange file;
        u64 offset;
        AddressRange clear;
        AddressRange zero;
    };
    u64 const base = 0x10'0000;
    Row const rows[] = {
        {"code from the file's start",
         {0, 0x1000, 0, 0x1000, Access::read_execute, 0},
         {base, base + 0x1000},
         0,
         {},
         {base + 0x1000, base + 0x1000}},
        {"it begins and ends within a page",
         {0x1234, 0x100, 0x234, 0x100, Access::read, 0},
         {base + 0x1000, base + 0x2000},
         0,
         {},
         {base + 0x2000, base + 0x2000}},
        {"data, .bss in the same page and two more",
         {0x1800, 0x2000, 0x800, 0x100, Access::read_write, 0},
         {base + 0x1000, base + 0x2000},
         0,
         {base + 0x1900, base + 0x2000},
         {base + 0x2000, base + 0x4000}},
        {"data up to the end of a page, then .bss",
         {0x1000, 0x2000, 0x1000, 0x1000, Access::read_write, 0},
         {base + 0x1000, base + 0x2000},
         0x1000,
         {base + 0x2000, base + 0x2000},
         {base + 0x2000, base + 0x3000}},
        {".bss alone",
         {0x1008, 0x10, 0x8, 0, Access::read_write, 0},
         {base + 0x1000, base + 0x1000},
         0,
         {},
         {base + 0x1000, base + 0x2000}},
    };
    for (Row const& row : rows) {
        kit::SegmentPieces const pieces = kit::pieces_of(row.segment, base, page);
        EXPECT_EQ(pieces.file.start, row.file.start) << row.reason;
        EXPECT_EQ(pieces.file.end, row.file.end) << row.reason;
        EXPECT_EQ(pieces.file_offset, row.offset) << row.reason;
        EXPECT_EQ(pieces.clear.size(), row.clear.size()) << row.reason;
        EXPECT_TRUE(row.clear.size() == 0 || pieces.clear.start == row.clear.start) << row.reason;
        EXPECT_EQ(pieces.zero.start, row.zero.start) << row.reason;
        EXPECT_EQ(pieces.zero.end, row.zero.end) << row.reason;
        EXPECT_EQ(pieces.access, row.segment.access) << row.reason;
    }
}

}  // namespace
}  // namespace vdsokit::test
