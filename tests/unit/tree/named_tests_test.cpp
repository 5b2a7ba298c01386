// SPDX-License-Identifier: Apache-2.0
// docs/operations.md names the test that proves each of its rows; it must be there.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <regex>
#include <set>
#include <sstream>
#include <string>
#include <vector>

namespace {

namespace fs = std::filesystem;

std::string read_file(const fs::path& path) {
    std::ostringstream text;
    text << std::ifstream(path).rdbuf();
    return text.str();
}

/// What the first group of `pattern` matches, and the second after a dot.
std::set<std::string> find_names(const std::string& text, const std::regex& pattern) {
    std::set<std::string> names;
    for (auto found = std::sregex_iterator(text.begin(), text.end(), pattern);
         found != std::sregex_iterator();
         ++found) {
        names.insert((*found)[1].str() + '.' + (*found)[2].str());
    }
    return names;
}

/// "Suite.Name" of all tests of the tree.
std::set<std::string> all_tests() {
    const std::regex head(R"(\bTEST(?:_F|_P)?\((\w+),\s*(\w+)\))");
    std::set<std::string> tests;
    for (const auto& entry :
         fs::recursive_directory_iterator(fs::path(CARETAKER_SOURCE_DIR) / "tests")) {
        if (entry.path().extension() == ".cpp") {
            tests.merge(find_names(read_file(entry.path()), head));
        }
    }
    return tests;
}

std::vector<std::string> table_rows(const std::string& document) {
    std::vector<std::string> rows;
    std::istringstream lines(document);
    for (std::string line; std::getline(lines, line);) {
        if (line.starts_with("| ") && !line.starts_with("| when") && !line.starts_with("| ---")) {
            rows.push_back(line);
        }
    }
    return rows;
}

TEST(OperationsDocument, NamesATestThatExistsInEachRowOfItsTables) {
    const std::set<std::string> tests = all_tests();
    const std::regex name(R"(`([A-Z]\w*)\.(\w+)`)");
    const auto rows =
        table_rows(read_file(fs::path(CARETAKER_SOURCE_DIR) / "docs" / "operations.md"));
    EXPECT_GE(rows.size(), 30U);
    for (const std::string& row : rows) {
        const std::set<std::string> named = find_names(row, name);
        EXPECT_FALSE(named.empty()) << row;
        for (const std::string& test : named) {
            EXPECT_TRUE(tests.contains(test)) << test;
        }
    }
}

}  // namespace
