// SPDX-License-Identifier: Apache-2.0
// The scheduler API of the fake Mesos: a stream on one connection, calls on another.
#include "common/base/stop_signal.hpp"
#include "common/http/curl_http.hpp"
#include "served_json.hpp"
#include "tests/sandbox/fake_mesos.hpp"
#include "tests/sandbox/platform_scenario.hpp"
#include "tests/support/json.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <functional>
#include <map>
#include <optional>
#include <set>

namespace caretaker::sandbox {
namespace {

using caretaker::testing::json_array;
using caretaker::testing::json_at;
using caretaker::testing::json_text;

/// Records of a stream, whole, whatever the chunks were.
class RecordReader {
 public:
    explicit RecordReader(const HttpBodyReader& read) : read_(read) {}

    /// Nothing at the end of the stream.
    std::optional<std::string> next() {
        while (true) {
            const std::size_t feed = bytes_.find('\n');
            std::size_t length = 0;
            if (feed != std::string::npos) {
                std::from_chars(bytes_.data(), bytes_.data() + feed, length);
                if (bytes_.size() >= feed + 1 + length) {
                    std::string record = bytes_.substr(feed + 1, length);
                    bytes_.erase(0, feed + 1 + length);
                    return record;
                }
            }
            std::array<char, 1'000> buffer{};
            const std::size_t count = read_(buffer);
            if (count == 0) {
                return std::nullopt;
            }
            bytes_.append(buffer.data(), count);
        }
    }

 private:
    const HttpBodyReader& read_;
    std::string bytes_{};
};

struct Done {};

class MesosSchedulerTest : public ::testing::Test {
 protected:
    void start(FakeMesosOptions options = {}) {
        platform_.emplace(make_platform({.agents = 14, .apps = 4}));
        mesos_.emplace(*platform_, options);
    }

    std::string url() { return mesos_->url() + "/api/v1/scheduler"; }

    static std::string subscription(const std::string& roles, const std::string& capabilities) {
        return R"({"type":"SUBSCRIBE","subscribe":{"framework_info":{"user":"nobody","name":"probe",)"
               R"("failover_timeout":0,"roles":[)" +
               roles + R"(],"capabilities":[{"type":"MULTI_ROLE"})" + capabilities + "]}}}";
    }

    /// Reads a stream with `read` until that throws Done or the stream ends.
    HttpResponse subscribe(const std::string& body,
                           const std::function<void(RecordReader&)>& read) {
        HttpRequest request{
            .method = HttpMethod::post,
            .url = url(),
            .headers = {{"Content-Type", "application/json"}, {"Accept", "application/json"}},
            .body = body,
            .may_be_silent = true};
        request.read_answer = [&](const HttpBodyReader& bytes) {
            RecordReader reader(bytes);
            read(reader);
        };
        return http_->send(request);
    }

    HttpResponse call(const std::string& body, const std::string& stream_id) {
        return asker_.send(HttpMethod::post,
                           url(),
                           body,
                           {{"Content-Type", "application/json"}, {"Mesos-Stream-Id", stream_id}});
    }

    /// The id that the master gave to the stream of the newest framework.
    std::string framework_id(RecordReader& reader) {
        const auto& event = asker_.keep_json(*reader.next());
        EXPECT_EQ(json_text(event, "type"), "SUBSCRIBED");
        return json_text(json_at(json_at(event, "subscribed"), "framework_id"), "value");
    }

    std::string next_type(RecordReader& reader) {
        const auto record = reader.next();
        return record ? json_text(asker_.keep_json(*record), "type") : "end";
    }

    StopSignal stop_{};
    std::unique_ptr<HttpClient> http_ =
        make_curl_http({.service = "mesos", .proxy = "none"}, stop_);
    ServiceAsker asker_{};
    std::optional<FakePlatform> platform_{};
    std::optional<FakeMesos> mesos_{};
};

TEST_F(MesosSchedulerTest, OffersWhatIsIdleAndTakesItBack) {
    start();
    std::string framework;
    std::map<std::string, std::int64_t> offered;
    subscribe(subscription(R"("*")", ""), [&](RecordReader& reader) {
        framework = framework_id(reader);
        EXPECT_EQ(next_type(reader), "HEARTBEAT");
        const auto& event = asker_.keep_json(*reader.next());
        for (const auto& offer : json_array(json_at(event, "offers"), "offers")) {
            EXPECT_EQ(json_text(json_at(offer, "framework_id"), "value"), framework);
            offered[json_text(json_at(offer, "agent_id"), "value")] = 1;
        }
        std::size_t shown = 0;
        for (const auto& agent : json_array(asker_.json(mesos_->url() + "/slaves"), "slaves")) {
            if (json_at(json_at(agent, "offered_resources"), "cpus").GetDouble() > 1) {
                ++shown;
            }
        }
        EXPECT_GE(shown, offered.size());
        EXPECT_EQ(asker_
                      .send(HttpMethod::post,
                            mesos_->url() + "/master/teardown",
                            "frameworkId=" + framework)
                      .status,
                  200);
        EXPECT_EQ(next_type(reader), "end");
    });
    EXPECT_GT(offered.size(), 5U);
    EXPECT_EQ(mesos_->scheduler().streams(), 0U);
    for (const FakeOffer& offer : platform_->state()->offers) {
        EXPECT_NE(platform_->state()->frameworks[offer.framework].id, framework);
    }
    EXPECT_EQ(
        asker_
            .send(HttpMethod::post, mesos_->url() + "/master/teardown", "frameworkId=" + framework)
            .body,
        "No framework found with specified ID");
}

TEST_F(MesosSchedulerTest, CutsRecordsAnywhere) {
    start({.scheduler = {.chunk_bytes = 5}});
    subscribe(subscription(R"("*")", ""), [&](RecordReader& reader) {
        framework_id(reader);
        EXPECT_EQ(next_type(reader), "HEARTBEAT");
        EXPECT_EQ(next_type(reader), "OFFERS");
        mesos_->scheduler().drop_streams();
    });
}

TEST_F(MesosSchedulerTest, EndsAFrameworkWhoseConnectionBreaks) {
    start();
    EXPECT_THROW(subscribe(subscription(R"("*")", ""),
                           [&](RecordReader& reader) {
                               framework_id(reader);
                               throw Done();
                           }),
                 Done);
    http_.reset();
    mesos_->scheduler().wait_for_streams(0);
    EXPECT_TRUE(platform_->state()->frameworks.back().is_completed);
}

TEST_F(MesosSchedulerTest, TakesDeclinedOffersBackAndKeepsThemBack) {
    start();
    const HttpResponse response = subscribe(subscription(R"("*")", ""), [&](RecordReader& reader) {
        const std::string framework = framework_id(reader);
        const std::string head = R"({"framework_id":{"value":")" + framework + R"("},"type":)";
        EXPECT_EQ(next_type(reader), "HEARTBEAT");
        const auto& event = asker_.keep_json(*reader.next());
        std::string ids;
        for (const auto& offer : json_array(json_at(event, "offers"), "offers")) {
            ids += (ids.empty() ? "" : ",") + std::string(R"({"value":")") +
                   json_text(json_at(offer, "id"), "value") + R"("})";
        }
        const auto held = [&] {
            const auto state = platform_->state();
            return std::ranges::count(
                state->offers, state->frameworks.size() - 1, &FakeOffer::framework);
        };
        EXPECT_GT(held(), 0);
        const std::string stream = mesos_->scheduler().stream_id(framework);
        EXPECT_NE(call(head + R"("TEARDOWN"})", "other").body.find("didn't match"),
                  std::string::npos);
        EXPECT_EQ(call(head + R"("DECLINE","decline":{"offer_ids":[)" + ids +
                           R"(],"filters":{"refuse_seconds":3600}}})",
                       stream)
                      .status,
                  202);
        EXPECT_EQ(held(), 0);
        EXPECT_EQ(call(head + R"("SUPPRESS"})", stream).status, 202);
        EXPECT_EQ(held(), 0);
        EXPECT_EQ(call(head + R"("REVIVE"})", stream).status, 202);
        EXPECT_EQ(next_type(reader), "OFFERS") << "the filters are gone";
        EXPECT_EQ(call(head + R"("RECONCILE","reconcile":{"tasks":[{"task_id":)"
                              R"({"value":"gone"}}]}})",
                       stream)
                      .status,
                  202);
        EXPECT_EQ(next_type(reader), "UPDATE");
        EXPECT_EQ(call(head + R"("TEARDOWN"})", stream).status, 202);
        EXPECT_EQ(next_type(reader), "end");
        EXPECT_EQ(call(head + R"("REVIVE"})", stream).body, "Framework cannot be found");
    });
    EXPECT_EQ(response.status, 200);
    EXPECT_NE(response.header("Mesos-Stream-Id"), "");
}

TEST_F(MesosSchedulerTest, TakesOffersBack) {
    start();
    subscribe(subscription(R"("*")", ""), [&](RecordReader& reader) {
        framework_id(reader);
        EXPECT_EQ(next_type(reader), "HEARTBEAT");
        EXPECT_EQ(next_type(reader), "OFFERS");
        mesos_->scheduler().rescind_offers();
        EXPECT_EQ(next_type(reader), "RESCIND");
        mesos_->scheduler().fail_streams("Framework failed over");
        std::string type;
        while ((type = next_type(reader)) == "RESCIND") {
        }
        EXPECT_EQ(type, "ERROR");
        EXPECT_EQ(next_type(reader), "end");
    });
}

TEST_F(MesosSchedulerTest, ShowsReservationsToTheirRolesAlone) {
    start();
    const auto roles_of_resources = [&](const std::string& roles, const std::string& more) {
        std::set<std::string> found;
        subscribe(subscription(roles, more), [&](RecordReader& reader) {
            framework_id(reader);
            EXPECT_EQ(next_type(reader), "HEARTBEAT");
            const auto& event = asker_.keep_json(*reader.next());
            for (const auto& offer : json_array(json_at(event, "offers"), "offers")) {
                for (const auto& resource : json_array(offer, "resources")) {
                    if (resource.HasMember("reservations")) {
                        const auto stack = json_array(resource, "reservations");
                        found.insert(json_text(stack[stack.Size() - 1], "role"));
                    } else {
                        found.insert("*");
                    }
                }
            }
            mesos_->scheduler().drop_streams();
        });
        return found;
    };
    const std::string refined = R"(,{"type":"RESERVATION_REFINEMENT"})";
    EXPECT_EQ(roles_of_resources(R"("other")", refined), (std::set<std::string>{"*"}));
    EXPECT_EQ(roles_of_resources(R"("logs/hot","db")", refined),
              (std::set<std::string>{"*", "logs", "logs/hot", "db"}));
}

TEST_F(MesosSchedulerTest, HidesAgentsWithGpusFromWhoCannotUseThem) {
    start();
    const auto agents = [&](const std::string& more) {
        std::size_t count = 0;
        subscribe(subscription(R"("*")", more), [&](RecordReader& reader) {
            framework_id(reader);
            EXPECT_EQ(next_type(reader), "HEARTBEAT");
            count =
                json_array(json_at(asker_.keep_json(*reader.next()), "offers"), "offers").Size();
            mesos_->scheduler().drop_streams();
        });
        return count;
    };
    EXPECT_EQ(agents(R"(,{"type":"GPU_RESOURCES"})"), agents("") + 1);
}

TEST_F(MesosSchedulerTest, SaysInTheStreamWhatIsWrongWithAFramework) {
    start();
    const auto message = [&](const std::string& body) {
        std::string found;
        subscribe(body, [&](RecordReader& reader) {
            const auto& event = asker_.keep_json(*reader.next());
            EXPECT_EQ(json_text(event, "type"), "ERROR");
            found = json_text(json_at(event, "error"), "message");
            EXPECT_EQ(next_type(reader), "end");
        });
        return found;
    };
    EXPECT_EQ(message(subscription(R"("bad role/")", "")),
              "'FrameworkInfo.roles' contains invalid role: Role 'bad role/' cannot end with a "
              "slash");
    EXPECT_EQ(message(R"({"type":"SUBSCRIBE","subscribe":{"framework_info":{"user":"a","name":"b",)"
                      R"("roles":["x"]}}})"),
              "'FrameworkInfo.roles' must not be set when the framework is not MULTI_ROLE capable");
}

TEST_F(MesosSchedulerTest, RefusesCallsAsARealOneDoes) {
    start();
    EXPECT_EQ(asker_.get(url()).status, 405);
    EXPECT_EQ(asker_.send_json(HttpMethod::post, url(), R"({"type":"DECLINE","decline":{}})").body,
              "All non-subscribe calls should include the 'Mesos-Stream-Id' header");
    EXPECT_EQ(call(R"({"type":"DECLINE"})", "x").body,
              "Failed to validate scheduler::Call: Expecting 'decline' to be present");
    EXPECT_EQ(call(R"({"type":"SUBSCRIBE"})", "").body,
              "Failed to validate scheduler::Call: Expecting 'subscribe' to be present");
    EXPECT_EQ(call(R"({"type":"NOSUCH"})", "x").body,
              "Failed to validate scheduler::Call: Expecting 'type' to be present");
    EXPECT_EQ(call(R"({"type":"TEARDOWN","framework_id":{"value":"nope"}})", "x").body,
              "Framework cannot be found");
    EXPECT_EQ(call(subscription(R"("*")", ""), "x").body,
              "Subscribe calls should not include the 'Mesos-Stream-Id' header");
}

TEST_F(MesosSchedulerTest, LeadsASubscriptionToTheLeader) {
    start({.masters = 2});
    mesos_->set_leader(1);
    const HttpResponse response =
        asker_.send_json(HttpMethod::post, url(), subscription(R"("*")", ""));
    EXPECT_EQ(response.status, 307);
    EXPECT_TRUE(response.header("Location").ends_with("/master/api/v1/scheduler"));
}

}  // namespace
}  // namespace caretaker::sandbox
