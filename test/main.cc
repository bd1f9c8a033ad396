// SPDX-License-Identifier: BSD-2-Clause
// A test binary that ran no case has failed.
#include <gtest/gtest.h>

#include <cstdio>

int main(int argc, char** argv) {
    testing::InitGoogleTest(&argc, argv);
    int const status = RUN_ALL_TESTS();
    if (testing::GTEST_FLAG(list_tests)) return status;
    if (testing::UnitTest::GetInstance()->test_to_run_count() == 0) {
        std::fputs("no test case ran\n", stderr);
        return 1;
    }
    return status;
}
