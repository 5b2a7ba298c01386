// SPDX-License-Identifier: Apache-2.0
// What `caretaker kibana` reads out of a real search engine: an access log, and what Kibanas keep.
#include "common/text/timestamp.hpp"
#include "tests/engines/rotate_search_fixture.hpp"
#include "tests/support/child_process.hpp"
#include "tests/support/fake_server.hpp"
#include "tests/support/json.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <chrono>
#include <fstream>
#include <mutex>
#include <string>
#include <vector>

namespace caretaker::testing {

namespace {

using std::chrono::hours;
using Time = std::chrono::sys_time<std::chrono::milliseconds>;

constexpr const char* browser = "Mozilla/5.0 Firefox/128.0";

/// Its objects lie in the index .kibana-NAME.
std::string app_json(std::string_view name) {
    return fmt::format(
        R"({{"id":"/kibana/{0}","instances":1,"tasksRunning":1,"deployments":[],)"
        R"("env":{{"KIBANA_INDEX":".kibana-{0}"}},)"
        R"("labels":{{"caretaker.kibana":"true"}},"version":"2020-01-01T00:00:00.000Z",)"
        R"("versionInfo":{{"lastScalingAt":"2020-01-01T00:00:00.000Z",)"
        R"("lastConfigChangeAt":"2020-01-01T00:00:00.000Z"}},"tasks":[],"healthChecks":[]}})",
        name);
}

class KibanaLogSearch : public RotateSearchFixture {
 protected:
    KibanaLogSearch() {
        marathon_.answer_by([](const HttpRequest& request) -> ServedAnswer {
            const bool is_queue = request.url.starts_with("/v2/queue");
            return {.body = is_queue ? R"({"queue":[]})"
                                     : fmt::format(R"({{"apps":[{},{},{}]}})",
                                                   app_json("used"),
                                                   app_json("checked"),
                                                   app_json("quiet"))};
        });
    }

    /// Where texts are not mapped as keyword besides, they have to be mapped by hand.
    void create_log() {
        if (!is_before(5)) {
            return;
        }
        std::string fields;
        for (const char* field : {"app", "ua", "path", "client"}) {
            fields += fmt::format(R"({}"{}":{{"type":"string","fields":{{"raw":{{"type":"string",)"
                                  R"("index":"not_analyzed"}}}}}})",
                                  fields.empty() ? "" : ",",
                                  field);
        }
        server().request(
            HttpMethod::put,
            "/access-1",
            fmt::format(R"({{"mappings":{{"line":{{"properties":{{{}}}}}}}}})", fields));
    }

    void add(Time time, std::string_view app, std::string_view agent, std::string_view path) {
        lines_ += is_before(7) ? "{\"index\":{\"_index\":\"access-1\",\"_type\":\"line\"}}\n"
                               : "{\"index\":{\"_index\":\"access-1\"}}\n";
        lines_ += fmt::format(R"({{"@timestamp":"{}","app":"{}","ua":"{}","path":"{}",)"
                              R"("client":"10.0.0.7","probe":{}}})"
                              "\n",
                              format_rfc3339(time),
                              app,
                              agent,
                              path,
                              app.empty());
    }

    void store() {
        server().request(HttpMethod::post, "/_bulk", lines_);
        server().request(HttpMethod::post, "/access-1/_refresh");
        lines_.clear();
    }

    /// Lines of a log that is whole and has nobody in it.
    void add_quiet_log(Time now) {
        for (int hour = 0; hour < 15 * 24; ++hour) {
            add(now - hours(hour), "", "Prometheus/2.53", "/metrics");
        }
        store();
    }

    /// What a Kibana from 6 on writes when somebody saves a dashboard.
    void save_dashboard(Time now, int id) {
        server().request(
            HttpMethod::put,
            fmt::format("/.kibana-quiet/{}/{}?refresh=true", is_before(7) ? "doc" : "_doc", id),
            fmt::format(R"({{"type":"dashboard","dashboard":{{"title":"mine"}},)"
                        R"("updated_at":"{}"}})",
                        format_rfc3339(now)));
    }

    /// Runs `caretaker kibana FORM`; `settings` are further members of the section `kibana`.
    rapidjson::Document run(const std::vector<std::string>& form,
                            const std::string& settings = "") {
        std::ofstream(home_.file("caretaker.yml")) << fmt::format(
            "targets: {{t: {{marathon: {{urls: ['{}']}}, "
            "elasticsearch: {{urls: ['{}']}}}}}}\n"
            "kibana: {{access_log: {{index: 'access-*', lag: 0s}}{}}}\n",
            marathon_.url(""),
            server().url(),
            settings);
        std::vector<std::string> argv{CARETAKER_BINARY, "kibana", "-o", "json"};
        argv.insert(argv.begin() + 2, form.begin(), form.end());
        const Finished finished =
            run_command({.argv = std::move(argv),
                         .environment = {{"HOME", home_.path().string()},
                                         {"CARETAKER_CONFIG", home_.file("caretaker.yml")},
                                         {"CARETAKER_STORE", home_.file("store.db")}},
                         .inherit_environment = false});
        EXPECT_EQ(finished.status.code, 0) << finished.err;
        warnings_ = finished.err;
        output_ = finished.out;
        return parse_json(finished.out);
    }

    FakeServer marathon_{};
    std::string lines_{};
    std::string warnings_{};
    std::string output_{};
};

std::string verdict(const rapidjson::Document& result, const std::string& app) {
    for (const auto& row : json_at(result, "rows").GetArray()) {
        if (json_text(row, "app") == app) {
            return json_text(row, "verdict");
        }
    }
    return "";
}

TEST_P(KibanaLogSearch, TellsWhoWasUsed) {
    create_log();
    const Time now =
        std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
    for (int hour = 0; hour < 15 * 24; ++hour) {
        const Time time = now - hours(hour) - std::chrono::minutes(11);
        add(time, "", "caretaker/1.0", "/__caretaker/canary");
        add(time, "/kibana/checked", "Prometheus/2.53", "/api/status");
    }
    add(now - hours(30), "/kibana/used", browser, "/app/kibana");
    add(now - hours(24 * 40), "/kibana/quiet", browser, "/app/kibana");
    store();
    const rapidjson::Document result = run({"list"});
    EXPECT_EQ(warnings_, "");
    EXPECT_EQ(verdict(result, "/kibana/used"), "active");
    EXPECT_EQ(verdict(result, "/kibana/checked"), "idle") << output_;
    EXPECT_EQ(verdict(result, "/kibana/quiet"), "idle");
}

TEST_P(KibanaLogSearch, SaysNothingOfALogThatIsNotThere) {
    EXPECT_EQ(verdict(run({"list"}), "/kibana/quiet"), "unknown");
    EXPECT_NE(warnings_.find("kibana.access_log.index"), std::string::npos) << warnings_;
}

TEST_P(KibanaLogSearch, BelievesTheLogWhileCanariesArriveInIt) {
    create_log();
    const Time now =
        std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
    add_quiet_log(now);
    std::mutex mutex;
    std::vector<std::string> canaries;  // their user agents
    FakeServer proxy;
    proxy.answer_by([&](const HttpRequest& request) -> ServedAnswer {
        if (request.url.find("canary") == std::string::npos) {
            return {.status = 404};
        }
        const std::lock_guard lock(mutex);
        canaries.emplace_back(find_header(request.headers, "User-Agent"));
        return {.status = 200};
    });
    const std::string settings = fmt::format(", proxies: ['{}']", proxy.url(""));
    EXPECT_EQ(verdict(run({"sample"}, settings), "/kibana/quiet"), "idle");
    EXPECT_EQ(verdict(run({"sample"}, settings), "/kibana/quiet"), "unknown");
    EXPECT_NE(output_.find("the canaries sent"), std::string::npos) << output_;
    for (const std::string& agent : canaries) {  // late, but they come
        add(now, "", agent, "/__caretaker/canary");
    }
    store();
    EXPECT_EQ(verdict(run({"sample"}, settings), "/kibana/quiet"), "idle") << output_;
}

TEST_P(KibanaLogSearch, TakesWhatPeopleSaveInTheirKibanaForUse) {
    if (is_before(6)) {
        return;  // its Kibanas write no times
    }
    create_log();
    const Time now =
        std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
    add_quiet_log(now);
    const std::string fields = R"({"properties":{"type":{"type":"keyword"}}})";
    server().request(HttpMethod::put,
                     "/.kibana-quiet",
                     is_before(7) ? fmt::format(R"({{"mappings":{{"doc":{}}}}})", fields)
                                  : fmt::format(R"({{"mappings":{}}})", fields));
    const std::vector<std::string> recycle{"recycle", "--dry-run"};
    const std::string settings = ", require_notice: false, max_percent: 100";
    save_dashboard(now - hours(24 * 40), 1);
    EXPECT_EQ(verdict(run(recycle, settings), "/kibana/quiet"), "idle") << output_ << warnings_;
    save_dashboard(now - hours(1), 2);
    EXPECT_EQ(verdict(run(recycle, settings), "/kibana/quiet"), "active") << output_ << warnings_;
    server().request(HttpMethod::del, "/.kibana-quiet");
}

CARETAKER_FOR_EACH_ENGINE(KibanaLogSearch);

}  // namespace

}  // namespace caretaker::testing
