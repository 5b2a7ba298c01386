// SPDX-License-Identifier: Apache-2.0
// `caretaker leftovers --offers` against the sandbox's scheduler API, and against masters that
// misbehave: whatever happens, the framework is torn down.
#include "common/base/stop_signal.hpp"
#include "tests/integration/leftovers/leftovers_run.hpp"
#include "tests/sandbox/fake_marathon.hpp"
#include "tests/sandbox/fake_mesos.hpp"
#include "tests/sandbox/platform_scenario.hpp"
#include "tests/support/child_process.hpp"
#include "tests/support/fake_server.hpp"
#include "tests/support/json.hpp"
#include "tests/support/json_schema.hpp"
#include "tests/support/served_stream.hpp"
#include "tests/support/temp_dir.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cmath>
#include <csignal>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

namespace caretaker::sandbox {
namespace {

using caretaker::testing::ChildProcess;
using caretaker::testing::Command;
using caretaker::testing::json_array;
using caretaker::testing::json_at;
using caretaker::testing::json_number;
using caretaker::testing::json_text;
using caretaker::testing::leftovers_command;
using caretaker::testing::LeftoversRun;
using caretaker::testing::LeftoversVariables;
using caretaker::testing::run_leftovers;

struct OffersRun : LeftoversRun {
    explicit OffersRun(LeftoversRun run) : LeftoversRun(std::move(run)) {}

    [[nodiscard]] double metric(std::string_view name) const {
        for (const auto& metric : json_array(json, "metrics")) {
            if (json_text(metric, "name") == name) {
                return json_number(metric, "value");
            }
        }
        return std::nan("");
    }

    [[nodiscard]] std::vector<std::string> codes(const char* list) const {
        std::vector<std::string> found;
        for (const auto& entry : json_array(json, list)) {
            if (!entry.HasMember("status") || json_text(entry, "status") != "resolved") {
                found.push_back(json_text(entry, "code"));
            }
        }
        return found;
    }

    [[nodiscard]] bool has(const char* list, const std::string& code) const {
        const auto found = codes(list);
        return std::ranges::find(found, code) != found.end();
    }
};

class OffersTest : public ::testing::Test {
 protected:
    Command command(const std::string& mesos, const std::vector<std::string>& more = {}) {
        std::vector<std::string> options{"--mesos-url", mesos, "--offers"};
        options.insert(options.end(), more.begin(), more.end());
        return leftovers_command(home_, options, environment_);
    }

    OffersRun run(const std::string& mesos, const std::vector<std::string>& more = {}) {
        return OffersRun(run_leftovers(command(mesos, more)));
    }

    TempDir home_{};
    LeftoversVariables environment_{};
};

/// Rounds of the sandbox's allocator, and what its master says of them: far apart, so that a busy
/// machine does not take a late round for the end.
constexpr std::chrono::milliseconds real_round{10};
constexpr const char* told_round = "300ms";

class LeftoversOffers : public OffersTest {
 protected:
    void start(const ClusterOptions& cluster, FakeMesosOptions options = {}) {
        options.served_agents = 0;
        options.scheduler.allocation_interval = real_round;
        platform_.emplace(make_platform(cluster));
        platform_->change([](PlatformState& state) {
            state.mesos.flags["allocation_interval"] = told_round;
            return 0;
        });
        mesos_.emplace(*platform_, options);
    }

    /// {"offers": [rows], "offer_reasons": [rows], ...} of a run.
    static std::string offer_tables(const OffersRun& run) {
        rapidjson::StringBuffer buffer;
        rapidjson::Writer<rapidjson::StringBuffer> writer(buffer);
        writer.StartObject();
        for (const auto& detail : json_array(run.json, "details")) {
            const std::string title = json_text(detail, "title");
            const char* const kind = title == "Offers"                       ? "offers"
                                     : title == "Offers and books by reason" ? "offer_reasons"
                                     : title == "Agents that are offered otherwise"
                                         ? "offered_agents"
                                         : nullptr;
            if (kind != nullptr) {
                writer.Key(kind);
                json_at(detail, "rows").Accept(writer);
            }
        }
        writer.EndObject();
        return buffer.GetString();
    }

    /// How often the scheduler API was called.
    std::size_t calls() { return mesos_->http().request_counts()["POST /api/v1/scheduler"]; }

    /// Frameworks of the job's name that the master still knows as running.
    std::size_t running_frameworks() {
        const auto state = platform_->state();
        return static_cast<std::size_t>(
            std::ranges::count_if(state->frameworks, [](const FakeFramework& framework) {
                return framework.name.starts_with("caretaker-leftovers-") &&
                       !framework.is_completed;
            }));
    }

    std::optional<FakePlatform> platform_{};
    std::optional<FakeMesos> mesos_{};
};

ClusterOptions plain_agents() {
    return {.agents = 12,
            .apps = 8,
            .tasks_per_agent = 6,
            .has_reservations = false,
            .has_disks = false,
            .has_revocable = false,
            .has_states = false,
            .has_quota = false,
            .has_maintenance = false};
}

TEST_F(LeftoversOffers, AreWhatTheBooksSayAndAreGivenBack) {
    start(plain_agents());
    const OffersRun run = this->run(mesos_->url());
    EXPECT_EQ(run.exit_code, 0) << run.err;
    EXPECT_TRUE(run.codes("errors").empty());
    EXPECT_GT(run.metric("offers"), 0);
    EXPECT_GT(run.metric("reconcile.match"), 0);
    EXPECT_EQ(run.metric("reconcile.unexplained"), 0);
    EXPECT_EQ(mesos_->scheduler().streams(), 0U);
    EXPECT_EQ(running_frameworks(), 0U);
    EXPECT_GE(calls(), 3U) << "SUBSCRIBE, DECLINE, TEARDOWN";
}

TEST_F(LeftoversOffers, OfAClusterOfAllKindsAreExplained) {
    start({.agents = 60, .apps = 30});
    const FakeMarathon marathon(*platform_);
    const OffersRun run = this->run(mesos_->url(), {"--marathon-url", marathon.url()});
    EXPECT_TRUE(run.codes("errors").empty()) << run.err;
    EXPECT_FALSE(run.has("findings", "reconcile_unexplained")) << run.summary();
    EXPECT_GT(run.metric("reconcile.match"), 0);
    EXPECT_GT(run.metric("reconcile.state"), 0) << "some agents of the sandbox are not offered";
    const std::string tables = offer_tables(run);
    EXPECT_NE(tables.find("offered_agents"), std::string::npos);
    EXPECT_EQ(caretaker::testing::JsonSchema("caretaker.leftovers-1.json").problem_of(tables), "")
        << tables;
    EXPECT_EQ(running_frameworks(), 0U);
}

TEST_F(LeftoversOffers, ComeInChunksOfAnySize) {
    start(plain_agents(), {.scheduler = {.chunk_bytes = 7}});
    const OffersRun run = this->run(mesos_->url());
    EXPECT_EQ(run.exit_code, 0) << run.err;
    EXPECT_GT(run.metric("reconcile.match"), 0);
}

TEST_F(LeftoversOffers, AreAskedOfTheMasterThatLeads) {
    start(plain_agents(), {.masters = 3});
    mesos_->set_leader(2);
    const OffersRun run = this->run(mesos_->url(0));
    EXPECT_EQ(run.exit_code, 0) << run.err;
    EXPECT_GT(run.metric("reconcile.match"), 0);
    EXPECT_EQ(running_frameworks(), 0U);
}

TEST_F(LeftoversOffers, AreLookedAtUnderTheLoginOfTheTarget) {
    start(plain_agents(), {.login = MesosLogin{"ops", "secret"}});
    environment_ = {{"CARETAKER_TARGETS_DEFAULT_MESOS_USER", "ops"},
                    {"CARETAKER_TARGETS_DEFAULT_MESOS_PASSWORD", "secret"}};
    const OffersRun run = this->run(mesos_->url());
    EXPECT_EQ(run.exit_code, 0) << run.err;
    EXPECT_GT(run.metric("reconcile.match"), 0);
    EXPECT_EQ(run.err.find("secret"), std::string::npos);
    const auto state = platform_->state();
    EXPECT_EQ(state->frameworks.back().principal, "ops");
}

TEST_F(LeftoversOffers, LeaveTheLeftoversWhereTheyAreRefused) {
    start(plain_agents());
    for (const char* code : {"401", "403"}) {
        mesos_->http().clear_faults();
        mesos_->http().set_fault(std::string("status:path=*/scheduler*,code=") + code);
        const OffersRun run = this->run(mesos_->url());
        EXPECT_EQ(run.exit_code, 3) << run.err;
        EXPECT_EQ(run.codes("errors"), std::vector<std::string>{"offers_denied"});
        EXPECT_EQ(json_array(run.json, "rows").Size(), 5U);
    }
}

TEST_F(LeftoversOffers, OfARoleThatCannotBeAreRefusedByTheMaster) {
    start(plain_agents());
    const OffersRun run = this->run(mesos_->url(), {"--role", "-x"});
    EXPECT_EQ(run.exit_code, 3) << run.err;
    EXPECT_EQ(run.codes("errors"), std::vector<std::string>{"offers_failed"});
    EXPECT_EQ(running_frameworks(), 0U);
}

TEST_F(LeftoversOffers, EndWithTheRunAtASignalAndAtItsTimeLimit) {
    start(plain_agents());
    platform_->change([](PlatformState& state) {
        state.mesos.flags["allocation_interval"] = "1hrs";  // would be waited for
        return 0;
    });
    {
        ChildProcess child(command(mesos_->url(), {"--offers-for", "15s"}));
        while (calls() < 2) {  // the first DECLINE: it is subscribed
            std::this_thread::yield();
        }
        child.signal(SIGTERM);
        const auto status = child.wait(std::chrono::seconds(30));
        ASSERT_TRUE(status);
        EXPECT_EQ(status->code, 128 + SIGTERM);
    }
    mesos_->scheduler().wait_for_streams(0);
    EXPECT_EQ(running_frameworks(), 0U);
    const OffersRun late = run(mesos_->url(), {"--offers-for", "15s", "--timeout", "1s"});
    EXPECT_EQ(late.exit_code, 8) << late.err;
    EXPECT_EQ(running_frameworks(), 0U);
}

constexpr const char* books =
    R"({"slaves":[{"id":"S0","hostname":"h1","resources":{"cpus":8,"mem":1000},)"
    R"("used_resources":{"cpus":2,"mem":300}}]})";

std::string record_of(const std::string& event) {
    return fmt::format("{}\n{}", event.size(), event);
}

const std::string subscribed =
    record_of(R"({"type":"SUBSCRIBED","subscribed":{"framework_id":{"value":"F1"}}})");

std::string offers_of(const std::string& id, double cpus, double mem) {
    return record_of(fmt::format(
        R"({{"type":"OFFERS","offers":{{"offers":[{{"id":{{"value":"{}"}},"agent_id":{{"value":"S0"}},)"
        R"("hostname":"h1","resources":[{{"name":"cpus","type":"SCALAR","scalar":{{"value":{}}}}},)"
        R"({{"name":"mem","type":"SCALAR","scalar":{{"value":{}}}}}]}}]}}}})",
        id,
        cpus,
        mem));
}

/// A master of our own, which does what it is told on the stream.
class LeftoversOffersTrouble : public OffersTest {
 protected:
    using Act = std::function<void(ServedStream&)>;

    OffersRun run_against(Act act, const std::vector<std::string>& more = {}) {
        serve(std::move(act));
        return run(master_.url(""), more);
    }

    void serve(Act act) {
        master_.answer_by([this, act = std::move(act)](const HttpRequest& request) {
            if (request.url == "/master/slaves") {
                return ServedAnswer{.body = books};
            }
            if (request.url == "/master/flags") {
                return ServedAnswer{
                    .body = fmt::format(R"({{"flags":{{"allocation_interval":"{}"}}}})", round_)};
            }
            if (request.url != "/api/v1/scheduler") {
                return ServedAnswer{.status = 404};
            }
            if (request.body.find("SUBSCRIBE") == std::string::npos) {
                const bool is_right = find_header(request.headers, "Mesos-Stream-Id") == "ID-1";
                return ServedAnswer{.status = is_right && !refuses_calls_ ? 202 : 400};
            }
            if (hangs_) {
                return ServedAnswer{.conduct = ServerConduct::hang};
            }
            return ServedAnswer{.headers = {{"Mesos-Stream-Id", "ID-1"}}, .stream = act};
        });
    }

    /// Sends `bytes` and then nothing until the other side has enough.
    Act say(std::string bytes) {
        return [this, bytes = std::move(bytes)](ServedStream& stream) {
            stream.write(bytes);
            stream.wait_for(never_.wait_fd(), std::chrono::minutes(1));
        };
    }

    std::size_t count_calls(std::string_view type) {
        const auto requests = master_.requests();
        return static_cast<std::size_t>(
            std::ranges::count_if(requests, [&](const HttpRequest& request) {
                return request.body.find(fmt::format(R"("type":"{}")", type)) != std::string::npos;
            }));
    }

    void expect_failure(Act act, const std::string& words, bool is_subscribed) {
        const std::size_t before = count_calls("TEARDOWN");
        const OffersRun run = run_against(std::move(act));
        EXPECT_EQ(run.exit_code, 3) << run.err;
        EXPECT_EQ(run.codes("errors"), std::vector<std::string>{"offers_failed"});
        EXPECT_NE(run.err.find(words), std::string::npos) << run.err;
        EXPECT_EQ(count_calls("TEARDOWN") - before, is_subscribed ? 1U : 0U) << words;
    }

    std::string round_ = "50ms";
    std::atomic<bool> hangs_ = false;
    std::atomic<bool> refuses_calls_ = false;
    StopSignal never_{};
    FakeServer master_{};
};

TEST_F(LeftoversOffersTrouble, DeclinesEachOfferAndTearsDownOnce) {
    const OffersRun run = run_against(
        say(subscribed + record_of(R"({"type":"HEARTBEAT"})") + offers_of("O1", 6, 700)));
    EXPECT_EQ(run.exit_code, 0) << run.err;
    EXPECT_EQ(run.metric("reconcile.match"), 1);
    EXPECT_EQ(count_calls("SUBSCRIBE"), 1U);
    EXPECT_EQ(count_calls("DECLINE"), 1U);
    EXPECT_EQ(count_calls("TEARDOWN"), 1U);
    for (const HttpRequest& request : master_.requests()) {
        EXPECT_EQ(request.body.find("ACCEPT\""), std::string::npos);
        if (request.body.find("DECLINE") != std::string::npos) {
            EXPECT_NE(request.body.find(R"("offer_ids":[{"value":"O1"}])"), std::string::npos);
            EXPECT_NE(request.body.find(R"("refuse_seconds":3600)"), std::string::npos);
        }
    }
}

TEST_F(LeftoversOffersTrouble, FindsWhatNoRuleExplains) {
    const OffersRun less = run_against(say(subscribed + offers_of("O1", 4, 700)));
    EXPECT_TRUE(less.has("findings", "reconcile_unexplained")) << less.summary();
    EXPECT_EQ(less.metric("reconcile.unexplained"), 1);
    const OffersRun nothing = run_against(say(subscribed));
    EXPECT_TRUE(nothing.has("findings", "reconcile_unexplained"));
    const OffersRun more = run_against(say(subscribed + offers_of("O1", 9, 700)));
    EXPECT_TRUE(more.has("findings", "reconcile_unexplained"));
    const OffersRun right = run_against(say(subscribed + offers_of("O1", 6, 700)));
    EXPECT_FALSE(right.has("findings", "reconcile_unexplained")) << "it is over";
}

TEST_F(LeftoversOffersTrouble, ForgetsWhatIsRescinded) {
    const std::string rescind =
        record_of(R"({"type":"RESCIND","rescind":{"offer_id":{"value":"O1"}}})");
    const OffersRun gone = run_against(say(subscribed + offers_of("O1", 6, 700) + rescind));
    EXPECT_EQ(gone.metric("reconcile.unexplained"), 1);
    const OffersRun back =
        run_against(say(subscribed + offers_of("O1", 6, 700) + rescind + offers_of("O2", 6, 700)));
    EXPECT_EQ(back.metric("reconcile.match"), 1);
}

TEST_F(LeftoversOffersTrouble, TearsDownWhateverTheStreamDoes) {
    const std::string begun = subscribed + offers_of("O1", 6, 700);
    expect_failure(
        [=](ServedStream& stream) { stream.write(begun); }, "the master ended the stream", true);
    expect_failure(
        [=](ServedStream& stream) { stream.write(begun + "500\n{\"type\":"); }, "broke off", true);
    expect_failure(say(begun + "{}"), "does not begin with its length", true);
    expect_failure(say(begun + "99999999999\n"), "longer than", true);
    expect_failure(say(begun + record_of("[]")), "it has no type", true);
    expect_failure(say(begun + record_of(R"({"type":"ERROR","error":{"message":"shoo"}})")),
                   "the master says: shoo",
                   true);
    expect_failure(say(record_of(R"({"type":"ERROR","error":{"message":"shoo"}})")),
                   "the master says: shoo",
                   false);
    expect_failure(
        say(record_of(R"({"type":"SUBSCRIBED","subscribed":{}})")), "names no framework", false);
}

TEST_F(LeftoversOffersTrouble, SaysThatTheTimeWasTooShort) {
    round_ = "1hrs";
    const OffersRun run =
        run_against(say(subscribed + offers_of("O1", 4, 700)), {"--offers-for", "200ms"});
    EXPECT_EQ(run.exit_code, 3) << run.err;
    EXPECT_EQ(run.codes("errors"), std::vector<std::string>{"offers_incomplete"});
    EXPECT_FALSE(run.has("findings", "reconcile_unexplained")) << "not all was seen";
    EXPECT_EQ(count_calls("TEARDOWN"), 1U);
}

TEST_F(LeftoversOffersTrouble, DoesNotWaitForASubscriptionThatNeverComes) {
    const std::vector<std::string> short_time{"--offers-for", "300ms"};
    const OffersRun silent = run_against(say(record_of(R"({"type":"HEARTBEAT"})")), short_time);
    EXPECT_EQ(silent.exit_code, 3) << silent.err;
    EXPECT_NE(silent.err.find("let 300 ms pass without SUBSCRIBED"), std::string::npos)
        << silent.err;
    const OffersRun empty = run_against(say(""), short_time);
    EXPECT_EQ(empty.codes("errors"), std::vector<std::string>{"offers_failed"});
    hangs_ = true;
    const OffersRun hanging = run(master_.url(""), short_time);
    EXPECT_EQ(hanging.exit_code, 3) << hanging.err;
    EXPECT_EQ(hanging.codes("errors"), std::vector<std::string>{"offers_failed"});
    EXPECT_EQ(count_calls("SUBSCRIBE"), 3U)
        << "once each: a second one would be a second framework";
    EXPECT_EQ(count_calls("TEARDOWN"), 0U);
}

TEST_F(LeftoversOffersTrouble, EndsWhereOffersCannotBeDeclined) {
    refuses_calls_ = true;
    const OffersRun run = run_against(say(subscribed + offers_of("O1", 6, 700)));
    EXPECT_EQ(run.exit_code, 3) << run.err;
    EXPECT_EQ(run.codes("errors"), std::vector<std::string>{"offers_failed"});
    EXPECT_EQ(count_calls("DECLINE"), 1U);
    EXPECT_EQ(count_calls("TEARDOWN"), 1U) << "it is tried all the same";
}

TEST_F(LeftoversOffersTrouble, TearsDownAtASignalOnceItIsSubscribed) {
    round_ = "1hrs";
    serve(say(subscribed + offers_of("O1", 6, 700)));
    ChildProcess child(command(master_.url(""), {"--offers-for", "15s"}));
    while (count_calls("DECLINE") == 0) {
        std::this_thread::yield();
    }
    child.signal(SIGTERM);
    const auto status = child.wait(std::chrono::seconds(30));
    ASSERT_TRUE(status);
    EXPECT_EQ(status->code, 128 + SIGTERM);
    EXPECT_EQ(count_calls("TEARDOWN"), 1U);
}

}  // namespace
}  // namespace caretaker::sandbox
