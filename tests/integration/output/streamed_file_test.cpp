// SPDX-License-Identifier: Apache-2.0
// Files that show up when they are whole.
#include "common/output/streamed_file.hpp"

#include "common/base/error.hpp"
#include "tests/support/temp_dir.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

namespace caretaker {

namespace {

namespace fs = std::filesystem;

std::string read(const std::string& path) {
    std::ifstream file(path);
    return {std::istreambuf_iterator<char>(file), {}};
}

class StreamedOutput : public testing::Test {
 protected:
    [[nodiscard]] std::size_t files() const {
        const fs::directory_iterator entries(directory_.path());
        return static_cast<std::size_t>(std::distance(fs::begin(entries), fs::end(entries)));
    }

    TempDir directory_;
    std::string path_ = directory_.file("out");
};

TEST_F(StreamedOutput, ShowsUpWhenItIsPublished) {
    StreamedFile file(path_);
    file.write("one ");
    file.write("two");
    EXPECT_EQ(files(), 0U);
    file.publish();
    EXPECT_EQ(read(path_), "one two");
    EXPECT_EQ(files(), 1U);
}

TEST_F(StreamedOutput, LeavesNothingBehindUnpublished) {
    { StreamedFile(path_).write("one"); }
    EXPECT_EQ(files(), 0U);
}

TEST_F(StreamedOutput, ReplacesTheFileThatHadItsName) {
    std::ofstream(path_) << "old";
    StreamedFile file(path_);
    file.write("new");
    EXPECT_EQ(read(path_), "old");
    file.publish();
    EXPECT_EQ(read(path_), "new");
    EXPECT_EQ(files(), 1U);
}

TEST_F(StreamedOutput, FollowsALink) {
    std::ofstream(directory_.file("real")) << "old";
    fs::create_symlink("real", path_);
    StreamedFile file(path_);
    file.write("new");
    file.publish();
    EXPECT_EQ(read(directory_.file("real")), "new");
    EXPECT_TRUE(fs::is_symlink(path_));
}

TEST_F(StreamedOutput, GoesToADeviceDirectly) {
    StreamedFile file("/dev/null");
    file.write("one");
    file.publish();
    EXPECT_TRUE(fs::is_character_file("/dev/null"));
}

TEST_F(StreamedOutput, SaysWhatCannotBeWritten) {
    const auto error_of = [](const std::string& path) {
        try {
            StreamedFile file(path);
            file.write("one");
        } catch (const Error& error) {
            EXPECT_EQ(error.exit_code(), ExitCode::failed);
            return std::string(error.what());
        }
        return std::string("no error");
    };
    EXPECT_TRUE(error_of("/dev/full").starts_with("writing /dev/full: No space left on device; "));
    EXPECT_NE(error_of(directory_.path().string()).find("Is a directory"), std::string::npos);
    EXPECT_NE(error_of(directory_.file("no/such")).find("No such file"), std::string::npos);
}

}  // namespace

}  // namespace caretaker
