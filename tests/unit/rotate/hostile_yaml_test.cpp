// SPDX-License-Identifier: Apache-2.0
// Action files and client files that were made to hurt: each ends with one clear problem.
#include "jobs/rotate/action_file.hpp"
#include "jobs/rotate/client_file.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <optional>
#include <ostream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace caretaker {
namespace {

std::optional<std::string> no_variable(std::string_view /*name*/) {
    return std::nullopt;
}

std::string repeat(std::string_view text, std::size_t count) {
    std::string all;
    all.reserve(text.size() * count);
    for (std::size_t i = 0; i < count; ++i) {
        all += text;
    }
    return all;
}

/// Ten aliases of the line before in each line, so that the last one means 10^10 values.
std::string bomb() {
    std::string text = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n";
    for (int i = 1; i < 10; ++i) {
        text += fmt::format(
            "a{0}: &a{0} [{1}*a{2}]\n", i, repeat(fmt::format("*a{}, ", i - 1), 9), i - 1);
    }
    return text;
}

/// The same by merge keys: each map holds the one before twice.
std::string merge_bomb() {
    std::string text = "a0: &a0 {x: 1}\n";
    for (int i = 1; i < 40; ++i) {
        text += fmt::format("a{0}: &a{0}\n  l: *a{1}\n  <<: *a{1}\n", i, i - 1);
    }
    return text;
}

/// One level more in each line. The anchors stand in keys, which are not read before the last line.
std::string chain() {
    std::string text = "? &a0 [x]\n: 1\n";
    constexpr int levels = 20'000;
    for (int i = 1; i < levels; ++i) {
        text += fmt::format("? &a{} [*a{}]\n: 1\n", i, i - 1);
    }
    return text + fmt::format("last: *a{}\n", levels - 1);
}

struct Hostile {
    const char* name = "";
    std::string text{};
    const char* message = "";

    friend void PrintTo(const Hostile& hostile, std::ostream* out) { *out << hostile.name; }
};

class HostileYaml : public ::testing::TestWithParam<Hostile> {};

TEST_P(HostileYaml, IsRefusedAsAnActionFile) {
    const ActionFile file = read_action_file(GetParam().text, "actions.yml", no_variable);
    ASSERT_FALSE(file.problems.empty());
    EXPECT_NE(format_problems(file.problems).find(GetParam().message), std::string::npos)
        << format_problems(file.problems).substr(0, 1000);
}

TEST_P(HostileYaml, IsRefusedAsAClientFile) {
    const ClientFile file = read_client_file(GetParam().text, "curator.yml", no_variable);
    ASSERT_FALSE(file.problems.empty());
    EXPECT_NE(format_problems(file.problems).find(GetParam().message), std::string::npos)
        << format_problems(file.problems).substr(0, 1000);
}

TEST_P(HostileYaml, IsNotTakenForAClientFile) {
    EXPECT_FALSE(is_client_file(GetParam().text));
}

std::vector<Hostile> hostile_texts() {
    constexpr std::size_t ten_mib = 10U << 20U;
    constexpr std::size_t deep = 100'000;
    return {
        {"AliasBomb", bomb(), "aliases unfold into more than 100000 values"},
        {"MergeBomb", merge_bomb(), "aliases unfold into more than 100000 values"},
        {"AliasChain", chain(), "aliases unfold into more than 64 levels"},
        {"AliasOfItself", "a: &a [*a]\n", "the alias stands inside its own anchor"},
        {"AliasOfNothing", "a: *b\n", "the referenced anchor is not defined"},
        {"DeepLists", "a: " + repeat("[", deep), "more than 64 levels"},
        {"DeepMaps", "a: " + repeat("{a: ", deep), "more than 64 levels"},
        {"DeepBlocks", "a:\n" + repeat("- ", deep) + "x\n", "more than 64 levels"},
        {"ManyValues", "a: [" + repeat("1,", 200'000) + "1]\n", "more than 100000 values"},
        {"TagOfText", "a: !!str yes\n", "tags such as !!str are not taken"},
        {"TagOfPython",
         "a: !!python/object/apply:os.system ['true']\n",
         "tags such as !!str are not taken"},
        {"TagOfTheRoot", "!x {actions: {}}\n", "tags such as !!str are not taken"},
        {"TagOfAKey", "!!str a: 1\n", "a key must be a plain word"},
        {"TenMebibytes", "a: '" + std::string(ten_mib, 'x') + "'\n", "larger than 1048576 bytes"},
        {"TwoDocuments", "a: 1\n---\nb: 1\n", "a second document begins here"},
        {"OpenQuote", "a: 'b\n", "a quoted text is not closed"},
        {"ZeroByte", std::string("a: 1\0b\n", 7), "'a'"},
    };
}

INSTANTIATE_TEST_SUITE_P(Text,
                         HostileYaml,
                         ::testing::ValuesIn(hostile_texts()),
                         [](const auto& parameter) { return std::string(parameter.param.name); });

}  // namespace
}  // namespace caretaker
