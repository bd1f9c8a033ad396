// SPDX-License-Identifier: BSD-2-Clause
#include "tool/vdsokit/source.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>

#include "tool/vdsokit/failure.h"

namespace vdsokit::test {
namespace {

class SourceTest : public testing::Test {
protected:
    SourceTest() {
        std::string name = (std::filesystem::temp_directory_path() / "source-XXXXXX").string();
        folder_ = ::mkdtemp(name.data());
    }
    ~SourceTest() override { std::filesystem::remove_all(folder_); }

    std::string path(char const* name) const { return (folder_ / name).string(); }
    u64 files() const {
        auto const all = std::filesystem::directory_iterator(folder_);
        return static_cast<u64>(std::distance(begin(all), end(all)));
    }

    std::filesystem::path folder_;
};

TEST_F(SourceTest, what_is_written_is_read_back_and_nothing_else_is_left) {
    std::vector<u8> const content = {1, 2, 0, 255};
    tool::write_file(path("image"), content);
    EXPECT_EQ(tool::read_file(path("image")).content, content);
    EXPECT_EQ(files(), 1u);
    struct stat status {};
    ASSERT_EQ(::stat(path("image").c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 07777, 0644u);
}

TEST_F(SourceTest, a_symbolic_link_is_replaced_and_not_followed) {
    tool::write_file(path("target"), {1});
    std::filesystem::create_symlink("target", path("link"));
    tool::write_file(path("link"), {2});
    EXPECT_EQ(tool::read_file(path("target")).content, std::vector<u8>{1});
    EXPECT_EQ(tool::read_file(path("link")).content, std::vector<u8>{2});
}

TEST_F(SourceTest, a_name_that_cannot_be_replaced_leaves_nothing_behind) {
    std::filesystem::create_directory(path("folder"));
    EXPECT_THROW(tool::write_file(path("folder"), {1}), tool::Failure);
    EXPECT_THROW(tool::write_file(path("none/image"), {1}), tool::Failure);
    EXPECT_EQ(files(), 1u);
}

TEST_F(SourceTest, an_empty_file_is_read_as_nothing) {
    std::ofstream(path("empty")).close();
    EXPECT_TRUE(tool::read_file(path("empty")).content.empty());
}

}  // namespace
}  // namespace vdsokit::test
