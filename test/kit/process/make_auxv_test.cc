// SPDX-License-Identifier: BSD-2-Clause
#include <gtest/gtest.h>

#include "test/kit/process/exec_requests.h"

namespace vdsokit::test {
namespace {

using kit::Aux;
using kit::ExecRequest;
using kit::Program;
using kit::VdsoPlacement;

TEST(MakeAuxv, HasLinuxsEntriesInLinuxsOrder) {
    Program const program = opened(pie(true));
    Program const interpreter = opened(pie(false));
    auto const plan = plan_exec(request_for(program, &interpreter));
    ASSERT_TRUE(plan);
    kit::ProcessFacts const facts{.page_size = page,
                                  .user = 1,
                                  .effective_user = 2,
                                  .group = 3,
                                  .effective_group = 4,
                                  .is_secure = true,
                                  .hwcap = 5,
                                  .hwcap2 = 6,
                                  .clock_ticks = 100,
                                  .signal_stack_size = 4720,
                                  .has_platform = true};
    kit::Auxv const auxv = make_auxv(program, plan.value(), facts);
    kit::AuxEntry const expected[] = {
        {Aux::sysinfo_ehdr, plan.value().vdso},
        {Aux::minsigstksz, 4720},
        {Aux::hwcap, 5},
        {Aux::pagesz, page},
        {Aux::clktck, 100},
        {Aux::phdr, plan.value().program_bias + 64},
        {Aux::phent, 56},
        {Aux::phnum, 3},
        {Aux::base, plan.value().interpreter_bias},
        {Aux::flags, 0},
        {Aux::entry, plan.value().program_entry},
        {Aux::uid, 1},
        {Aux::euid, 2},
        {Aux::gid, 3},
        {Aux::egid, 4},
        {Aux::secure, 1},
        {Aux::random, 0},
        {Aux::hwcap2, 6},
        {Aux::execfn, 0},
        {Aux::platform, 0},
    };
    ASSERT_EQ(auxv.size(), std::size(expected));
    for (u64 at = 0; at < auxv.size(); ++at) EXPECT_EQ(auxv[at], expected[at]) << at;
}

TEST(MakeAuxv, LeavesOutWhatIsNotThere) {
    Program const program = opened(pie(false));
    ExecRequest request = request_for(program, nullptr);
    request.vdso_placement = VdsoPlacement::none;
    auto const plan = plan_exec(request);
    ASSERT_TRUE(plan);
    kit::Auxv const auxv = make_auxv(program, plan.value(), kit::ProcessFacts{});
    EXPECT_EQ(auxv.find(Aux::sysinfo_ehdr), nullptr) << "0 would do, absent is clearer";
    EXPECT_EQ(auxv.find(Aux::minsigstksz), nullptr);
    EXPECT_EQ(auxv.find(Aux::platform), nullptr);
    ASSERT_NE(auxv.find(Aux::base), nullptr);
    EXPECT_EQ(*auxv.find(Aux::base), 0u);
}

}  // namespace
}  // namespace vdsokit::test
