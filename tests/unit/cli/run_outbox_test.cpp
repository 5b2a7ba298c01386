// SPDX-License-Identifier: Apache-2.0
// Which documents of a run leave for Elasticsearch, and what becomes of those that do not arrive.
#include "common/cli/run_outbox.hpp"

#include "common/base/error.hpp"
#include "common/base/log.hpp"
#include "common/base/stop_signal.hpp"
#include "common/cli/bulk_documents.hpp"
#include "common/cli/world.hpp"
#include "common/config/settings.hpp"
#include "common/json/json_document.hpp"
#include "common/json/json_error.hpp"
#include "common/output/console.hpp"
#include "common/store/store.hpp"
#include "tests/support/fake_clock.hpp"
#include "tests/support/lent_http.hpp"
#include "tests/support/scripted_http.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <csignal>
#include <memory>
#include <string>
#include <vector>

namespace caretaker {
namespace {

constexpr const char* elasticsearch_8 =
    R"({"version":{"number":"8.6.2"},"tagline":"You Know, for Search"})";
constexpr const char* elasticsearch_6 =
    R"({"version":{"number":"6.8.23"},"tagline":"You Know, for Search"})";

class RunOutboxTest : public ::testing::Test {
 protected:
    RunOutboxTest() {
        settings_.set({.path = "outbox.elasticsearch.urls",
                       .value = std::vector<std::string>{"http://es:9200"}});
        http_.answer(HttpMethod::get, "/", {.status = 200, .body = elasticsearch_8});
        run_.info.uid = "u1";
        run_.info.job = "rotate";
        run_.info.target = "prod";
        run_.info.host = "ops1";
        run_.ended_at = clock_.now();
        run_.report.summary = "deleted 3";
        run_.findings = {
            {.finding = {.code = "new", .subject = "a"}, .status = FindingStatus::added},
            {.finding = {.code = "known", .subject = "b"}, .status = FindingStatus::open},
            {.finding = {.code = "gone", .subject = "c"}, .status = FindingStatus::resolved}};
        run_.report.samples = {{.series = "lag", .labels = {{"group", "g"}}, .value = 7}};
    }

    /// Ends the run in the store, with its documents.
    void close(const RunOutbox& outbox) {
        const std::int64_t id = store_->begin_run(run_.info);
        store_->close_run(
            id,
            {.report = run_.report,
             .ended_at = run_.ended_at,
             .make_documents = [&](const FindingsDiff&) { return outbox.make(run_); }});
    }

    void send() { RunOutbox(settings_).send(run_, *store_, world_, log_); }

    [[nodiscard]] std::string sent_body() const { return http_.requests().back().body; }

    void answer_bulk(const std::vector<int>& statuses) {
        std::string items;
        for (const int status : statuses) {
            items += fmt::format(R"({}{{"index":{{"_id":"x","status":{}{}}}}})",
                                 items.empty() ? "" : ",",
                                 status,
                                 status < 300 ? "" : R"(,"error":{"reason":"no such field"})");
        }
        http_.answer(
            HttpMethod::post,
            "/_bulk",
            {.status = 200, .body = fmt::format(R"({{"errors":true,"items":[{}]}})", items)});
    }

    ScriptedHttp http_{};
    FakeClock clock_{};
    StopSignal stop_{};
    Console console_{-1};
    StatusLine status_{};
    World world_{.clock = clock_,
                 .stop = stop_,
                 .console = console_,
                 .connect = lend_http(http_),
                 .make_metric_sink = {},
                 .environment = {},
                 .status = status_,
                 .ask = {}};
    Log log_{LogLevel::off, LogFormat::plain};
    Settings settings_{};
    FinishedRun run_{};
    std::unique_ptr<Store> store_ = Store::open({.path = ":memory:"});
};

TEST_F(RunOutboxTest, SaysNothingUnlessAnAddressIsNamed) {
    const Settings none;
    const RunOutbox outbox(none);
    EXPECT_TRUE(outbox.make(run_).empty());
    outbox.send(run_, *store_, world_, log_);
    EXPECT_TRUE(http_.requests().empty());
}

TEST_F(RunOutboxTest, TellsOfTheEndOfWhatIsNewAndOfSeries) {
    std::vector<std::string> ids;
    for (const OutboxDocument& document : RunOutbox(settings_).make(run_)) {
        ids.push_back(document.id);
        EXPECT_EQ(document.dest, "caretaker-runs-2026.01") << document.body;
        EXPECT_NE(document.body.find(R"("run":"u1","job":"rotate","target":"prod","host":"ops1")"),
                  std::string::npos)
            << document.body;
    }
    EXPECT_EQ(
        ids,
        (std::vector<std::string>{"u1-finding-1", "u1-finding-2", "u1-sample-1", "u1-run_end"}));
    run_.info.dry_run = true;
    EXPECT_TRUE(RunOutbox(settings_).make(run_).empty());
}

TEST_F(RunOutboxTest, SendsAllByOneRequestInTheFormOfTheServer) {
    close(RunOutbox(settings_));
    answer_bulk({201, 201, 201, 201});
    send();
    ASSERT_EQ(http_.requests().size(), 2U);
    EXPECT_TRUE(sent_body().starts_with(
        R"({"index":{"_index":"caretaker-runs-2026.01","_id":"u1-finding-1"}})"
        "\n{\"@timestamp\":"))
        << sent_body();
    EXPECT_TRUE(store_->outbox().find_due(clock_.now()).empty());
    send();
    EXPECT_EQ(http_.requests().size(), 2U) << "nothing waits";
}

TEST_F(RunOutboxTest, NamesATypeToServersThatHaveTypes) {
    http_.answer(HttpMethod::get, "http://old:9200/", {.status = 200, .body = elasticsearch_6});
    settings_.set({.path = "outbox.elasticsearch.urls",
                   .value = std::vector<std::string>{"http://old:9200"}});
    close(RunOutbox(settings_));
    answer_bulk({201, 201, 201, 201});
    send();
    EXPECT_NE(sent_body().find(R"("_type":"run")"), std::string::npos) << sent_body();
}

TEST_F(RunOutboxTest, KeepsWhatABusyServerDidNotTakeAndParksWhatItRefused) {
    close(RunOutbox(settings_));
    answer_bulk({201, 429, 400, 503});
    send();
    EXPECT_EQ(store_->outbox().count().waiting, 2);
    EXPECT_EQ(store_->outbox().count().parked, 1);
    EXPECT_TRUE(store_->outbox().find_due(clock_.now()).empty()) << "not at once";
    EXPECT_EQ(store_->outbox().find_due(clock_.now() + std::chrono::minutes(1)).size(), 2U);
}

TEST_F(RunOutboxTest, KeepsEverythingWhileTheServerIsAwayOrSaysNonsense) {
    close(RunOutbox(settings_));
    for (const HttpResponse& wrong : {HttpResponse{.status = 500},
                                      HttpResponse{.status = 200, .body = "<html>"},
                                      HttpResponse{.status = 200, .body = R"({"items":[]})"}}) {
        http_.answer(HttpMethod::post, "/_bulk", wrong);
        send();
        EXPECT_EQ(store_->outbox().count().waiting, 4) << wrong.body;
        clock_.advance(std::chrono::hours(2));
    }
}

TEST_F(RunOutboxTest, SendsNothingOnceTheRunIsToStop) {
    close(RunOutbox(settings_));
    stop_.request(SIGTERM);
    send();
    EXPECT_TRUE(http_.requests().empty());
    EXPECT_EQ(store_->outbox().count().waiting, 4);
}

TEST_F(RunOutboxTest, RefusesNamesThatAreNoIndex) {
    for (const char* const name : {"", "Runs", "runs/x", "runs-*", "a,b"}) {
        settings_.set({.path = "outbox.index", .value = std::string(name)});
        EXPECT_THROW(RunOutbox{settings_}, UsageError) << name;
    }
    settings_.set({.path = "outbox.index", .value = std::string("runs-alias")});
    EXPECT_EQ(RunOutbox(settings_).make(run_).front().dest, "runs-alias");
}

TEST(BulkAnswer, IsReadItemByItem) {
    const auto read = [](const char* text, std::size_t count) {
        return read_bulk_answer(JsonDocument::parse(text, "test").root(), count);
    };
    EXPECT_EQ(read(R"({"items":[{"index":{"status":400,"error":"MapperParsing"}}]})", 1)[0].reason,
              "MapperParsing");
    EXPECT_THROW(read(R"({"items":[]})", 1), JsonError);
    EXPECT_THROW(read(R"({"items":[{}]})", 1), JsonError);
    EXPECT_THROW(read(R"({"items":[{"index":{}}]})", 1), JsonError);
}

}  // namespace
}  // namespace caretaker
