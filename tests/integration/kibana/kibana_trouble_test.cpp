// SPDX-License-Identifier: Apache-2.0
// `caretaker kibana` when it is stopped, killed, run twice, or when Marathon changes under it.
#include "common/base/lock_file.hpp"
#include "tests/integration/kibana/kibana_town.hpp"
#include "tests/sandbox/access_log.hpp"
#include "tests/sandbox/platform_state.hpp"
#include "tests/support/child_process.hpp"
#include "tests/support/fake_server.hpp"
#include "tests/support/json.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <functional>
#include <string>
#include <utility>
#include <vector>

namespace caretaker::sandbox {
namespace {

using caretaker::testing::ChildProcess;
using caretaker::testing::Command;
using caretaker::testing::json_array;
using caretaker::testing::json_at;
using caretaker::testing::json_integer;
using caretaker::testing::json_text;
using caretaker::testing::parse_json;
using caretaker::testing::run_command;
using std::chrono::days;
using std::chrono::hours;
using std::chrono::seconds;

constexpr const char* unused = "/kibana/team-004";
constexpr const char* at_once = "  require_notice: false\n";

std::string state_of(const TownRun& run, const std::string& subject) {
    for (const std::string& action : run.actions()) {
        if (action.find(subject) != std::string::npos) {
            return action.substr(action.rfind(' ') + 1);
        }
    }
    return "none";
}

class KibanaTrouble : public ::testing::Test {
 protected:
    /// Apps that run.
    std::size_t awake(KibanaTown& town) {
        std::size_t count = 0;
        for (int i = 1; i <= 10; ++i) {
            count += town.instances(fmt::format("/kibana/team-{:03}", i)) > 0 ? 1U : 0U;
        }
        return count;
    }

    /// Apps of which `list` says that.
    std::size_t count_verdicts(KibanaTown& town, const std::string& verdict) {
        const auto list = run_command(town.command({"list"}));
        const rapidjson::Document json = parse_json(list.out);
        const auto& rows = json_array(json, "rows");
        return static_cast<std::size_t>(
            std::count_if(rows.Begin(), rows.End(), [&](const rapidjson::Value& row) {
                return json_text(row, "verdict") == verdict;
            }));
    }
};

TEST_F(KibanaTrouble, StopsBetweenTwoSuspensions) {
    KibanaTown town({.settings = at_once, .has_real_time = true});
    ChildProcess child(town.command({"recycle", "--yes"}));
    while (awake(town) == 10) {
        ASSERT_FALSE(child.wait(std::chrono::milliseconds(5))) << child.err();
    }
    child.signal(SIGTERM);
    const auto status = child.wait(seconds(10));
    ASSERT_TRUE(status);
    EXPECT_EQ(status->code, 143);
    const rapidjson::Document json = parse_json(child.out());
    EXPECT_EQ(json_text(json_at(json, "run"), "outcome"), "interrupted");
    const std::size_t asleep = 10 - awake(town);
    EXPECT_GE(asleep, 1U);
    EXPECT_LE(asleep, 2U);  // one more may have been on the wire
    EXPECT_EQ(count_verdicts(town, "foreign"), 0U);
}

TEST_F(KibanaTrouble, KnowsItsOwnAfterADeathAtAnyInstant) {
    std::size_t deaths = 0;
    for (int commit = 1; commit <= 12; ++commit) {
        KibanaTown town({.settings = std::string(at_once) + "  batch: 1\n", .has_real_time = true});
        town.platform().change([](PlatformState& state) {
            state.marathon.pace.killing_ms = 20;
            return 0;
        });
        Command command = town.command({"recycle", "--yes"});
        command.environment.emplace_back("CARETAKER_TEST_DIE_AT",
                                         fmt::format("store-after-commit:{}", commit));
        deaths += run_command(command).status.signal == SIGKILL ? 1U : 0U;
        EXPECT_EQ(count_verdicts(town, "foreign"), 0U) << commit;
        const auto second = run_command(town.command({"recycle", "--yes"}));
        EXPECT_EQ(second.status.code, 0) << commit << second.err;
        EXPECT_EQ(count_verdicts(town, "foreign"), 0U) << commit;
        EXPECT_GE(awake(town), 8U) << commit;
        EXPECT_LE(awake(town), 9U) << commit;
    }
    EXPECT_GE(deaths, 6U);
}

TEST_F(KibanaTrouble, RunsOnceAtATime) {
    KibanaTown town({.settings = std::string(at_once) + "  batch: 2\n", .has_real_time = true});
    ChildProcess first(town.command({"recycle", "--yes"}));
    while (awake(town) == 10) {
        ASSERT_FALSE(first.wait(std::chrono::milliseconds(5))) << first.err();
    }
    const auto second = run_command(town.command({"recycle", "--yes"}));
    EXPECT_EQ(json_text(json_at(parse_json(second.out), "run"), "outcome"), "skipped");
    const auto status = first.wait(seconds(60));
    ASSERT_TRUE(status);
    EXPECT_EQ(status->code, 0);
    EXPECT_EQ(awake(town), 8U);
}

/// What another run of the town holds; empty lock: it is held by somebody.
LockAttempt take_lock_of(const KibanaTown& town, const std::string& name) {
    return take_lock(lock_file_path(town.home().path(), name, "town"), {.run_uid = "another"});
}

std::string outcome_of(const TownRun& run) {
    return json_text(json_at(run.json, "run"), "outcome");
}

class KibanaLock : public KibanaTrouble {};

TEST_F(KibanaLock, IsWaitedForByWhatAPersonAsksForWhichElseFails) {
    KibanaTown town;
    const LockAttempt held = take_lock_of(town, "kibana");
    ASSERT_TRUE(held.lock);
    for (const std::vector<std::string>& asked : std::vector<std::vector<std::string>>{
             {"wake", unused}, {"suspend", unused, "--yes"}, {"restore", unused}}) {
        const WallTime before = town.now();
        const TownRun run = town.run(asked);
        EXPECT_EQ(run.code, 6) << asked.front();
        EXPECT_EQ(outcome_of(run), "skipped") << asked.front();
        EXPECT_GE(town.now() - before, std::chrono::minutes(2)) << asked.front();
    }
    EXPECT_EQ(town.instances(unused), 1);
    EXPECT_EQ(
        town.run({"suspend", unused, "--yes", "--on-locked", "skip", "--max-skips", "0"}).code, 0);
    EXPECT_EQ(town.instances(unused), 1);
    EXPECT_EQ(town.run({"recycle", "--yes", "--max-skips", "0"}).code, 0) << "of a schedule";
}

TEST_F(KibanaLock, IsTakenOnceTheRunInTheWayIsOver) {
    KibanaTown town({.settings = at_once, .has_real_time = true});
    LockAttempt held = take_lock_of(town, "kibana");
    ASSERT_TRUE(held.lock);
    Command command = town.command({"suspend", unused, "--yes"});
    command.environment.emplace_back("CARETAKER_LOG_LEVEL", "info");
    ChildProcess suspending(command);
    ASSERT_TRUE(suspending.wait_for_output("waiting up to 2m for it", seconds(60)));
    held.lock.reset();
    const auto status = suspending.wait(seconds(60));
    ASSERT_TRUE(status);
    EXPECT_EQ(status->code, 0) << suspending.err();
    EXPECT_EQ(town.instances(unused), 0);
}

TEST_F(KibanaLock, IsNotNeededForATouchAndAProtection) {
    KibanaTown town({.settings = at_once});
    const LockAttempt held = take_lock_of(town, "kibana");
    ASSERT_TRUE(held.lock);
    EXPECT_EQ(town.run({"touch", unused}).actions(),
              std::vector<std::string>{fmt::format("touch {} done", unused)});
    EXPECT_EQ(town.run({"protect", "/kibana/team-009", "--until", "2041-01-01"}).code, 0);
    EXPECT_EQ(town.run({"list"}).verdict(unused), "active");
    EXPECT_EQ(town.run({"list"}).verdict("/kibana/team-009"), "protected");
}

TEST_F(KibanaLock, OfProvisioningIsThatOfTheApp) {
    KibanaTown town;
    const LockAttempt round = take_lock_of(town, "kibana");
    const LockAttempt other = take_lock_of(town, "kibana-provision /kibana/team-001");
    ASSERT_TRUE(round.lock && other.lock);
    const std::string folder = town.home().file("bundle");
    std::filesystem::create_directories(folder);
    std::ofstream(folder + "/bundle.json") << R"({"name":"ads","version":"1"})";
    std::ofstream(folder + "/export.ndjson")
        << R"({"id":"ads","type":"index-pattern","attributes":{"title":"ads-*"},"references":[]})";
    const std::vector<std::string> beside{
        "provision", "--app", "/kibana/team-002", "--bundle", folder, "--yes"};
    EXPECT_EQ(town.run(beside).code, 0);
    EXPECT_EQ(outcome_of(town.run(beside)), "ok");
    const TownRun same =
        town.run({"provision", "--app", "/kibana/team-001", "--bundle", folder, "--yes"});
    EXPECT_EQ(same.code, 6);
    EXPECT_EQ(outcome_of(same), "skipped");
}

TEST_F(KibanaTrouble, LeavesAnAppAloneThatWentAwayInBetween) {
    KibanaTown town({.settings = at_once});
    town.marathon().http().set_fault(
        "event:name=gone:/kibana/team-004,path=/v2/apps*/kibana/team-004,times=1");
    const TownRun run = town.run({"recycle", "--yes"});
    EXPECT_EQ(state_of(run, unused), "skipped");
    EXPECT_EQ(town.instances(unused), -1);
    EXPECT_EQ(state_of(run, "/kibana/team-009"), "done");
    EXPECT_EQ(town.run({"recycle", "--yes"}).verdict(unused), "no such app");
}

/// A proxy that remembers nothing when a round is planned; from its second answer on, `late` is
/// called before and its apps were opened just now.
class LateProxy {
 public:
    LateProxy() {
        server_.answer_by([this](const HttpRequest& request) {
            if (request.url.find("last-access") == std::string::npos) {
                return ServedAnswer{.status = 404};
            }
            std::string apps;
            if (++asked_ > 1) {
                late_();
                for (const std::string& app : opened_) {
                    apps += fmt::format("{}\"{}\":{}", apps.empty() ? "" : ",", app, now_());
                }
            }
            return ServedAnswer{
                .body = fmt::format(R"({{"started":{},"apps":{{{}}}}})", now_() - month_ms, apps)};
        });
    }

    void open_late(KibanaTown& town, std::vector<std::string> apps) {
        now_ = [&town] { return town.now().time_since_epoch().count(); };
        opened_ = std::move(apps);
    }

    void do_late(std::function<void()> late) { late_ = std::move(late); }

    [[nodiscard]] std::string url() const { return server_.url(""); }

 private:
    static constexpr std::int64_t month_ms = 30LL * 86'400'000;

    int asked_ = 0;
    std::function<std::int64_t()> now_{};
    std::vector<std::string> opened_{};
    std::function<void()> late_ = [] {};
    FakeServer server_{};  // last: it serves until it is gone
};

std::string error_of(const TownRun& run, const std::string& subject) {
    for (const auto& action : json_array(run.json, "actions")) {
        if (json_text(action, "subject") == subject && json_at(action, "error").IsString()) {
            return json_text(action, "error");
        }
    }
    return {};
}

TEST_F(KibanaTrouble, LeavesAnAppAloneThatSomebodyOpenedInBetween) {
    LateProxy proxy;
    KibanaTown town({.settings = at_once, .second_proxy = proxy.url()});
    proxy.open_late(town, {unused});
    const TownRun run = town.run({"recycle", "--yes"});
    EXPECT_EQ(run.code, 0);
    EXPECT_EQ(state_of(run, unused), "skipped");
    EXPECT_EQ(error_of(run, unused), "it was used (proxy) since it was planned");
    EXPECT_EQ(town.instances(unused), 1);
    EXPECT_EQ(state_of(run, "/kibana/team-009"), "done");
    EXPECT_EQ(town.run({"list"}).verdict(unused), "active");
}

TEST_F(KibanaTrouble, LeavesAnAppAloneThatItsOwnerChangedInBetween) {
    const std::vector<std::string> changed{"/kibana/team-009", "/kibana/team-010"};
    LateProxy proxy;
    KibanaTown town({.settings = at_once, .second_proxy = proxy.url()});
    proxy.open_late(town, {});
    proxy.do_late([&] {
        town.platform().change([&](PlatformState& state) {
            for (const std::string& app : changed) {
                FakeApp& one = state.marathon.apps.at(app);
                one.version = format_millis(state.now_ms);
                one.versions[one.version] = one.fields;
            }
            return 0;
        });
    });
    const TownRun run = town.run({"recycle", "--yes"});
    std::size_t spared = 0;
    for (const std::string& app : changed) {
        if (state_of(run, app) == "skipped") {
            ++spared;
            EXPECT_EQ(error_of(run, app), "its definition changed since it was planned");
            EXPECT_EQ(town.instances(app), 1);
        }
    }
    EXPECT_GE(spared, 1U);  // one of them may have been the first, after which they changed
    EXPECT_EQ(state_of(run, unused), "done");
}

TEST_F(KibanaTrouble, GoesOnWhenTheLeaderChanges) {
    KibanaTown town({.settings = at_once});
    town.marathon().http().set_fault("status:method=PATCH,code=503,times=1");
    const TownRun run = town.run({"recycle", "--yes"});
    EXPECT_EQ(run.code, 0);
    EXPECT_EQ(state_of(run, unused), "done");
    EXPECT_EQ(town.instances(unused), 0);
}

TEST_F(KibanaTrouble, LooksAgainWhereTheAnswerToAChangeWasLost) {
    KibanaTown town({.settings = at_once});
    town.marathon().http().set_fault("lost:method=PATCH,times=1");
    EXPECT_EQ(town.run({"recycle", "--yes"}).code, 0);
    EXPECT_EQ(town.instances(unused), 0);
    EXPECT_EQ(town.run({"list"}).verdict(unused), "suspended");
}

TEST_F(KibanaTrouble, SaysWhenItHasNoRights) {
    KibanaTown town({.settings = at_once});
    town.marathon().http().set_fault("status:method=PATCH,code=403");
    const TownRun run = town.run({"recycle", "--yes"});
    EXPECT_EQ(run.code, 10);
    EXPECT_EQ(town.instances(unused), 1);
    EXPECT_EQ(town.run({"list"}).verdict(unused), "idle");
}

TEST_F(KibanaTrouble, TakesUseInTheFutureForUseNow) {
    KibanaTown town;
    const auto later = (town.now() + days(3)).time_since_epoch().count();
    add_access_line(town.search(),
                    make_access_line(later, unused, "Mozilla/5.0 Firefox/128.0", "/app/kibana"));
    town.pass(hours(1));
    EXPECT_EQ(town.run({"sample"}).verdict(unused), "idle");  // beyond the window, not yet read
    town.pass(days(4));
    const TownRun run = town.run({"sample"});
    EXPECT_EQ(run.verdict(unused), "active");
}

TEST_F(KibanaTrouble, TellsOfProxiesWhoseClockIsAhead) {
    KibanaTown town;
    EXPECT_EQ(town.visit("/kibana/team-009"), 200);
    town.platform().change([](PlatformState& state) {
        state.now_ms -= 60'000;
        return 0;
    });
    const TownRun run = town.run({"sample"});
    const auto found = run.findings();
    EXPECT_NE(std::find(found.begin(), found.end(), "future_times"), found.end());
    EXPECT_EQ(run.verdict("/kibana/team-009"), "active");
}

TEST_F(KibanaTrouble, NeedsAStoreToChangeAnything) {
    KibanaTown town({.settings = at_once, .has_real_time = true});
    Command command = town.command({"recycle", "--yes", "--store", "none"});
    EXPECT_EQ(run_command(command).status.code, 9);
    EXPECT_EQ(awake(town), 10U);
    command = town.command({"wake", unused, "--store", "none"});
    EXPECT_EQ(run_command(command).status.code, 9);
}

TEST_F(KibanaTrouble, EndsWith8WhenAWokenKibanaIsNotReady) {
    KibanaTown town({.settings = at_once});
    town.run({"recycle", "--yes"});
    ASSERT_EQ(town.instances(unused), 0);
    town.platform().change([](PlatformState& state) {
        state.marathon.pace.staging_ms = 600'000;
        return 0;
    });
    const TownRun run = town.run({"wake", unused, "--wait", "30s"});
    EXPECT_EQ(run.code, 8);
    EXPECT_EQ(town.instances(unused), 1);
}

}  // namespace
}  // namespace caretaker::sandbox
