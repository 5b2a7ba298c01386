// SPDX-License-Identifier: Apache-2.0
// Files of results: whole or not at all, whatever stands at the name.
#include "common/output/output_file.hpp"

#include "common/base/error.hpp"
#include "tests/support/temp_dir.hpp"

#include <gtest/gtest.h>

#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <thread>

namespace caretaker {
namespace {

namespace fs = std::filesystem;

std::string content(const std::string& path) {
    std::ifstream file(path);
    return {std::istreambuf_iterator<char>(file), {}};
}

int count_files(const fs::path& directory) {
    return static_cast<int>(std::distance(fs::directory_iterator(directory), {}));
}

mode_t mode_of(const std::string& path) {
    struct stat status {};

    EXPECT_EQ(::stat(path.c_str(), &status), 0);
    return status.st_mode & 07777;
}

TEST(OutputFile, IsReadableByAllWhateverTheUmask) {
    const TempDir dir;
    const mode_t before = ::umask(0077);
    write_output_file(dir.file("a"), "one\n");
    ::umask(before);
    EXPECT_EQ(content(dir.file("a")), "one\n");
    EXPECT_EQ(mode_of(dir.file("a")), 0644U);
    EXPECT_EQ(count_files(dir.path()), 1) << "nothing is left beside it";
}

TEST(OutputFile, ReplacesAnOlderOne) {
    const TempDir dir;
    write_output_file(dir.file("a"), "one, and it is longer\n");
    write_output_file(dir.file("a"), "two\n");
    EXPECT_EQ(content(dir.file("a")), "two\n");
    write_output_file(dir.file("a"), "");
    EXPECT_EQ(content(dir.file("a")), "");
}

TEST(OutputFile, ReplacesTheTargetOfALinkAndNotTheLink) {
    const TempDir dir;
    fs::create_directory(dir.path() / "real");
    write_output_file(dir.file("real/a"), "one\n");
    fs::create_symlink("real/a", dir.path() / "link");
    fs::create_symlink("real/new", dir.path() / "dangling");
    write_output_file(dir.file("link"), "two\n");
    write_output_file(dir.file("dangling"), "three\n");
    EXPECT_TRUE(fs::is_symlink(dir.path() / "link"));
    EXPECT_EQ(content(dir.file("real/a")), "two\n");
    EXPECT_EQ(content(dir.file("real/new")), "three\n");
}

TEST(OutputFile, IsWrittenDirectlyToWhatIsNoFile) {
    write_output_file("/dev/null", "gone\n");

    struct stat status {};

    ASSERT_EQ(::stat("/dev/null", &status), 0);
    EXPECT_TRUE(S_ISCHR(status.st_mode));

    const TempDir dir;
    ASSERT_EQ(::mkfifo(dir.file("pipe").c_str(), 0600), 0);
    std::string read;
    std::thread reader([&] { read = content(dir.file("pipe")); });
    write_output_file(dir.file("pipe"), "through\n");
    reader.join();
    EXPECT_EQ(read, "through\n");
    EXPECT_TRUE(fs::is_fifo(dir.path() / "pipe"));
}

TEST(OutputFile, ThatCannotBeWrittenIsNamedAndLeavesNothing) {
    const TempDir dir;
    fs::create_symlink("b", dir.path() / "a");
    fs::create_symlink("a", dir.path() / "b");
    for (const std::string& path : {dir.file("missing/a"),
                                    std::string("/dev/full"),
                                    dir.path().string(),
                                    dir.file("a"),
                                    std::string()}) {
        try {
            write_output_file(path, "text");
            FAIL() << path;
        } catch (const Error& error) {
            EXPECT_EQ(error.exit_code(), ExitCode::failed);
            EXPECT_EQ(error.code(), "output_file");
            EXPECT_NE(std::string(error.what()).find("writing " + path + ": "), std::string::npos)
                << error.what();
        }
    }
    EXPECT_EQ(count_files(dir.path()), 2);
}

}  // namespace
}  // namespace caretaker
