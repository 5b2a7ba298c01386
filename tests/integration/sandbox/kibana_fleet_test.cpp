// SPDX-License-Identifier: Apache-2.0
// The fleet of Kibanas with Marathon, and the proxy's log in the search engine.
#include "tests/sandbox/kibana_fleet.hpp"

#include "served_json.hpp"
#include "tests/sandbox/access_log.hpp"
#include "tests/sandbox/fake_marathon.hpp"
#include "tests/sandbox/fake_proxy.hpp"
#include "tests/sandbox/fake_search.hpp"
#include "tests/sandbox/platform_scenario.hpp"
#include "tests/support/json.hpp"

#include <gtest/gtest.h>

#include <unistd.h>

#include <set>

namespace caretaker::sandbox {
namespace {

using caretaker::testing::json_array;
using caretaker::testing::json_at;
using caretaker::testing::json_integer;
using caretaker::testing::json_text;
using std::chrono::seconds;

class KibanaFleetTest : public ::testing::Test {
 protected:
    const rapidjson::Document& search(const std::string& index, const std::string& body) {
        const HttpResponse response =
            asker_.send_json(HttpMethod::post, search_.url() + "/" + index + "/_search", body);
        EXPECT_EQ(response.status, 200) << response.body;
        return asker_.keep_json(response.body);
    }

    void fill_log(const std::string& suffix = "") {
        search_.with_state([&](SearchState& state) {
            state.now_ms = platform_.state()->now_ms;
            fill_access_log(state, {.days = 10, .apps = fleet_.apps(), .keyword_suffix = suffix});
            return 0;
        });
    }

    ServiceAsker asker_{};
    FakePlatform platform_{
        make_platform({.agents = 4,
                       .apps = 2,
                       .has_addresses_as_names = true,
                       .network = 20 + static_cast<std::size_t>(::getpid()) % 200})};
    KibanaFleet fleet_{platform_, {.count = 16}};
    FakeSearch search_{*parse_search_version("opensearch-2.19.3")};
};

TEST_F(KibanaFleetTest, AnswersWhereMarathonSays) {
    FakeMarathon marathon(platform_);
    fleet_.sync();
    std::size_t asked = 0;
    const auto& apps =
        asker_.json(marathon.url() + "/v2/apps?label=caretaker.kibana%3D%3Dtrue&embed=apps.tasks");
    EXPECT_EQ(json_array(apps, "apps").Size(), 16U);
    for (const auto& app : json_array(apps, "apps")) {
        for (const auto& task : json_array(app, "tasks")) {
            const std::string url = "http://" + json_text(task, "host") + ":" +
                                    std::to_string(json_array(task, "ports")[0].GetInt());
            const int status = asker_.get(url + "/api/status").status;
            EXPECT_TRUE(status == 200 || status == 404) << url;
            ++asked;
        }
    }
    EXPECT_EQ(asked, fleet_.running());
    EXPECT_GT(asked, 12U);
}

TEST_F(KibanaFleetTest, ComesAndGoesAsItIsScaled) {
    FakeMarathon marathon(platform_);
    fleet_.sync();
    const std::size_t before = fleet_.running();
    const auto scale = [&](int instances) {
        asker_.send_json(HttpMethod::put,
                         marathon.url() + "/v2/apps/kibana/team-001",
                         R"({"instances":)" + std::to_string(instances) + "}");
        platform_.advance(seconds(10));
        fleet_.sync();
    };
    scale(0);
    EXPECT_EQ(fleet_.running(), before - 1);
    scale(1);
    EXPECT_EQ(fleet_.running(), before);
}

TEST_F(KibanaFleetTest, LeavesALogOfItsUse) {
    fill_log();
    const auto& found = search("access-*",
                               R"({"size":0,"query":{"bool":{"filter":[{"range":{"@timestamp":)"
                               R"({"gte":"now-5d","lt":"now"}}}]}},"aggs":{)"
                               R"("alive":{"date_histogram":{"field":"@timestamp",)"
                               R"("fixed_interval":"1h"}},"use":{"filter":{"bool":{"must_not":[)"
                               R"({"wildcard":{"ua":"Prometheus*"}},{"term":{"probe":true}}]}},)"
                               R"("aggs":{"apps":{"terms":{"field":"app","size":100},)"
                               R"("aggs":{"last":{"max":{"field":"@timestamp"}}}}}}}})");
    EXPECT_FALSE(json_at(found, "timed_out").GetBool());
    EXPECT_GT(json_integer(json_at(found, "_shards"), "total"), 0);
    const auto& aggregations = json_at(found, "aggregations");
    const auto hours = json_array(json_at(aggregations, "alive"), "buckets");
    EXPECT_GE(hours.Size(), 119U);
    for (const auto& hour : hours) {
        EXPECT_GT(json_integer(hour, "doc_count"), 0);
    }
    std::set<std::string> apps;
    for (const auto& bucket :
         json_array(json_at(json_at(aggregations, "use"), "apps"), "buckets")) {
        apps.insert(json_text(bucket, "key"));
        EXPECT_GT(json_at(json_at(bucket, "last"), "value").GetDouble(), 1e12);
    }
    EXPECT_TRUE(apps.contains(fleet_.apps()[0])) << "used daily";
    EXPECT_FALSE(apps.contains(fleet_.apps()[3])) << "never used";
    EXPECT_FALSE(apps.contains(fleet_.apps()[4])) << "machines only";
}

TEST_F(KibanaFleetTest, CutsListsOfTermsAndSaysSo) {
    fill_log();
    const auto& found =
        search("access-*", R"({"size":0,"aggs":{"apps":{"terms":{"field":"app","size":1}}}})");
    EXPECT_GT(json_integer(json_at(json_at(found, "aggregations"), "apps"), "sum_other_doc_count"),
              0);
}

TEST_F(KibanaFleetTest, CountsTextsByTheirKeywordsAlone) {
    fill_log(".keyword");
    const auto status = [&](const std::string& field) {
        return asker_
            .send_json(HttpMethod::post,
                       search_.url() + "/access-*/_search",
                       R"({"size":0,"aggs":{"a":{"terms":{"field":")" + field + R"("}}}})")
            .status;
    };
    EXPECT_EQ(status("app"), 400);
    EXPECT_EQ(status("app.keyword"), 200);
    const auto& fields =
        json_at(asker_.json(search_.url() + "/access-*/_field_caps?fields=path,path.*"), "fields");
    EXPECT_TRUE(fields.HasMember("path"));
    EXPECT_TRUE(json_at(fields, "path.keyword").HasMember("keyword"));
}

TEST_F(KibanaFleetTest, TellsPartialAnswers) {
    fill_log();
    search_.with_state([](SearchState& state) {
        state.searches_time_out = true;
        state.failing_shards = 1;
        return 0;
    });
    const auto& found = search("access-*", "{}");
    EXPECT_TRUE(json_at(found, "timed_out").GetBool());
    EXPECT_EQ(json_integer(json_at(found, "_shards"), "failed"), 1);
}

TEST_F(KibanaFleetTest, KnowsInTheProxyWhoWasAskedFor) {
    search_.with_state([&](SearchState& state) {
        state.now_ms = platform_.state()->now_ms + 1'000;
        return 0;
    });
    FakeProxy proxy(platform_, search_);
    EXPECT_EQ(asker_.get(proxy.url() + "/kibana/team-001/app").status, 200);
    const HttpResponse waiting = asker_.get(proxy.url() + "/kibana/team-011/");
    EXPECT_EQ(waiting.status, 503) << "suspended";
    EXPECT_EQ(waiting.header("Retry-After"), "10");
    asker_.get(proxy.url() + "/__caretaker/canary");
    const auto& last = asker_.json(proxy.url() + "/__caretaker/last-access");
    EXPECT_EQ(json_at(last, "apps").MemberCount(), 2U);
    EXPECT_EQ(json_integer(json_at(json_at(search("access-*", "{}"), "hits"), "total"), "value"),
              3);
    proxy.restart();
    EXPECT_EQ(json_at(asker_.json(proxy.url() + "/__caretaker/last-access"), "apps").MemberCount(),
              0U);
}

}  // namespace
}  // namespace caretaker::sandbox
