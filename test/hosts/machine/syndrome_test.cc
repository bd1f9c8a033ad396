// SPDX-License-Identifier: BSD-2-Clause
#include "hosts/machine/syndrome.h"

#include <gtest/gtest.h>

namespace vdsokit::machine {
namespace {

using host::FaultKind;

TEST(Syndrome, each_exception_from_a_process_has_one_meaning) {
    struct Row {
        u64 syndrome;
        UserEvent event;
        FaultKind kind;
        bool far;
        char const* reason;
    };
    using enum FaultKind;
    constexpr UserEvent fault = UserEvent::fault;
    Row const rows[] = {
        {0x56000000, UserEvent::system_call, undefined, false, "svc #0"},
        {0x56001234, UserEvent::system_call, undefined, false, "svc with a number, as on Linux"},
        {0x46000000, UserEvent::system_call, undefined, false, "svc #0 of AArch32"},
        {0x44000000, UserEvent::system_call, undefined, false, "the same in Thumb: two bytes"},
        {0xe2000000, fault, breakpoint, false, "bkpt of AArch32"},
        {0x0e000000, fault, undefined, false, "a trapped CP15 register of AArch32"},
        {0x12000000, fault, undefined, false, "mrrc of a timer that EL0 may not use"},
        {0xa2000000, fault, undefined, false, "a floating-point trap of AArch32"},
        {0x92000007, fault, read, true, "load, translation fault at level 3"},
        {0x92000004, fault, read, true, "load, translation fault at level 0"},
        {0x92000047, fault, write, true, "store, translation fault"},
        {0x9200004f, fault, write, true, "store, permission fault"},
        {0x92000000, fault, read, true, "load, address size fault"},
        {0x92000147, fault, read, true, "dc cvau of an unmapped page claims to write"},
        {0x92000021, fault, alignment, true, "unaligned exclusive load"},
        {0x92000010, fault, alignment, true, "external abort: SIGBUS as well"},
        {0x92000030, UserEvent::broken, undefined, false, "TLB conflict: break before make failed"},
        {0x9200000b, UserEvent::broken, undefined, false, "access flag: it is always set"},
        {0x82000007, fault, execute, true, "jump to an unmapped page"},
        {0x8200000f, fault, execute, true, "jump into data"},
        {0x8a000000, fault, alignment, false, "PC alignment"},
        {0x9a000000, fault, alignment, false, "SP alignment"},
        {0xf20003e8, fault, breakpoint, false, "brk #1000"},
        {0x02000000, fault, undefined, false, "no such instruction, or msr of EL1"},
        {0x62300001, fault, undefined, false, "a trapped system register"},
        {0x66000000, fault, undefined, false, "SVE, which is not enabled"},
        {0x1e000000, fault, undefined, false, "floating point, which cannot be trapped"},
        {0x36000003, fault, undefined, false, "branch target"},
    };
    for (Row const& row : rows) {
        UserException const exception = decode_user_exception(row.syndrome);
        EXPECT_EQ(exception.event, row.event) << row.reason;
        if (row.event != fault) continue;
        EXPECT_EQ(exception.kind, row.kind) << row.reason;
        EXPECT_EQ(exception.address_is_far, row.far) << row.reason;
    }
}

TEST(Syndrome, a_tag_is_no_part_of_an_address) {
    EXPECT_EQ(untagged(0x5a00'7fff'1234'5678), 0x0000'7fff'1234'5678u);
    EXPECT_EQ(untagged(0x0000'7fff'1234'5678), 0x0000'7fff'1234'5678u);
    EXPECT_EQ(untagged(0x00ff'ffff'8000'0000), 0xffff'ffff'8000'0000u);  // bit 55 tells the half
}

}  // namespace
}  // namespace vdsokit::machine
