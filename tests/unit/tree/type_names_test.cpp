// SPDX-License-Identifier: Apache-2.0
// All layers and jobs share one namespace, so that two types of one name would be one type to the
// linker, whichever it met first.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <regex>
#include <string>

namespace caretaker {
namespace {

namespace fs = std::filesystem;

/// The types defined at the outermost level of a header, each with its file.
void find_types(const fs::path& header, std::map<std::string, std::string>& found) {
    static const std::regex definition(
        R"(^(?:struct|class|enum class|enum) (\w+)(?: final)?(?: : [^;]*)? \{.*)");
    std::ifstream file(header);
    for (std::string line; std::getline(file, line);) {
        std::smatch match;
        if (std::regex_match(line, match, definition)) {
            const auto [place, is_new] = found.emplace(match[1], header.string());
            EXPECT_TRUE(is_new) << match[1] << " stands in " << place->second << " and in "
                                << header;
        }
    }
}

TEST(TypeNames, AreUniqueAmongAllHeaders) {
    std::map<std::string, std::string> found;
    for (const char* folder : {"common", "jobs"}) {
        for (const auto& entry :
             fs::recursive_directory_iterator(fs::path(CARETAKER_SOURCE_DIR) / folder)) {
            if (entry.path().extension() == ".hpp") {
                find_types(entry.path(), found);
            }
        }
    }
    EXPECT_GT(found.size(), 100U);
}

}  // namespace
}  // namespace caretaker
