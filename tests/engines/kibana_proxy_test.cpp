// SPDX-License-Identifier: Apache-2.0
// docs/examples/openresty in a real nginx, before the sandbox's Marathon and Kibanas.
#include "common/base/stop_signal.hpp"
#include "common/http/curl_http.hpp"
#include "common/http/http.hpp"
#include "tests/engines/engine_cache.hpp"
#include "tests/engines/nginx_proxy.hpp"
#include "tests/sandbox/fake_marathon.hpp"
#include "tests/sandbox/fake_platform.hpp"
#include "tests/sandbox/kibana_fleet.hpp"
#include "tests/sandbox/platform_scenario.hpp"
#include "tests/support/child_process.hpp"
#include "tests/support/json.hpp"
#include "tests/support/temp_dir.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <fstream>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace caretaker::testing {

namespace {

using sandbox::FakeMarathon;
using sandbox::FakePlatform;
using sandbox::KibanaFleet;
using std::chrono::seconds;

constexpr const char* awake = "/kibana/team-001";
constexpr const char* asleep = "/kibana/team-011";
constexpr const char* browser = "Mozilla/5.0 Firefox/128.0";

sandbox::PlatformState make_place() {
    const auto now = std::chrono::duration_cast<std::chrono::milliseconds>(
        std::chrono::system_clock::now().time_since_epoch());
    return sandbox::make_platform({.agents = 4,
                                   .apps = 2,
                                   .now_ms = now.count(),
                                   .has_addresses_as_names = true,
                                   .network = 20 + static_cast<std::size_t>(::getpid()) % 200,
                                   .has_states = false});
}

class KibanaProxy : public ::testing::Test {
 protected:
    void SetUp() override {
        platform_.follow_real_time();
        fleet_.sync();
        try {
            proxy_ = std::make_unique<NginxProxy>(marathon_->url());
        } catch (const EngineUnavailable& reason) {  // the one place that decides: fail or skip
            report_unavailable(reason);
            return;
        }
        // Until Marathon has answered nobody is known.
        ASSERT_TRUE(comes_true([&] { return is_served(awake); })) << proxy_->errors();
    }

    template <typename Condition>
    static bool comes_true(const Condition& condition) {
        const auto end = std::chrono::steady_clock::now() + seconds(15);
        while (std::chrono::steady_clock::now() < end) {
            if (condition()) {
                return true;
            }
            std::this_thread::sleep_for(std::chrono::milliseconds(50));
        }
        return false;
    }

    [[nodiscard]] HttpRequest request(const std::string& target,
                                      const std::string& agent = browser) const {
        return {.url = proxy_->url() + target,
                .headers = {{"User-Agent", agent}, {"Accept", "text/html"}}};
    }

    HttpResponse get(const std::string& target, const std::string& agent = browser) {
        return http_->send(request(target, agent));
    }

    /// Whether its Kibana answers.
    bool is_served(const std::string& app) { return get(app + "/app/home").status == 200; }

    rapidjson::Document last_access() { return parse_json(get("/__caretaker/last-access").body); }

    /// Lines of requests for that path; they are written just after the answer.
    std::vector<rapidjson::Document> lines_of(const std::string& path) {
        std::vector<rapidjson::Document> lines;
        comes_true([&] {
            lines = proxy_->log();
            std::erase_if(lines, [&](const rapidjson::Document& line) {
                return json_text(line, "path") != path;
            });
            return !lines.empty();
        });
        return lines;
    }

    std::uint64_t wakings() {
        std::uint64_t count = 0;
        for (const auto& [what, times] : marathon_->http().request_counts()) {
            count += what.starts_with("PATCH") ? times : 0;
        }
        return count;
    }

    StopSignal stop_{};
    std::unique_ptr<HttpClient> http_ = make_curl_http({.service = "browser"}, stop_);
    FakePlatform platform_{make_place()};
    KibanaFleet fleet_{platform_, {.count = 12}};
    std::unique_ptr<FakeMarathon> marathon_ = std::make_unique<FakeMarathon>(platform_);
    std::unique_ptr<NginxProxy> proxy_{};
};

TEST_F(KibanaProxy, HandsOnAndRemembers) {
    const HttpResponse page = get(std::string(awake) + "/app/discover?secret=1");
    EXPECT_EQ(page.status, 200);
    EXPECT_NE(page.body.find("<title>Kibana</title>"), std::string::npos) << page.body;

    const auto lines = lines_of(std::string(awake) + "/app/discover");
    ASSERT_EQ(lines.size(), 1U);
    EXPECT_EQ(json_text(lines[0], "app"), awake);
    EXPECT_EQ(json_text(lines[0], "ua"), browser);
    EXPECT_EQ(json_text(lines[0], "method"), "GET");
    EXPECT_EQ(json_text(lines[0], "client"), "127.0.0.1");
    EXPECT_EQ(json_integer(lines[0], "status"), 200);
    EXPECT_FALSE(json_at(lines[0], "probe").GetBool());
    EXPECT_FALSE(json_at(lines[0], "system").GetBool());

    const rapidjson::Document memory = last_access();
    EXPECT_GE(json_integer(json_at(memory, "apps"), awake), json_integer(memory, "started"));
    EXPECT_GT(json_integer(memory, "free_bytes"), 0);
}

TEST_F(KibanaProxy, WritesJsonWhateverIsAsked) {
    const std::vector<std::string> agents{
        "\"", "\\", "a\tb", "\xff\xfe", "{\"app\":\"/kibana/team-002\"}", "\xe2\x80\xa8"};
    for (const std::string& agent : agents) {
        get(std::string(awake) + "/x", agent);
    }
    for (const char* path : {"/kibana/team-001/%22%0a%00",
                             "/kibana/%22/",
                             "/kibana/../etc",
                             "/kibana/team-001/\xff",
                             "/kibana/team-001%2f..%2fteam-002/"}) {
        get(path);
    }
    // Each of them is parsed, and none names an app that was not asked for.
    for (const rapidjson::Document& line : proxy_->log()) {
        const std::string app = json_text(line, "app");
        EXPECT_TRUE(app.empty() || app == awake || app == "/kibana/team-002") << app;
    }
}

TEST_F(KibanaProxy, TakesCanaries) {
    EXPECT_EQ(get("/__caretaker/canary", "caretaker/1.0").status, 204);
    const auto lines = lines_of("/__caretaker/canary");
    ASSERT_EQ(lines.size(), 1U);
    EXPECT_TRUE(json_at(lines[0], "probe").GetBool());
    EXPECT_EQ(json_text(lines[0], "app"), "");
}

TEST_F(KibanaProxy, WakesOnceWhoeverComes) {
    const std::vector<HttpRequest> crowd(50, request(std::string(asleep) + "/app/home"));
    std::size_t waiting = 0;
    http_->send_all(crowd, 50, [&](std::size_t, const HttpOutcome& outcome) {
        const auto& response = std::get<HttpResponse>(outcome);
        EXPECT_EQ(response.header("Retry-After"), "10");
        EXPECT_NE(response.body.find("content=\"5\""), std::string::npos);
        waiting += response.status == 503 ? 1U : 0U;
    });
    EXPECT_EQ(waiting, 50U);
    EXPECT_TRUE(comes_true([&] {
        fleet_.sync();
        return is_served(asleep);
    })) << proxy_->errors();
    EXPECT_EQ(wakings(), 1U);
}

TEST_F(KibanaProxy, IsNotFooledIntoWaking) {
    EXPECT_EQ(get(asleep, "curl/8.0").status, 503);
    EXPECT_EQ(get(asleep, "Googlebot/2.1").status, 503);
    EXPECT_EQ(get("/kibana/nobody/").status, 404);
    EXPECT_EQ(get("/kibana/").status, 404);
    EXPECT_EQ(get("/kibana/team-011%2f..%2fx").status, 404);  // nginx decodes it: /kibana/x
    platform_.change([](sandbox::PlatformState& state) {      // not ours any more
        state.marathon.apps.at(asleep).fields["labels"] = "{}";
        return 0;
    });
    EXPECT_TRUE(comes_true([&] { return get(asleep, "curl/8.0").status == 404; }));
    EXPECT_EQ(wakings(), 0U);
    EXPECT_FALSE(json_at(last_access(), "apps").HasMember("/kibana/nobody"));
}

TEST_F(KibanaProxy, TakesWhatOpenPagesAskForByThemselvesForUse) {
    HttpRequest poll = request(std::string(asleep) + "/api/status");
    poll.headers.push_back({"kbn-system-request", "true"});
    EXPECT_EQ(http_->send(poll).status, 503);
    EXPECT_TRUE(comes_true([&] { return wakings() == 1; }));
}

TEST_F(KibanaProxy, IgnoresWhatOpenPagesAskForByThemselvesIfToldSo) {
    proxy_.reset();
    proxy_ = std::make_unique<NginxProxy>(marathon_->url(), ", ignore_system_requests = true");
    HttpRequest poll = request(std::string(asleep) + "/api/status");
    poll.headers.push_back({"kbn-system-request", "true"});
    // Until Marathon has answered nobody is known, so a person is asked for first.
    ASSERT_TRUE(comes_true([&] { return is_served(awake); })) << proxy_->errors();
    for (int i = 0; i < 5; ++i) {
        EXPECT_EQ(http_->send(poll).status, 503);
    }
    EXPECT_FALSE(json_at(last_access(), "apps").HasMember(asleep));
    EXPECT_TRUE(json_at(last_access(), "apps").HasMember(awake));
    get(std::string(asleep) + "/app/home");  // after which a waking by the others would be seen
    EXPECT_TRUE(comes_true([&] { return wakings() > 0; }));
    EXPECT_EQ(wakings(), 1U);
    EXPECT_TRUE(json_at(last_access(), "apps").HasMember(asleep));
    bool is_marked = false;
    for (const rapidjson::Document& line : lines_of(std::string(asleep) + "/api/status")) {
        is_marked = json_at(line, "system").GetBool();
    }
    EXPECT_TRUE(is_marked);
}

TEST_F(KibanaProxy, GoesOnWhileMarathonIsAway) {
    marathon_->set_leader(std::nullopt);
    std::this_thread::sleep_for(std::chrono::milliseconds(600));  // it has asked since
    EXPECT_TRUE(is_served(awake));
    marathon_->set_leader(0);
}

TEST_F(KibanaProxy, KeepsItsMemoryOverAReload) {
    const rapidjson::Document before = last_access();
    proxy_->reload();
    EXPECT_TRUE(comes_true(
        [&] { return proxy_->errors().find("gracefully shutting down") != std::string::npos; }));
    const rapidjson::Document after = last_access();
    EXPECT_EQ(json_integer(after, "started"), json_integer(before, "started"));
    EXPECT_EQ(json_integer(json_at(after, "apps"), awake),
              json_integer(json_at(before, "apps"), awake));
}

TEST_F(KibanaProxy, IsUnderstoodByCaretaker) {
    const TempDir home;
    std::ofstream(home.file("caretaker.yml")) << fmt::format(
        "targets: {{t: {{marathon: {{urls: ['{}']}}}}}}\n"
        "kibana: {{proxies: ['{}']}}\n",
        marathon_->url(),
        proxy_->url());
    const Finished list =
        run_command({.argv = {CARETAKER_BINARY, "kibana", "list", "-o", "json"},
                     .environment = {{"HOME", home.path().string()},
                                     {"CARETAKER_CONFIG", home.file("caretaker.yml")},
                                     {"CARETAKER_STORE", home.file("store.db")}},
                     .inherit_environment = false});
    EXPECT_EQ(list.status.code, 0) << list.err;
    const rapidjson::Document json = parse_json(list.out);
    const auto& rows = json_at(json, "rows").GetArray();
    const auto row = std::find_if(rows.Begin(), rows.End(), [](const rapidjson::Value& one) {
        return json_text(one, "app") == awake;
    });
    ASSERT_NE(row, rows.End());
    EXPECT_EQ(json_text(*row, "verdict"), "active");
    EXPECT_EQ(json_text(*row, "source"), "proxy");
}

}  // namespace

}  // namespace caretaker::testing
