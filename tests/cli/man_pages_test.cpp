// SPDX-License-Identifier: Apache-2.0
// The man pages as a formatter reads them.
#include "jobs/registry.hpp"
#include "tests/support/child_process.hpp"
#include "tests/support/spawn.hpp"
#include "tests/support/temp_dir.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>
#include <string>

namespace caretaker::testing {
namespace {

namespace fs = std::filesystem;

Finished write_pages(const std::string& directory) {
    return run_command({.argv = {CARETAKER_BINARY, "man", "--out", directory},
                        .environment = {{"CARETAKER_CONFIG", "/nowhere/broken.yml"}},
                        .inherit_environment = false});
}

TEST(ManPages, AreOneForTheProgramAndOneForEachCommand) {
    const TempDir dir;
    const Finished written = write_pages(dir.path().string());
    EXPECT_EQ(written.status.code, 0) << written.err;
    EXPECT_EQ(written.err, "");
    std::set<std::string> expected{"caretaker.1"};
    for (const JobEntry& entry : registry()) {
        expected.insert("caretaker-" + std::string(entry.info.name) + ".1");
    }
    std::set<std::string> names;
    for (const auto& file : fs::directory_iterator(dir.path())) {
        names.insert(file.path().filename().string());
    }
    EXPECT_EQ(names, expected);
}

TEST(ManPages, GiveTheFormatterNothingToWarnOf) {
    if (!find_program("groff")) {
        GTEST_SKIP() << "NOT TESTED: groff is not here";
    }
    const TempDir dir;
    ASSERT_EQ(write_pages(dir.path().string()).status.code, 0);
    for (const auto& file : fs::directory_iterator(dir.path())) {
        const Finished shown = run_command(
            {.argv = {"groff", "-man", "-Tutf8", "-ww", "-P-cbou", file.path().string()}});
        EXPECT_EQ(shown.status.code, 0) << file.path();
        EXPECT_EQ(shown.err, "") << file.path();
        EXPECT_NE(shown.out.find("SEE ALSO"), std::string::npos) << file.path();
    }
}

TEST(ManPages, AreOnlyAscii) {
    const TempDir dir;
    ASSERT_EQ(write_pages(dir.path().string()).status.code, 0);
    for (const auto& file : fs::directory_iterator(dir.path())) {
        std::ifstream in(file.path());
        const std::string text{std::istreambuf_iterator<char>(in), {}};
        for (const char c : text) {
            ASSERT_TRUE(c == '\n' || (c >= ' ' && c <= '~')) << file.path();
        }
    }
}

TEST(ManPages, IntoADirectoryThatIsNotThereAreAnError) {
    const Finished refused = write_pages("/nowhere/at/all");
    EXPECT_EQ(refused.status.code, 1);
    EXPECT_NE(refused.err.find("writing /nowhere/at/all/caretaker.1: No such file or directory"),
              std::string::npos)
        << refused.err;
}

}  // namespace
}  // namespace caretaker::testing
