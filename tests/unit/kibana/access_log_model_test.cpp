// SPDX-License-Identifier: Apache-2.0
#include "jobs/kibana/access_log_model.hpp"

#include "common/json/json_document.hpp"
#include "common/json/json_error.hpp"
#include "jobs/kibana/access_log_memory.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <string>

namespace caretaker {
namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;

constexpr WallTime noon{std::chrono::hours(500'004)};

bool contains(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

std::string question_for(SearchFamily family, EngineVersion version) {
    return format_log_question({.window = {noon - hours(2), noon}, .most_apps = 70},
                               {.exclude_agents = {"curl/*"}, .ignore_system_requests = true},
                               log_fields_like("app.keyword"),
                               {.family = family, .version = version});
}

TEST(AccessLogQuestion, IsInTheWordsOfTheEngine) {
    const std::string of_9 = question_for(SearchFamily::elasticsearch, {9, 2, 0});
    EXPECT_TRUE(contains(of_9, R"("fixed_interval":"1h")")) << of_9;
    EXPECT_TRUE(contains(of_9, R"("query":{"bool":{"filter":{"range")")) << of_9;
    EXPECT_TRUE(contains(of_9, R"({"wildcard":{"ua.keyword":"curl/*"}})")) << of_9;
    EXPECT_TRUE(contains(of_9, R"({"term":{"system":true}})")) << of_9;
    EXPECT_TRUE(contains(of_9, R"("terms":{"field":"app.keyword","size":70})")) << of_9;
    EXPECT_FALSE(contains(of_9, "days")) << of_9;

    EXPECT_TRUE(contains(question_for(SearchFamily::opensearch, {1, 0, 0}), "fixed_interval"));
    const std::string of_7 = question_for(SearchFamily::elasticsearch, {7, 1, 9});
    EXPECT_TRUE(contains(of_7, R"("interval":"1h")")) << of_7;
    const std::string of_1 = question_for(SearchFamily::elasticsearch, {1, 7, 5});
    EXPECT_TRUE(contains(of_1, R"("query":{"filtered":{"filter":{"range")")) << of_1;
    EXPECT_FALSE(contains(of_1, "epoch_millis")) << of_1;
    EXPECT_TRUE(contains(of_1, R"({"query":{"wildcard":{"ua.keyword":"curl/*"}}})")) << of_1;
}

/// Parts of an answer, each of which a test may replace.
struct AnswerParts {
    std::string timed_out{"false"};
    std::string shards{R"({"total":5,"failed":0})"};
    std::string others{"0"};
    std::string alive{"1"};
    std::string canaries{"0"};
};

AccessLogAnswer read(const AnswerParts& parts = {}) {
    const auto ms = [](WallTime time) { return time.time_since_epoch().count(); };
    const JsonDocument document = JsonDocument::parse(
        fmt::format(R"({{"timed_out":{},"_shards":{},"aggregations":{{)"
                    R"("alive":{{"buckets":[{{"key":{},"doc_count":{}}}]}},)"
                    R"("canaries_0":{{"doc_count":{}}},)"
                    R"("use":{{"doc_count":1,"apps":{{"sum_other_doc_count":{},"buckets":[)"
                    R"({{"key":"/kibana/ads","doc_count":3,"last":{{"value":{}.0}}}}]}}}}}}}})",
                    parts.timed_out,
                    parts.shards,
                    ms(noon - hours(1)),
                    parts.alive,
                    parts.canaries,
                    parts.others,
                    ms(noon - minutes(20))),
        "test");
    return read_log_answer(
        document.root(),
        {.window = {noon - minutes(30), noon}, .canaries = {{{noon - minutes(20), noon}, "run 1"}}},
        {.min_docs_per_hour = 1});
}

TEST(AccessLogAnswer, TellsUseAndWhenSomebodyWatched) {
    const AccessLogAnswer answer = read();
    EXPECT_EQ(answer.watched.all(), (std::vector<WatchSpan>{{noon - minutes(30), noon}}));
    EXPECT_EQ(answer.latest.at("/kibana/ads"), noon - minutes(20));
    EXPECT_EQ(answer.canaries, std::vector<std::string>{});
    EXPECT_EQ(read({.canaries = "3"}).canaries, std::vector<std::string>{"run 1"});
}

TEST(AccessLogAnswer, TakesAnHourWithTooFewLinesForUnwatched) {
    EXPECT_TRUE(read({.alive = "0"}).watched.all().empty());
}

class WorthlessAnswer : public ::testing::TestWithParam<AnswerParts> {};

TEST_P(WorthlessAnswer, IsRefused) {
    EXPECT_THROW(read(GetParam()), JsonError);
}

INSTANTIATE_TEST_SUITE_P(Kinds,
                         WorthlessAnswer,
                         ::testing::Values(AnswerParts{.timed_out = "true"},
                                           AnswerParts{.shards = R"({"total":5,"failed":1})"},
                                           AnswerParts{.shards = R"({"total":0,"failed":0})"},
                                           AnswerParts{.shards = "{}"},
                                           AnswerParts{.others = "1"}));

std::optional<AccessLogFields> find_fields(const std::string& fields) {
    const JsonDocument document = JsonDocument::parse(R"({"fields":)" + fields + "}", "test");
    return find_log_fields(document.root());
}

TEST(AccessLogFields, AreThoseThatCanBeCounted) {
    const std::string keyword = R"({"keyword":{"type":"keyword","aggregatable":true}})";
    const std::string text = R"({"text":{"type":"text","aggregatable":false}})";
    EXPECT_EQ(find_fields(R"({"app":)" + keyword + "}")->app, "app");
    EXPECT_EQ(find_fields(R"({"app":)" + text + R"(,"app.keyword":)" + keyword + "}")->agent,
              "ua.keyword");
    EXPECT_EQ(find_fields(R"({"app":)" + text + R"(,"app.raw":)" + keyword + "}")->path,
              "path.raw");
    EXPECT_EQ(find_fields(R"({"app":)" + text + "}"), std::nullopt);
    EXPECT_EQ(find_fields("{}"), std::nullopt);
    // Of one kind in old indices and of another in new ones: not in all can it be counted.
    EXPECT_EQ(find_fields(R"({"app":{"keyword":{"aggregatable":true},)"
                          R"("text":{"aggregatable":false}}})"),
              std::nullopt);
}

std::optional<AccessLogFields> find_mapped(const std::string& mapped) {
    const JsonDocument document = JsonDocument::parse(
        R"({"access-1":{"mappings":{"_default_":{},"line":{"properties":{"app":)" + mapped +
            "}}}}}",
        "test");
    return find_mapped_log_fields(document.root());
}

TEST(AccessLogFields, AreFoundInMappingsOfOldEngines) {
    EXPECT_EQ(find_mapped(R"({"type":"string","index":"not_analyzed"})")->app, "app");
    EXPECT_EQ(find_mapped(R"({"type":"keyword"})")->app, "app");
    EXPECT_EQ(find_mapped(R"({"type":"string","fields":{"raw":{"type":"string",)"
                          R"("index":"not_analyzed"}}})")
                  ->app,
              "app.raw");
    EXPECT_EQ(find_mapped(R"({"type":"text","fields":{"keyword":{"type":"keyword"}}})")->app,
              "app.keyword");
    EXPECT_EQ(find_mapped(R"({"type":"string"})"), std::nullopt);
}

class AccessLogWindow : public ::testing::Test {
 protected:
    WatchSpan next(WallTime now, const std::string& rules = "r", milliseconds back = days(14)) {
        return next_log_window(memory, rules, back, minutes(10), now);
    }

    AccessLogMemory memory{};
};

TEST_F(AccessLogWindow, GoesAllTheWayBackAtFirst) {
    const WatchSpan window = next(noon);
    EXPECT_EQ(window, (WatchSpan{noon - days(14), noon - minutes(10)}));
}

TEST_F(AccessLogWindow, AsksForWhatIsNewAndForLinesThatCameLate) {
    memory.watched.add(next(noon));
    const WallTime later = noon + hours(1);
    EXPECT_EQ(next(later), (WatchSpan{noon - minutes(25), later - minutes(10)}));
    EXPECT_EQ(memory.watched.all().front().begin, later - days(14));
}

TEST_F(AccessLogWindow, BeginsAnewWithOtherRulesOrALongerTime) {
    memory.watched.add(next(noon));
    memory.latest["/a"] = noon;
    EXPECT_EQ(next(noon, "other").begin, noon - days(14));
    EXPECT_TRUE(memory.latest.empty());
    memory.watched.add({noon - days(14), noon});
    EXPECT_EQ(next(noon, "other", days(30)).begin, noon - days(30));
}

TEST_F(AccessLogWindow, CatchesUpAfterALongTime) {
    memory.watched.add(next(noon));
    const WallTime later = noon + days(100);
    EXPECT_EQ(next(later).begin, later - days(14));
}

TEST_F(AccessLogWindow, ReachesBackToCanariesOfADayThatMayStillCome) {
    memory.watched.add(next(noon));
    memory.canaries.add({.sent = noon - hours(5), .proxies = 2});
    memory.canaries.add({.sent = noon - hours(4), .proxies = 2, .awaited = {"a"}});
    memory.canaries.add({.sent = noon - hours(3), .proxies = 2});
    EXPECT_EQ(next(noon).begin, noon - hours(4) - minutes(15));
    EXPECT_EQ(next(noon + hours(20)).begin, noon - hours(4) - minutes(15));
    EXPECT_EQ(next(noon + hours(21)).begin, noon - minutes(25));
}

TEST_F(AccessLogWindow, IsKeptAsText) {
    memory = {.rules = "r \"1\"", .asked_from = noon - days(1)};
    memory.canaries.add({.sent = noon, .proxies = 2, .awaited = {"a", "b"}});
    memory.watched.add({noon - hours(2), noon});
    memory.latest["/kibana/ads"] = noon - minutes(1);
    const AccessLogMemory read = decode_access_log(encode_access_log(memory));
    EXPECT_EQ(read.rules, memory.rules);
    EXPECT_EQ(read.asked_from, memory.asked_from);
    EXPECT_EQ(read.canaries, memory.canaries);
    EXPECT_EQ(read.watched.all(), memory.watched.all());
    EXPECT_EQ(read.latest, memory.latest);
    EXPECT_THROW(decode_access_log("{}"), JsonError);
}

}  // namespace
}  // namespace caretaker
