// SPDX-License-Identifier: Apache-2.0
// `caretaker kibana provision` with a real search engine: the documents of Kibana 3, 4 and 5, and
// the fields of logs.
#include "tests/engines/rotate_search_fixture.hpp"
#include "tests/support/child_process.hpp"
#include "tests/support/fake_server.hpp"
#include "tests/support/json.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <mutex>
#include <string>
#include <vector>

namespace caretaker::testing {

namespace {

struct ProvisionRun {
    int code = 0;
    std::string log{};
    rapidjson::Document json{};

    [[nodiscard]] std::size_t count(std::string_view step) const {
        std::size_t number = 0;
        for (const auto& row : json_array(json, "rows")) {
            number += json_text(row, "step") == step ? 1U : 0U;
        }
        return number;
    }

    [[nodiscard]] std::vector<std::string> findings() const {
        std::vector<std::string> codes;
        for (const auto& finding : json_array(json, "findings")) {
            codes.push_back(json_text(finding, "code"));
        }
        return codes;
    }
};

class KibanaProvisionSearch : public RotateSearchFixture {
 protected:
    KibanaProvisionSearch() {
        kibana_.answer_by([this](const HttpRequest& request) { return answer(request); });
    }

    /// The front of a Kibana of that version, without objects.
    void be(const std::string& version) {
        const std::lock_guard lock(mutex_);
        version_ = version;
    }

    ProvisionRun provision(std::vector<std::string> arguments) {
        arguments.insert(arguments.begin(),
                         {CARETAKER_BINARY,
                          "kibana",
                          "provision",
                          "--kibana-url",
                          kibana_.url(""),
                          "--elasticsearch-url",
                          server().url(),
                          "-o",
                          "json",
                          "--no-statsd"});
        const auto result =
            run_command({.argv = std::move(arguments),
                         .environment = {{"HOME", home_.path().string()},
                                         {"CARETAKER_STORE", home_.file("store.db")}},
                         .inherit_environment = false});
        ProvisionRun run{.code = result.status.code, .log = result.err};
        run.json = parse_json(result.out);
        return run;
    }

    ProvisionRun provision_example(std::vector<std::string> arguments = {}) {
        arguments.insert(
            arguments.begin(),
            {"--bundle", std::string(CARETAKER_SOURCE_DIR) + "/docs/examples/kibana-bundle"});
        return provision(std::move(arguments));
    }

 private:
    ServedAnswer answer(const HttpRequest& request) {
        const std::lock_guard lock(mutex_);
        if (version_.starts_with("3")) {
            return request.url == "/" ? ServedAnswer{.body = "<title>Kibana 3</title>"}
                                      : ServedAnswer{.status = 404, .body = "<html>"};
        }
        if (request.url == "/api/status") {
            return {
                .body = fmt::format(
                    R"({{"version":"{}","status":{{"overall":{{"state":"green"}}}}}})", version_)};
        }
        if (request.url.find("_bulk_get") == std::string::npos) {
            return {.body = R"({"data_view_id":""})"};
        }
        std::string objects;
        for (std::size_t at = request.body.find("\"type\""); at != std::string::npos;
             at = request.body.find("\"type\"", at + 1)) {
            objects += objects.empty() ? "" : ",";
            objects += R"({"error":{"statusCode":404}})";
        }
        return {.body = fmt::format(R"({{"saved_objects":[{}]}})", objects)};
    }

    std::mutex mutex_{};
    std::string version_{};
    FakeServer kibana_{};  // last: it serves until it is gone
};

TEST_P(KibanaProvisionSearch, WritesTheDocumentsOfOldKibanasOnceAndThenNothing) {
    if (is_opensearch() || !is_before(6)) {
        return;  // later ones are not those of such Kibanas
    }
    for (const std::string version : {"3", is_before(5) ? "4.6.4" : "5.6.16"}) {
        be(version);
        const std::size_t expected = version == "3" ? 1 : 12;
        if (version != "3") {
            EXPECT_EQ(provision_example().code, 1) << "without its index";
            server().request(HttpMethod::put, "/.kibana", "{}");
        }
        const ProvisionRun first = provision_example();
        EXPECT_EQ(first.code, 0) << first.log;
        EXPECT_EQ(first.count("create"), expected);
        const ProvisionRun second = provision_example();
        EXPECT_EQ(second.code, 0) << second.log;
        EXPECT_EQ(second.count("same"), expected) << second.log;
        EXPECT_TRUE(json_array(second.json, "actions").Empty());
    }

    server().request(HttpMethod::put,
                     "/.kibana/dashboard/caretaker-operations?refresh=true",
                     R"({"title":"Mine"})");
    EXPECT_EQ(provision_example().count("drift"), 1U);
    const ProvisionRun back = provision_example({"--on-drift", "overwrite", "--yes"});
    EXPECT_EQ(back.code, 0) << back.log;
    EXPECT_EQ(back.count("overwrite"), 1U);
    EXPECT_EQ(provision_example().count("same"), 12U);
    server().request(HttpMethod::del, "/.kibana,kibana-int");
}

TEST_P(KibanaProvisionSearch, KnowsTheFieldsOfALogType) {
    be("8.11.0");
    server().request(HttpMethod::put,
                     is_before(7) ? "/web-1/line/1?refresh=true" : "/web-1/_doc/1?refresh=true",
                     R"({"@timestamp":"2026-01-02T03:04:05.678Z","level":"info","took":3})");
    const ProvisionRun run = provision({"--template", "web", "--dry-run"});
    EXPECT_EQ(run.code, 0) << run.log;
    EXPECT_TRUE(run.findings().empty());
    std::vector<std::string> ids;
    for (const auto& row : json_array(run.json, "rows")) {
        ids.push_back(json_text(row, "id"));
    }
    std::vector<std::string> expected{"web-*", "web-newest", "web-over-time"};
    if (!is_before(5)) {
        expected.emplace_back("web-by-level.keyword");
    }
    expected.insert(expected.end(), {"web-average-took", "web-overview"});
    EXPECT_EQ(ids, expected);

    EXPECT_NE(provision({"--template", "other", "--dry-run"}).code, 0) << "there are none";
    EXPECT_EQ(provision_example({"--dry-run"}).findings(),
              (std::vector<std::string>{"pattern_matches_nothing", "pattern_matches_nothing"}));
    server().request(HttpMethod::del, "/web-1");
}

CARETAKER_FOR_EACH_ENGINE(KibanaProvisionSearch);

}  // namespace

}  // namespace caretaker::testing
