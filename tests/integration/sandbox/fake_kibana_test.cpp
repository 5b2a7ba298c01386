// SPDX-License-Identifier: Apache-2.0
// The fake Kibana over the wire, version by version.
#include "tests/sandbox/fake_kibana.hpp"

#include "common/text/base64.hpp"
#include "served_json.hpp"
#include "tests/support/json.hpp"

#include <gtest/gtest.h>

#include <optional>

namespace caretaker::sandbox {
namespace {

using caretaker::testing::json_array;
using caretaker::testing::json_at;
using caretaker::testing::json_integer;
using caretaker::testing::json_text;

constexpr std::int64_t start_ms = 1'795'345'600'000;

class FakeKibanaTest : public ::testing::Test {
 protected:
    /// A Kibana that was started a minute ago, with three requests in its last window.
    void start(const std::string& version) {
        kibana_.reset();
        kibana_.emplace(KibanaState{
            .version = *parse_kibana_version(version),
            .now_ms = start_ms + 60'000,
            .started_ms = start_ms,
            .request_times_ms = {
                start_ms + 20'000, start_ms + 57'000, start_ms + 58'000, start_ms + 60'000}});
    }

    const rapidjson::Document& status() { return asker_.json(kibana_->url() + "/api/status"); }

    HttpResponse write(HttpMethod method, const std::string& path, const std::string& body) {
        return asker_.send(method,
                           kibana_->url() + path,
                           body,
                           {{"Content-Type", "application/json"}, {"kbn-xsrf", "test"}});
    }

    HttpResponse import(const std::string& lines, const std::string& query = "") {
        return asker_.send(
            HttpMethod::post,
            kibana_->url() + "/api/saved_objects/_import" + query,
            "--b\r\nContent-Disposition: form-data; name=\"file\"; "
            "filename=\"export.ndjson\"\r\nContent-Type: application/ndjson\r\n\r\n" +
                lines + "\r\n--b--\r\n",
            {{"Content-Type", "multipart/form-data; boundary=b"},
             {"kbn-xsrf", "test"},
             {"osd-xsrf", "true"}});
    }

    ServiceAsker asker_{};
    std::optional<FakeKibana> kibana_{};
};

TEST_F(FakeKibanaTest, HasNoServerPartInVersion3) {
    start("kibana-3.1.2");
    EXPECT_EQ(asker_.get(kibana_->url() + "/api/status").status, 404);
    EXPECT_EQ(asker_.get(kibana_->url() + "/").status, 200);
}

TEST_F(FakeKibanaTest, ShowsAHistoryOfWindowsUpToVersion5) {
    start("kibana-4.6.4");
    const auto& document = status();
    const auto requests = json_array(json_at(document, "metrics"), "requests");
    EXPECT_EQ(requests.Size(), 12U) << "a minute of windows of 5 s";
    EXPECT_EQ(requests[0][0].GetInt64(), start_ms + 60'000) << "newest first";
    EXPECT_EQ(requests[0][1].GetDouble(), 3);
    EXPECT_EQ(requests[8][1].GetDouble(), 1);
    EXPECT_FALSE(document.HasMember("version"));
    EXPECT_EQ(asker_.get(kibana_->url() + "/api/status").header("kbn-version"), "4.6.4");
}

TEST_F(FakeKibanaTest, ShowsOneWindowFromVersion6On) {
    start("kibana-6.2.4");
    const auto& old = status();
    EXPECT_EQ(json_integer(json_at(json_at(old, "metrics"), "requests"), "total"), 3);
    EXPECT_EQ(json_integer(json_at(old, "metrics"), "uptime_in_millis"), 60'000);
    EXPECT_EQ(json_text(json_at(old, "version"), "number"), "6.2.4");
    start("kibana-7.17.28");
    const auto& recent = status();
    EXPECT_FALSE(json_at(recent, "metrics").HasMember("uptime_in_millis"));
    EXPECT_EQ(json_integer(json_at(json_at(recent, "metrics"), "process"), "uptime_in_millis"),
              60'000);
    EXPECT_EQ(json_text(json_at(json_at(recent, "status"), "overall"), "state"), "green");
}

TEST_F(FakeKibanaTest, SpeaksOfLevelsFromVersion8On) {
    start("kibana-8.11.0");
    EXPECT_EQ(json_text(json_at(json_at(status(), "status"), "overall"), "level"), "available");
    kibana_->with_state([](KibanaState& state) {
        state.user = "elastic";
        state.password = "secret";
        return 0;
    });
    const auto& redacted = status();
    EXPECT_FALSE(redacted.HasMember("metrics"));
    EXPECT_FALSE(redacted.HasMember("version"));
    kibana_->with_state([](KibanaState& state) {
        state.condition = KibanaCondition::red;
        return 0;
    });
    EXPECT_EQ(asker_.get(kibana_->url() + "/api/status").status, 503);
}

TEST_F(FakeKibanaTest, AnswersAsKibana7WhereItIsOpenSearchDashboards) {
    start("opensearch-dashboards-2.19.3");
    const auto& document = status();
    EXPECT_EQ(json_text(json_at(document, "version"), "number"), "2.19.3");
    EXPECT_EQ(json_text(json_at(json_at(document, "status"), "overall"), "state"), "green");
    const HttpResponse response = asker_.get(kibana_->url() + "/api/status");
    EXPECT_EQ(response.header("osd-name"), "opensearch-dashboards");
    EXPECT_EQ(response.header("kbn-name"), "");
    EXPECT_EQ(write(HttpMethod::post, "/api/saved_objects/search/a", R"({"attributes":{}})").status,
              400)
        << "the header is called osd-xsrf there";
}

TEST_F(FakeKibanaTest, IsNotReadyWhileItStarts) {
    start("kibana-7.17.28");
    kibana_->with_state([](KibanaState& state) {
        state.condition = KibanaCondition::starting;
        return 0;
    });
    const HttpResponse response = asker_.get(kibana_->url() + "/api/status");
    EXPECT_EQ(response.status, 503);
    EXPECT_EQ(response.body, "Kibana server is not ready yet");
}

TEST_F(FakeKibanaTest, AsksForALoginBeforeVersion8) {
    start("kibana-7.17.28");
    kibana_->with_state([](KibanaState& state) {
        state.user = "a";
        state.password = "b";
        return 0;
    });
    EXPECT_EQ(asker_.get(kibana_->url() + "/api/status").status, 401);
    EXPECT_EQ(asker_
                  .send(HttpMethod::get,
                        kibana_->url() + "/api/status",
                        "",
                        {{"Authorization", "Basic " + encode_base64("a:b")}})
                  .status,
              200);
}

TEST_F(FakeKibanaTest, GuardsWritesByAHeader) {
    start("kibana-8.11.0");
    const HttpResponse refused = asker_.send_json(
        HttpMethod::post, kibana_->url() + "/api/saved_objects/search/a", R"({"attributes":{}})");
    EXPECT_EQ(refused.status, 400);
    EXPECT_EQ(json_text(asker_.keep_json(refused.body), "message"),
              "Request must contain a kbn-xsrf header.");
    EXPECT_EQ(
        asker_.send(HttpMethod::get, kibana_->url() + "/api/x", "", {{"kbn-version", "1.2.3"}})
            .status,
        400);
}

TEST_F(FakeKibanaTest, KeepsSavedObjects) {
    start("kibana-7.17.28");
    const std::string path = "/api/saved_objects/dashboard/ops";
    EXPECT_EQ(asker_.get(kibana_->url() + path).status, 404);
    EXPECT_EQ(write(HttpMethod::post, path, R"({"attributes":{"title":"A"}})").status, 200);
    EXPECT_EQ(write(HttpMethod::post, path, R"({"attributes":{"title":"B"}})").status, 409);
    EXPECT_EQ(
        write(HttpMethod::post, path + "?overwrite=true", R"({"attributes":{"title":"B"}})").status,
        200);
    const auto& object = asker_.json(kibana_->url() + path);
    EXPECT_EQ(json_text(json_at(object, "attributes"), "title"), "B");
    EXPECT_EQ(json_integer(asker_.json(kibana_->url() + "/api/saved_objects/_find?type=dashboard"),
                           "total"),
              1);
    EXPECT_EQ(asker_.get(kibana_->url() + "/s/team" + path).status, 404) << "another space";
    EXPECT_EQ(write(HttpMethod::del, path, "").status, 200);
}

TEST_F(FakeKibanaTest, AnswersAnImportWith200ThoughItFailed) {
    start("kibana-7.17.28");
    const std::string pattern =
        R"({"type":"index-pattern","id":"logs","attributes":{"title":"logs-*"},"references":[]})";
    const std::string search = R"({"type":"search","id":"s","attributes":{},"references":)"
                               R"([{"type":"index-pattern","id":"logs","name":"r"}]})";
    const auto error_of = [&](const HttpResponse& response) {
        EXPECT_EQ(response.status, 200);
        const auto& answer = asker_.keep_json(response.body);
        if (json_at(answer, "success").GetBool()) {
            return std::string("none");
        }
        return json_text(json_at(json_array(answer, "errors")[0], "error"), "type");
    };
    EXPECT_EQ(error_of(import(search)), "missing_references");
    EXPECT_EQ(error_of(import(pattern + "\n" + search)), "none");
    EXPECT_EQ(error_of(import(pattern)), "conflict");
    EXPECT_EQ(error_of(import(pattern, "?overwrite=true")), "none");
    EXPECT_EQ(error_of(import(R"({"type":"unicorn","id":"x","attributes":{}})")),
              "unsupported_type");
    EXPECT_EQ(import("no json").status, 400);
    const HttpResponse exported =
        write(HttpMethod::post, "/api/saved_objects/_export", R"({"type":["search"]})");
    EXPECT_NE(exported.body.find(R"("exportedCount":1)"), std::string::npos);
}

TEST_F(FakeKibanaTest, HasDataViewsFromVersion8On) {
    start("kibana-8.11.0");
    const std::string body =
        R"({"data_view":{"id":"logs","title":"logs-*","timeFieldName":"@timestamp"}})";
    EXPECT_EQ(write(HttpMethod::post, "/api/data_views/data_view", body).status, 200);
    EXPECT_EQ(write(HttpMethod::post, "/api/data_views/data_view", body).status, 400);
    EXPECT_EQ(json_text(json_at(asker_.json(kibana_->url() + "/api/data_views/data_view/logs"),
                                "data_view"),
                        "title"),
              "logs-*");
    write(HttpMethod::post, "/api/data_views/default", R"({"data_view_id":"logs"})");
    write(HttpMethod::post, "/api/data_views/default", R"({"data_view_id":"other"})");
    EXPECT_EQ(json_text(asker_.json(kibana_->url() + "/api/data_views/default"), "data_view_id"),
              "logs")
        << "the first one stays without force";
    start("kibana-7.17.28");
    EXPECT_EQ(write(HttpMethod::post, "/api/data_views/data_view", body).status, 404);
}

}  // namespace
}  // namespace caretaker::sandbox
