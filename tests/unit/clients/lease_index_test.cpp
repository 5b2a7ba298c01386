// SPDX-License-Identifier: Apache-2.0
// Which requests a lease costs with which engine, and what their answers mean.
#include "common/clients/lease_index.hpp"

#include "common/base/error.hpp"
#include "common/base/log.hpp"
#include "common/base/stop_signal.hpp"
#include "common/clients/lease_document.hpp"
#include "common/config/settings.hpp"
#include "common/http/service_http.hpp"
#include "common/json/json_document.hpp"
#include "common/json/json_error.hpp"
#include "tests/support/fake_clock.hpp"
#include "tests/support/lent_http.hpp"
#include "tests/support/scripted_http.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace caretaker {
namespace {

const Lease rotation{.lock = "rotate",
                     .target = "prod",
                     .owner = "u1",
                     .host = "ops1",
                     .pid = 7,
                     .started_at = WallTime{std::chrono::seconds{1'767'225'600}},
                     .expires_at = WallTime{std::chrono::seconds{1'767'225'660}}};

std::string root_of(const std::string& number, bool is_opensearch = false) {
    return fmt::format(
        R"({{"version":{{"number":"{}"}},"tagline":"{}"}})",
        number,
        is_opensearch ? "The OpenSearch Project: https://opensearch.org/" : "You Know, for Search");
}

class LeaseIndexTest : public ::testing::Test {
 protected:
    void is_engine(const std::string& number, bool is_opensearch = false) {
        wire_.answer(HttpMethod::get, "/", {.status = 200, .body = root_of(number, is_opensearch)});
    }

    void answer(HttpMethod method, const std::string& target, int status, std::string body) {
        wire_.answer(method, target, {.status = status, .body = std::move(body)});
    }

    [[nodiscard]] std::vector<std::string> requests() const {
        std::vector<std::string> all;
        for (const HttpRequest& request : wire_.requests()) {
            all.push_back(
                fmt::format("{} {}", to_string(request.method), request_target(request.url)));
        }
        return all;
    }

    ScriptedHttp wire_{};
    FakeClock clock_{};
    StopSignal stop_{};
    Log log_{LogLevel::off, LogFormat::plain};
    Settings settings_{};
    RunInfo run_{.uid = "u1", .job = "rotate", .target = "prod", .version = "1"};
    Connectors connect_ = lend_http(wire_);
    Context context_{.clock = clock_,
                     .connect = connect_,
                     .store = nullptr,
                     .log = log_,
                     .settings = settings_,
                     .stop = stop_,
                     .run = run_};
    ServiceHttp http_{{.http = {.service = "elasticsearch"}, .endpoints = {"http://es:9200"}},
                      context_};
    LeaseIndex index_{http_};
};

using Requests = std::vector<std::string>;

TEST_F(LeaseIndexTest, ComparesSequenceNumbersWhereThereAreSome) {
    is_engine("2.19.3", true);
    const std::string url = "/caretaker-locks/_doc/rotate%40prod";
    answer(HttpMethod::get, url, 404, R"({"_id":"rotate@prod","found":false})");
    answer(HttpMethod::put,
           url + "?op_type=create",
           201,
           R"({"_version":1,"_seq_no":4,"_primary_term":2,"result":"created"})");
    answer(HttpMethod::put,
           url + "?if_seq_no=4&if_primary_term=2",
           200,
           R"({"_version":2,"_seq_no":5,"_primary_term":2,"result":"updated"})");
    answer(HttpMethod::del, url + "?if_seq_no=5&if_primary_term=2", 200, "{}");
    EXPECT_FALSE(index_.fetch("rotate@prod"));
    const auto made = index_.create("rotate@prod", rotation);
    ASSERT_TRUE(made);
    const auto renewed = index_.replace("rotate@prod", rotation, *made);
    ASSERT_TRUE(renewed);
    EXPECT_TRUE(index_.remove("rotate@prod", *renewed));
    EXPECT_EQ(requests().size(), 5U) << "the engine is asked once, and no index is made";
}

TEST_F(LeaseIndexTest, ComparesVersionsBefore) {
    is_engine("2.4.6");
    const std::string url = "/caretaker-locks/lease/rotate%40prod";
    answer(HttpMethod::put, url + "?op_type=create", 201, R"({"_version":1,"created":true})");
    answer(HttpMethod::put, url + "?version=1", 200, R"({"_version":2,"created":false})");
    answer(HttpMethod::del, url + "?version=2", 200, "{}");
    const auto made = index_.create("rotate@prod", rotation);
    ASSERT_TRUE(made);
    const auto renewed = index_.replace("rotate@prod", rotation, *made);
    ASSERT_TRUE(renewed);
    EXPECT_TRUE(index_.remove("rotate@prod", *renewed));
}

TEST_F(LeaseIndexTest, NamesATypeUntilElasticsearch7AndSequenceNumbersFrom66On) {
    is_engine("6.8.23");
    answer(HttpMethod::put,
           "/caretaker-locks/lease/a%40b?if_seq_no=3&if_primary_term=1",
           409,
           R"({"error":{},"status":409})");
    EXPECT_FALSE(index_.replace("a@b", rotation, {.version = 9, .seq_no = 3, .primary_term = 1}));
    EXPECT_EQ(requests().back(), "PUT /caretaker-locks/lease/a%40b?if_seq_no=3&if_primary_term=1");
}

TEST_F(LeaseIndexTest, MakesTheIndexWhereThereIsNone) {
    is_engine("7.17.28");
    const std::string url = "/caretaker-locks/_doc/rotate%40prod";
    answer(HttpMethod::get, url, 404, R"({"error":{"type":"index_not_found_exception"}})");
    answer(HttpMethod::put, "/caretaker-locks", 400, R"({"error":{"reason":"already exists"}})");
    answer(HttpMethod::put, url + "?op_type=create", 409, R"({"error":{},"status":409})");
    EXPECT_FALSE(index_.fetch("rotate@prod"));
    EXPECT_FALSE(index_.create("rotate@prod", rotation)) << "another run was faster";
    EXPECT_EQ(
        requests(),
        (Requests{
            "GET /", "GET " + url, "PUT /caretaker-locks", "PUT " + url + "?op_type=create"}));
    EXPECT_EQ(find_header(wire_.requests().back().headers, "Content-Type"), "application/json");
}

TEST_F(LeaseIndexTest, TellsWhyItCannotBeUsed) {
    is_engine("7.17.28");
    const std::string url = "/caretaker-locks/_doc/a%40b";
    answer(HttpMethod::get, url, 403, "{}");
    try {
        index_.fetch("a@b");
        ADD_FAILURE() << "a refusal went unnoticed";
    } catch (const RemoteError& error) {
        EXPECT_EQ(error.failure(), RemoteFailure::denied);
    }
    answer(HttpMethod::put, url + "?op_type=create", 404, R"({"error":{},"status":404})");
    EXPECT_THROW(index_.create("a@b", rotation), RemoteError) << "auto_create_index is off";
}

TEST_F(LeaseIndexTest, RefusesWhatIsNoLease) {
    is_engine("7.17.28");
    int number = 0;
    for (
        const std::string body :
        {"",
         "<html>",
         "[]",
         R"({"found":true})",
         R"({"_version":1,"_source":{}})",
         R"({"_version":1,"_seq_no":1,"_primary_term":1,"_source":{"owner":"u","host":"h"}})",
         R"({"_version":1,"_source":{"owner":"u","host":"h","expires_at":"2026-01-01T00:00:00Z"}})",
         R"({"_version":1,"_seq_no":1,"_primary_term":1,)"
         R"("_source":{"owner":"u","host":"h","expires_at":"soon"}})"}) {
        const std::string id = std::to_string(++number);
        answer(HttpMethod::get, "/caretaker-locks/_doc/" + id, 200, body);
        EXPECT_THROW(index_.fetch(id), JsonError) << body;
    }
}

TEST_F(LeaseIndexTest, IsNotKeptInSomethingElse) {
    answer(HttpMethod::get, "/", 200, R"({"version":{"number":"1"},"tagline":"Solr"})");
    EXPECT_THROW(index_.fetch("a@b"), JsonError);
    EXPECT_EQ(requests(), Requests{"GET /"});
}

TEST_F(LeaseIndexTest, ListsTheLeasesOfATarget) {
    is_engine("7.17.28");
    Lease other = rotation;
    other.target = "test";
    Lease kibana = rotation;
    kibana.lock = "kibana";
    answer(
        HttpMethod::get,
        "/caretaker-locks/_search?size=1000",
        200,
        fmt::format(R"({{"hits":{{"hits":[{{"_source":{}}},{{"_source":{}}},{{"_source":{}}}]}}}})",
                    format_lease(rotation),
                    format_lease(other),
                    format_lease(kibana)));
    const auto leases = index_.list("prod");
    ASSERT_TRUE(leases);
    EXPECT_EQ(*leases, (std::vector<Lease>{kibana, rotation}));
}

TEST_F(LeaseIndexTest, ListsNothingWithoutAnIndex) {
    is_engine("7.17.28");
    answer(HttpMethod::get, "/caretaker-locks/_search?size=1000", 404, "{}");
    EXPECT_FALSE(index_.list("prod"));
}

TEST(LeaseDocument, IsReadAsItWasWritten) {
    Lease lease = rotation;
    lease.task_id = "ct:1:0:rotate:";
    lease.host = "h\"\\\n\xC3\xA4";
    const std::string text = format_lease(lease);
    EXPECT_EQ(read_lease(JsonDocument::parse(text, "a lease").root()), lease) << text;
}

TEST(LeaseDocument, NeedsNoMoreThanOwnerHostAndEnd) {
    const JsonDocument document = JsonDocument::parse(
        R"({"owner":"u","host":"h","expires_at":"2026-01-01T00:01:00.000Z"})", "a lease");
    const Lease lease = read_lease(document.root());
    EXPECT_EQ(lease.owner, "u");
    EXPECT_EQ(lease.started_at, lease.expires_at);
}

}  // namespace
}  // namespace caretaker
