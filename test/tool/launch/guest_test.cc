// SPDX-License-Identifier: BSD-2-Clause
#include "tool/launch/guest.h"

#include <gtest/gtest.h>

#include "test/tool/launch/elf_file.h"
#include "test/tool/launch/temporary_folder.h"
#include "tool/launch/failure.h"

namespace vdsokit::launch {
namespace {

int status_of(std::string const& program) {
    Options options;
    options.command = {program};
    GuestTree tree;
    try {
        add_program(tree, options, {});
    } catch (Failure const& failure) {
        return failure.status;
    }
    return 0;
}

TEST(Program, becomes_a_file_in_bin_and_keeps_its_arguments) {
    TemporaryFolder folder;
    Options options;
    options.command = {
        folder.add("probe", ElfFile{.interpreter = "", .libraries = {}}.bytes(), 0755), "one",
        "two"};
    GuestTree tree;
    EXPECT_EQ(add_program(tree, options, {}),
              (std::vector<std::string>{"/bin/probe", "one", "two"}));
    EXPECT_TRUE(tree.contains("/bin/probe"));
}

TEST(Program, that_cannot_run_has_a_shells_status) {
    TemporaryFolder folder;
    EXPECT_EQ(status_of((folder.path() / "none").string()), status_not_found);
    EXPECT_EQ(status_of(folder.path().string()), status_not_executable) << "a folder";
    EXPECT_EQ(status_of(folder.add("plain", "text")), status_not_executable) << "no x";
    EXPECT_EQ(
        status_of(folder.add(
            "foreign", ElfFile{.interpreter = "", .libraries = {}, .machine = 62}.bytes(), 0755)),
        status_not_executable)
        << "another machine's";
    EXPECT_EQ(status_of(folder.add("script", "#!/bin/sh\n", 0755)), 0) << "the guest's to run";
}

TEST(Program, may_be_a_command_of_busybox) {
    EXPECT_EQ(status_of("ls"), 0);
    EXPECT_EQ(status_of("./ls"), status_not_found) << "a path is a file";
    EXPECT_EQ(status_of("no-such-command"), status_not_found);
}

TEST(BootWords, say_what_was_asked_for) {
    Options options;
    EXPECT_EQ(boot_words(options, nullptr), "vdso=shared");
    options.image_use = ImageUse::rel4;
    options.stats = options.verbose = true;
    WindowSize const size = {24, 80};
    EXPECT_EQ(boot_words(options, &size), "vdso=rel4 terminal rows=24 columns=80 stats verbose");
    options.image_use = ImageUse::none;
    options.stats = options.verbose = false;
    EXPECT_EQ(boot_words(options, nullptr), "vdso=none");
}

}  // namespace
}  // namespace vdsokit::launch
