// SPDX-License-Identifier: Apache-2.0
// The image must hold the run-time half of every library that the scripts install for the build.
#include <gtest/gtest.h>

#include <fstream>
#include <set>
#include <sstream>
#include <string>
#include <string_view>

namespace {

std::string read_file(const std::string& path) {
    std::ostringstream text;
    text << std::ifstream(std::string(CARETAKER_SOURCE_DIR) + "/" + path).rdbuf();
    return text.str();
}

std::string section(const std::string& text, std::string_view begin, std::string_view end) {
    const std::size_t from = text.find(begin);
    return from == std::string::npos ? "" : text.substr(from, text.find(end, from) - from);
}

/// What the names of a library's packages have in common: "libcurl" of libcurl4-openssl-dev.
std::string stem(const std::string& package) {
    return package.substr(0, package.find_first_of("0123456789-"));
}

template <typename Wanted>
std::set<std::string> library_stems(const std::string& text, Wanted wanted) {
    std::set<std::string> stems;
    std::istringstream words(text);
    for (std::string word; words >> word;) {
        if (word.starts_with("lib") && wanted(word)) {
            stems.insert(stem(word));
        }
    }
    return stems;
}

TEST(Dockerfile, InstallsTheLibrariesThatTheBuildLinks) {
    const std::set<std::string> headers_only{"libcli11-dev", "libgtest-dev"};
    const std::string build_list =
        section(read_file("scripts/lib/packages.sh"), "build_packages=(", ")");
    const std::set<std::string> linked = library_stems(build_list, [&](const std::string& word) {
        return word.ends_with("-dev") && !headers_only.contains(word);
    });
    const std::string image = section(read_file("Dockerfile"), "apt-get -q -y install", "&&");
    const std::set<std::string> installed =
        library_stems(image, [](const std::string&) { return true; });
    EXPECT_GE(linked.size(), 5U);
    EXPECT_EQ(installed, linked);
}

TEST(Dockerfile, BuildsWithThePackagesOfTheScripts) {
    EXPECT_NE(read_file("Dockerfile").find("RUN scripts/install-packages build"),
              std::string::npos);
}

TEST(Dockerfile, StartsTheBinaryItselfSoThatSignalsReachIt) {
    const std::string text = read_file("Dockerfile");
    EXPECT_NE(text.find("ENTRYPOINT [\"/usr/bin/caretaker\"]"), std::string::npos);
    EXPECT_NE(text.find("STOPSIGNAL SIGTERM"), std::string::npos);
}

}  // namespace
