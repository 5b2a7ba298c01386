// SPDX-License-Identifier: Apache-2.0
// What servers keep to themselves, or say of themselves, and what only they can say.
#include "tests/integration/rotate/troubled_search.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace caretaker::testing {
namespace {

constexpr const char* delete_logs =
    "actions: {1: {action: delete_indices, filters: [{filtertype: pattern, kind: prefix, value: "
    "logs-}]}}\n";

/// Gives `answer` to `GET /`.
void answer_root(TroubledSearch& search, ServedAnswer answer) {
    search.interfere(
        [answer = std::move(answer)](sandbox::SearchState&,
                                     const HttpRequest& request) -> std::optional<ServedAnswer> {
            return request.url == "/" ? std::optional(answer) : std::nullopt;
        });
}

TEST(RotateServer, MayKeepItsVersionToItself) {
    TroubledSearch search("elasticsearch-8.6.2");
    search.state().add("logs-1");
    answer_root(search,
                {.status = 403, .headers = {{"X-Elastic-Product", "Elasticsearch"}}, .body = "{}"});
    const Rotation rotation = search.rotate(delete_logs);
    EXPECT_EQ(rotation.exit_code, 0) << rotation.err;
    EXPECT_NE(rotation.err.find("it is spoken to as Elasticsearch 7.14"), std::string::npos);
    EXPECT_TRUE(search.state().indices.empty());
}

TEST(RotateServer, IsDeniedWhereNothingSaysWhatItIs) {
    TroubledSearch search("elasticsearch-8.6.2");
    search.state().add("logs-1");
    answer_root(search, {.status = 403, .body = "{}"});
    EXPECT_EQ(search.rotate(delete_logs).exit_code, 10);
    EXPECT_EQ(search.state().indices.size(), 1U);
}

TEST(RotateServer, MayBeServerless) {
    TroubledSearch search("elasticsearch-8.6.2");
    answer_root(search,
                {.body = R"({"version":{"number":"8.11.0","build_flavor":"serverless"},)"
                         R"("tagline":"You Know, for Search"})"});
    const Rotation rotation = search.rotate(delete_logs);
    EXPECT_NE(rotation.err.find("Elasticsearch Serverless answers"), std::string::npos);
}

TEST(RotateServer, SparesWhatOpenDistroManages) {
    TroubledSearch search("elasticsearch-7.10.2");
    search.state().add("logs-1");
    search.state().add("logs-2").settings["index.opendistro.index_state_management.policy_id"] =
        "hot";
    const Rotation rotation = search.rotate(delete_logs);
    EXPECT_EQ(rotation.exit_code, 0) << rotation.err;
    EXPECT_EQ(rotation.actions(), std::vector<std::string>{"delete_index logs-1 done"});
    EXPECT_NE(rotation.out.find("ISM policy hot"), std::string::npos);
}

TEST(RotateServer, IsLeftAloneByMasterOnlyUnlessItIsTheMaster) {
    TroubledSearch search("elasticsearch-7.17.28");
    search.state().add("logs-1");
    search.state().elected_master = 2;
    const Rotation beside = search.rotate(delete_logs, {"--yes", "--master-only"});
    EXPECT_EQ(beside.exit_code, 0) << beside.err;
    EXPECT_NE(beside.out.find("not the elected master"), std::string::npos) << beside.out;
    EXPECT_EQ(search.state().indices.size(), 1U);
    search.state().elected_master = 1;
    EXPECT_EQ(search.rotate(delete_logs, {"--yes", "--master-only"}).exit_code, 0);
    EXPECT_TRUE(search.state().indices.empty());
}

TEST(RotateServer, RefusesMasterOnlyWithSeveralHosts) {
    TroubledSearch search;
    EXPECT_EQ(
        search
            .rotate(delete_logs,
                    {"--yes", "--master-only", "--hosts", "http://a:1", "--hosts", "http://b:1"})
            .exit_code,
        2);
}

TEST(RotateServer, MayRefuseToListSoManyIndices) {
    TroubledSearch search("opensearch-2.19.3");
    search.state().add("logs-1").is_open = false;
    search.state().add("logs-2").docs = 5;
    search.state().add("logs-3");
    search.interfere([](sandbox::SearchState& state,
                        const HttpRequest& request) -> std::optional<ServedAnswer> {
        if (request.url.starts_with("/_cat/indices")) {
            return ServedAnswer{
                .status = 429,
                .headers = {{"Retry-After", "0"}},
                .body = R"({"error":{"type":"response_limit_breached_exception"},"status":429})"};
        }
        std::string all;
        for (const auto& [name, index] : state.indices) {
            const std::string comma = all.empty() ? "" : ",";
            if (request.url.starts_with("/_cluster/state/metadata")) {
                all +=
                    fmt::format(R"({}"{}":{{"state":"{}","settings":{{"index":{{"uuid":"{}"}}}}}})",
                                comma,
                                name,
                                index.is_open ? "open" : "close",
                                index.uuid);
            } else if (index.is_open) {
                all += fmt::format(
                    R"({}"{}":{{"primaries":{{"docs":{{"count":{}}},"store":{{"size_in_bytes":7}}}},)"
                    R"("total":{{"store":{{"size_in_bytes":9}}}}}})",
                    comma,
                    name,
                    index.docs);
            }
        }
        if (request.url.starts_with("/_cluster/state/metadata")) {
            return ServedAnswer{.body = fmt::format(R"({{"metadata":{{"indices":{{{}}}}}}})", all)};
        }
        if (request.url.starts_with("/_stats/store,docs")) {
            return ServedAnswer{.body = fmt::format(R"({{"indices":{{{}}}}})", all)};
        }
        return std::nullopt;
    });
    const Rotation rotation = search.rotate(
        "actions:\n"
        "  1: {action: open, filters: [{filtertype: closed, exclude: false}]}\n"
        "  2: {action: delete_indices, filters: [{filtertype: empty, exclude: false}]}\n");
    EXPECT_EQ(rotation.exit_code, 0) << rotation.err;
    EXPECT_EQ(rotation.actions(),
              (std::vector<std::string>{"open_index logs-1 done", "delete_index logs-3 done"}));
}

constexpr const char* weekly =
    "actions: {1: {action: create_index, options: {name: '<logs-{now/w{xxxx.ww}}>'}}}\n";

/// As a server answers that is asked for an index which is not there.
void resolve_weeks(TroubledSearch& search) {
    search.interfere([](sandbox::SearchState&,
                        const HttpRequest& request) -> std::optional<ServedAnswer> {
        const std::string end = "-logs-%7Bnow%2Fw%7Bxxxx.ww%7D%7D%3E";
        if (request.method != HttpMethod::get || !request.url.ends_with(end)) {
            return std::nullopt;
        }
        const std::size_t begin = std::string("/%3C").size();
        const std::string prefix =
            request.url.substr(begin, request.url.size() - begin - end.size());
        return ServedAnswer{.status = 404,
                            .body = R"({"error":{"type":"index_not_found_exception","index":")" +
                                    prefix + R"(-logs-2026.48"},"status":404})"};
    });
}

TEST(RotateServer, ResolvesNamesThatOnlyItKnows) {
    TroubledSearch search;
    resolve_weeks(search);
    const Rotation planned = search.rotate(weekly, {"--dry-run"});
    EXPECT_EQ(planned.exit_code, 0) << planned.err;
    EXPECT_EQ(planned.actions(), std::vector<std::string>{"create_index logs-2026.48 would"});
    EXPECT_EQ(search.rotate(weekly).exit_code, 0);
    EXPECT_TRUE(search.state().indices.contains("logs-2026.48"));
}

TEST(RotateServer, SaysWhenItDoesNotResolveAName) {
    TroubledSearch search;
    const Rotation rotation = search.rotate(weekly);
    EXPECT_EQ(rotation.exit_code, 1) << rotation.err;
    EXPECT_NE(rotation.err.find("the server does not resolve the name '<logs-{now/w{xxxx.ww}}>'"),
              std::string::npos)
        << rotation.err;
    EXPECT_TRUE(search.state().indices.empty());
}

}  // namespace
}  // namespace caretaker::testing
