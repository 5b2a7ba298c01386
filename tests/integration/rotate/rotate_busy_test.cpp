// SPDX-License-Identifier: Apache-2.0
// `caretaker rotate` at a search engine that has too much to do, or says what cannot be read.
#include "tests/integration/rotate/troubled_search.hpp"

#include <gtest/gtest.h>

#include <cstddef>
#include <functional>
#include <optional>
#include <ostream>
#include <string>
#include <utility>

namespace caretaker::testing {
namespace {

constexpr const char* delete_logs =
    "actions: {1: {action: delete_indices, filters: [{filtertype: pattern, kind: prefix, value: "
    "logs-}]}}\n";

void add_logs(TroubledSearch& search) {
    for (const char* name : {"logs-1", "logs-2", "logs-3", "other"}) {
        search.state().add(name).docs = 3;
    }
}

ServedAnswer busy(int status) {
    return {.status = status,
            .headers = {{"Retry-After", "0"}},
            .body = R"({"error":{"type":"es_rejected_execution_exception"}})"};
}

using Matches = std::function<bool(const HttpRequest&)>;

Matches url_has(std::string part) {
    return [part = std::move(part)](const HttpRequest& request) {
        return request.url.find(part) != std::string::npos;
    };
}

bool is_delete(const HttpRequest& request) {
    return request.method == HttpMethod::del;
}

/// Gives `answer` to the first `times` requests that match.
void spoil(TroubledSearch& search, const Matches& matches, const ServedAnswer& answer, int times) {
    search.interfere(
        [=, count = 0](sandbox::SearchState&,
                       const HttpRequest& request) mutable -> std::optional<ServedAnswer> {
            return matches(request) && count++ < times ? std::optional(answer) : std::nullopt;
        });
}

struct Passing {
    const char* name = "";
    Matches matches{};
    ServedAnswer answer{};

    friend void PrintTo(const Passing& passing, std::ostream* out) { *out << passing.name; }
};

class RotatePassing : public ::testing::TestWithParam<Passing> {};

TEST_P(RotatePassing, TroubleIsNoneInTheEnd) {
    TroubledSearch search;
    add_logs(search);
    spoil(search, GetParam().matches, GetParam().answer, 1);
    const Rotation rotation = search.rotate(delete_logs);
    EXPECT_EQ(rotation.exit_code, 0) << rotation.err;
    EXPECT_EQ(rotation.actions().size(), 3U);
    EXPECT_EQ(search.state().indices.size(), 1U);
}

INSTANTIATE_TEST_SUITE_P(
    Once,
    RotatePassing,
    ::testing::Values(
        Passing{"Greeting429",
                [](const HttpRequest& request) { return request.url == "/"; },
                busy(429)},
        Passing{"Settings429", url_has("_settings"), busy(429)},
        Passing{"Sizes503", url_has("_cat/indices"), busy(503)},
        Passing{"Aliases503", url_has("_alias"), busy(503)},
        Passing{"Streams429", url_has("_data_stream"), busy(429)},
        Passing{"Streams503", url_has("_data_stream"), busy(503)},
        Passing{"Managed503", url_has("_ism"), busy(503)},
        Passing{"Delete429", is_delete, busy(429)},
        Passing{"Delete503", is_delete, busy(503)},
        Passing{
            "SettingsCut",
            url_has("_settings"),
            {.body = R"({"a":{"settings":{"index":{"uuid":"a"}}},"b":{"settings":{"index":{}}}})",
             .conduct = ServerConduct::half_body}},
        Passing{"SizesReset", url_has("_cat/indices"), {.conduct = ServerConduct::reset}},
        Passing{"AliasesClosed", url_has("_alias"), {.conduct = ServerConduct::close}}),
    [](const auto& parameter) { return std::string(parameter.param.name); });

TEST(RotateBusy, IsAFailureWhereItDoesNotPass) {
    constexpr int for_ever = 1'000;
    constexpr int try_later = 7;
    for (const int status : {429, 503}) {
        TroubledSearch reading;
        add_logs(reading);
        spoil(reading, url_has("_settings"), busy(status), for_ever);
        const Rotation unread = reading.rotate(delete_logs);
        EXPECT_EQ(unread.exit_code, try_later) << unread.err;
        EXPECT_EQ(reading.count(HttpMethod::del), 0U);

        TroubledSearch deleting;
        add_logs(deleting);
        spoil(deleting, is_delete, busy(status), for_ever);
        const Rotation undeleted = deleting.rotate(delete_logs);
        EXPECT_EQ(undeleted.exit_code, try_later) << undeleted.err;
        EXPECT_EQ(deleting.state().indices.size(), 4U);
        for (const std::string& action : undeleted.actions()) {
            EXPECT_FALSE(action.ends_with(" done")) << action;
        }
    }
}

TEST(RotateBusy, AnAnswerWithoutEndIsNotReadToItsEnd) {
    constexpr std::size_t mebibyte = 1U << 20U;
    constexpr std::size_t many = 400;
    for (const char* part : {"_settings", "_cat/indices", "_alias", "_data_stream", "_ism"}) {
        TroubledSearch search;
        add_logs(search);
        spoil(search,
              url_has(part),
              {.body = std::string(mebibyte, ' '), .repeat = many},
              static_cast<int>(many));
        const Rotation rotation = search.rotate(delete_logs);
        EXPECT_EQ(rotation.exit_code, 1) << part << rotation.err;
        EXPECT_EQ(search.count(HttpMethod::del), 0U) << part;
        EXPECT_NE(rotation.out.find("MiB"), std::string::npos) << part << rotation.out;
    }
}

struct Greeting {
    const char* name = "";
    const char* body = "";

    friend void PrintTo(const Greeting& greeting, std::ostream* out) { *out << greeting.name; }
};

class RotateGreeting : public ::testing::TestWithParam<Greeting> {};

TEST_P(RotateGreeting, ThatCannotBeReadEndsTheRunBeforeAnythingElse) {
    TroubledSearch search;
    add_logs(search);
    search.interfere(
        [](sandbox::SearchState&, const HttpRequest& request) -> std::optional<ServedAnswer> {
            return request.url == "/" ? std::optional(ServedAnswer{.body = GetParam().body})
                                      : std::nullopt;
        });
    const Rotation rotation = search.rotate(delete_logs);
    EXPECT_EQ(rotation.exit_code, 1) << rotation.err;
    EXPECT_EQ(search.count(), 1U);
}

INSTANTIATE_TEST_SUITE_P(
    Of,
    RotateGreeting,
    ::testing::Values(
        Greeting{"Nothing", ""},
        Greeting{"NoObject", "[]"},
        Greeting{"NoVersion", R"({"tagline":"You Know, for Search"})"},
        Greeting{"AVersionOfWords",
                 R"({"version":{"number":"seven"},"tagline":"You Know, for Search"})"},
        Greeting{
            "AVersionWithoutBounds",
            R"({"version":{"number":"99999999999999999999.0.0"},"tagline":"You Know, for Search"})"},
        Greeting{"AVersionThatIsANumber",
                 R"({"version":{"number":7},"tagline":"You Know, for Search"})"},
        Greeting{"HalfAnObject", R"({"version":{"number":"7.17.28")"}),
    [](const auto& parameter) { return std::string(parameter.param.name); });

}  // namespace
}  // namespace caretaker::testing
