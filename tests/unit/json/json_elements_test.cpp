// SPDX-License-Identifier: Apache-2.0
// Large documents piece by piece.
#include "common/json/json_elements.hpp"

#include "common/json/json_error.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

namespace caretaker {
namespace {

/// `text`, handed out in pieces of `piece` bytes.
JsonSource source_of(std::string text, std::size_t piece) {
    return [text = std::move(text), piece, at = std::size_t{0}](std::span<char> buffer) mutable {
        const std::size_t count = std::min({piece, buffer.size(), text.size() - at});
        std::copy_n(text.begin() + static_cast<std::ptrdiff_t>(at), count, buffer.begin());
        at += count;
        return count;
    };
}

struct Seen {
    std::size_t pattern = 0;
    std::string name{};
    std::string path{};

    friend bool operator==(const Seen&, const Seen&) = default;
};

std::ostream& operator<<(std::ostream& out, const Seen& seen) {
    return out << seen.pattern << ' ' << seen.name << ' ' << seen.path;
}

std::vector<Seen> read(const std::string& text,
                       const std::vector<std::string_view>& patterns,
                       std::size_t piece = 1'000) {
    std::vector<Seen> seen;
    read_json_elements(source_of(text, piece), "mesos", patterns, [&](const JsonElement& element) {
        seen.push_back({element.pattern, std::string(element.name), element.value.path()});
    });
    return seen;
}

TEST(JsonElements, DoNotMindAByteOrderMarkInWhateverPiecesItComes) {
    for (const std::size_t piece : {1U, 2U, 3U, 1'000U}) {
        EXPECT_EQ(read("\xEF\xBB\xBF[1]", {"/*"}, piece).size(), 1U) << piece;
        EXPECT_THROW(read("\xEF\xBB[1]", {"/*"}, piece), JsonError) << piece;
        EXPECT_THROW(read("\xEF\xBB\xBF", {"/*"}, piece), JsonError) << piece;
    }
}

JsonError error_of(const std::string& text) {
    try {
        read(text, {"/*"});
    } catch (const JsonError& error) {
        return error;
    }
    throw std::logic_error("no error");
}

const std::string state =
    R"({"version":"1.9.0","slaves":[{"id":"S0"},{"id":"S1"}],)"
    R"("frameworks":[{"name":"a","tasks":[{"id":"t1"},{"id":"t2"}]},{"tasks":[]},)"
    R"({"tasks":{"x":{"id":"t3"}},"other":[[{"id":"no"}]]}]})";

TEST(JsonElements, HandsOutWhatFitsAPatternInOrder) {
    const std::vector<Seen> expected{{0, "version", "$.version"},
                                     {1, "", "$.slaves[0]"},
                                     {1, "", "$.slaves[1]"},
                                     {2, "", "$.frameworks[0].tasks[0]"},
                                     {2, "", "$.frameworks[0].tasks[1]"},
                                     {2, "x", "$.frameworks[2].tasks.x"}};
    EXPECT_EQ(read(state, {"/version", "/slaves/*", "/frameworks/*/tasks/*"}), expected);
}

TEST(JsonElements, ReadsTheSameWhateverThePieces) {
    const std::vector<std::string_view> patterns{"/version", "/slaves/*", "/frameworks/*/tasks/*"};
    for (const std::size_t piece : {1U, 2U, 3U, 7U}) {
        EXPECT_EQ(read(state, patterns, piece), read(state, patterns));
    }
}

TEST(JsonElements, GivesWholeValuesOfAnyType) {
    std::vector<std::string> texts;
    const std::vector<std::string_view> patterns{"/*"};
    read_json_elements(
        source_of(R"([null,true,-1,4294967296,18446744073709551615,1.5,"s",{"a":[1,{}]}])", 5),
        "mesos",
        patterns,
        [&](const JsonElement& element) {
            const JsonView v = element.value;
            texts.emplace_back(v.is_text()     ? "text"
                               : v.is_number() ? "number"
                               : v.is_flag()   ? "flag"
                               : v.is_null()   ? "null"
                                               : "object");
            if (v.is_object()) {
                EXPECT_EQ(v.at("a").elements().at(0).integer(), 1);
                EXPECT_EQ(v.at("a").elements().at(1).path(), "$[7].a[1]");
            }
        });
    EXPECT_EQ(texts,
              (std::vector<std::string>{
                  "null", "flag", "number", "number", "number", "number", "text", "object"}));
}

TEST(JsonElements, LooksForNothingInsideAMatch) {
    EXPECT_EQ(read(R"({"a":{"a":1}})", {"/a", "/a/a"}), (std::vector<Seen>{{0, "a", "$.a"}}));
    EXPECT_EQ(read(R"({"a":{"a":1}})", {"/a/a", "/a"}), (std::vector<Seen>{{1, "a", "$.a"}}));
    EXPECT_EQ(read("[1]", {"/"}), (std::vector<Seen>{{0, "", "$"}}));
}

TEST(JsonElements, TellsElementsFromMembers) {
    EXPECT_EQ(read("[1,[2]]", {"/[]"}), (std::vector<Seen>{{0, "", "$[0]"}, {0, "", "$[1]"}}));
    EXPECT_EQ(read(R"({"a":1,"b":[2]})", {"/[]", "/*/[]"}), (std::vector<Seen>{{1, "", "$.b[0]"}}));
}

TEST(JsonElements, TakesNamesOfMembersLiterally) {
    EXPECT_EQ(read(R"({"*":1,"b":2,"0":3})", {"/0"}), (std::vector<Seen>{{0, "0", "$.0"}}));
    EXPECT_TRUE(read(R"([1,2])", {"/0"}).empty()) << "elements have no names";
}

TEST(JsonElements, RefusesWhatIsNotExactlyOneDocument) {
    for (const std::string text : {"", "[1", "[1]]", "{}{}", "[\"\xFF\"]", "[1e999]", "<html>"}) {
        EXPECT_EQ(error_of(text).fault(), JsonFault::syntax) << text;
    }
    EXPECT_EQ(error_of(std::string("[1]\0", 4)).fault(), JsonFault::syntax);
    EXPECT_STREQ(error_of("[1, <html>").what(),
                 "mesos: no JSON at byte 4: Invalid value: '<html>'; is it the right address?");
}

TEST(JsonElements, EndsAtTheFirstBracketTooDeep) {
    std::size_t asked = 0;
    const JsonSource endless = [&](std::span<char> buffer) {
        std::ranges::fill(buffer, '[');
        asked += buffer.size();
        return buffer.size();
    };
    const std::vector<std::string_view> none{};
    try {
        read_json_elements(endless, "mesos", none, [](const JsonElement&) {});
        FAIL();
    } catch (const JsonError& error) {
        EXPECT_EQ(error.fault(), JsonFault::depth);
    }
    EXPECT_LT(asked, 1'000'000U);
}

TEST(JsonElements, EndsAtASingleValueTooLarge) {
    bool begun = false;
    const JsonSource endless = [&](std::span<char> buffer) {
        std::ranges::fill(buffer, 'x');
        buffer[0] = begun ? 'x' : '"';
        begun = true;
        return buffer.size();
    };
    const std::vector<std::string_view> patterns{"/"};
    try {
        read_json_elements(endless, "mesos", patterns, [](const JsonElement&) {});
        FAIL();
    } catch (const JsonError& error) {
        EXPECT_EQ(error.code(), "json_size");
        EXPECT_NE(std::string(error.what()).find("64 MiB"), std::string::npos) << error.what();
    }
}

TEST(JsonElements, PassesOnWhatTheSourceAndTheCallbackThrow) {
    const std::vector<std::string_view> patterns{"/*"};
    const JsonSource broken = [](std::span<char>) -> std::size_t { throw UsageError("cut"); };
    EXPECT_THROW(read_json_elements(broken, "m", patterns, [](const JsonElement&) {}), UsageError);
    EXPECT_THROW(
        read_json_elements(source_of("[1]", 9),
                           "m",
                           patterns,
                           [](const JsonElement& e) { static_cast<void>(e.value.text()); }),
        JsonError);
}

}  // namespace
}  // namespace caretaker
