// SPDX-License-Identifier: Apache-2.0
// `caretaker kibana` over days of a whole platform: nobody loses work, nobody waits long.
#include "common/text/timestamp.hpp"
#include "tests/integration/kibana/kibana_town.hpp"
#include "tests/sandbox/platform_state.hpp"
#include "tests/support/json.hpp"

#include <fmt/ranges.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace caretaker::sandbox {
namespace {

using caretaker::testing::json_array;
using caretaker::testing::json_at;
using caretaker::testing::json_text;
using std::chrono::days;
using std::chrono::hours;

using Words = std::vector<std::string>;

::testing::AssertionResult has(const Words& words, const std::string& wanted) {
    if (std::ranges::find(words, wanted) != words.end()) {
        return ::testing::AssertionSuccess() << wanted << " is among them";
    }
    return ::testing::AssertionFailure()
           << wanted << " is not among: " << fmt::format("{}", fmt::join(words, ", "));
}

/// Of ten: used daily 1 and 6, weekly 2 and 7, early 3 (8 is protected), never 4 and 9, by machines
/// alone 5 and 10.
constexpr const char* unused = "/kibana/team-004";
constexpr const char* daily = "/kibana/team-001";

TEST(KibanaRecycle, TellsThenSuspendsWhatNobodyUses) {
    KibanaTown town;
    const TownRun told = town.run({"recycle", "--yes"});
    EXPECT_EQ(told.code, 0);
    Words actions = told.actions();
    std::ranges::sort(actions);
    EXPECT_EQ(actions,
              (Words{"notify /kibana/team-003 done",
                     "notify /kibana/team-004 done",
                     "notify /kibana/team-005 done",
                     "notify /kibana/team-009 done",
                     "notify /kibana/team-010 done"}));
    EXPECT_EQ(told.verdict(daily), "active");
    EXPECT_EQ(told.verdict("/kibana/team-008"), "protected");
    EXPECT_TRUE(has(town.events(), "kibana.notice /kibana/team-004"));

    town.pass(days(1));
    EXPECT_FALSE(has(town.run({"recycle", "--yes"}).actions(), "suspend /kibana/team-004 done"));

    town.pass(days(1));
    const TownRun suspended = town.run({"recycle", "--yes"});
    EXPECT_EQ(suspended.code, 0);
    EXPECT_TRUE(has(suspended.actions(), "suspend /kibana/team-004 done"));
    EXPECT_EQ(town.instances(unused), 0);
    EXPECT_EQ(town.instances(daily), 1);
    EXPECT_TRUE(has(town.events(), "kibana.suspended /kibana/team-004"));
}

class SuspendedTown : public ::testing::Test {
 protected:
    void SetUp() override {
        town_.run({"recycle", "--yes"});
        town_.pass(days(2));
        town_.run({"recycle", "--yes"});
        ASSERT_EQ(town_.instances(unused), 0);
    }

    KibanaTown town_{};
};

TEST_F(SuspendedTown, WakesWhatSomebodyAskedFor) {
    EXPECT_EQ(town_.visit(unused), 503);
    town_.pass(hours(1));
    const TownRun run = town_.run({"recycle", "--yes"});
    EXPECT_TRUE(has(run.actions(), "resume /kibana/team-004 done"));
    EXPECT_EQ(town_.instances(unused), 1);
    EXPECT_EQ(town_.visit(unused), 200);
    EXPECT_TRUE(has(town_.events(), "kibana.resumed /kibana/team-004"));
}

TEST_F(SuspendedTown, WakesByHandAndWaitsUntilItIsReady) {
    const TownRun run = town_.run({"wake", unused});
    EXPECT_EQ(run.code, 0);
    EXPECT_EQ(run.actions(), Words{"wake /kibana/team-004 done"});
    EXPECT_EQ(town_.visit(unused), 200);
    EXPECT_EQ(town_.run({"list"}).verdict(unused), "active");
}

TEST_F(SuspendedTown, IsNotForgottenWhileItSleeps) {
    for (int week = 0; week < 6; ++week) {
        town_.pass(days(7));
        EXPECT_EQ(town_.run({"recycle", "--yes"}).code, 0);
    }
    EXPECT_EQ(town_.run({"list"}).verdict(unused), "suspended");
}

TEST_F(SuspendedTown, DestroysWhatStayedAwayAndRestoresIt) {
    town_.pass(days(54));
    EXPECT_TRUE(
        has(town_.run({"recycle", "--yes"}).actions(), "notify_destroy /kibana/team-004 done"));
    town_.pass(days(8));
    for (int round = 0; round < 6; ++round) {  // one by a round
        EXPECT_EQ(town_.run({"recycle", "--yes"}).code, 0);
    }
    EXPECT_EQ(town_.instances(unused), -1);
    EXPECT_TRUE(has(town_.events(), "kibana.destroyed /kibana/team-004"));

    town_.pass(days(100));
    EXPECT_EQ(town_.run({"recycle", "--yes"}).code, 0);
    const TownRun restored = town_.run({"restore", unused});
    EXPECT_EQ(restored.code, 0);
    EXPECT_EQ(town_.instances(unused), 1);
    EXPECT_EQ(town_.visit(unused), 200);
}

/// Somebody deploys the app with more memory, by a PUT that leaves it at its instances.
void give_memory(KibanaTown& town, const std::string& app, const std::string& mem) {
    town.platform().change([&](PlatformState& state) {
        FakeApp& changed = state.marathon.apps.at(app);
        changed.fields["mem"] = mem;
        changed.version = format_millis(state.now_ms);
        changed.versions[changed.version] = changed.fields;
        return 0;
    });
}

TEST_F(SuspendedTown, RestoresWhatItsOwnerMadeOfItWhileItSlept) {
    town_.pass(days(1));
    give_memory(town_, unused, "4096");
    town_.pass(days(53));
    town_.run({"recycle", "--yes"});
    town_.pass(days(8));
    for (int round = 0; round < 6; ++round) {
        EXPECT_EQ(town_.run({"recycle", "--yes"}).code, 0);
    }
    ASSERT_EQ(town_.instances(unused), -1);
    EXPECT_EQ(town_.run({"restore", unused}).code, 0);
    const auto state = town_.platform().state();
    EXPECT_EQ(std::stod(state->marathon.apps.at(unused).fields.at("mem")), 4096);
    EXPECT_EQ(town_.instances(unused), 1);
}

TEST_F(SuspendedTown, DestroysNothingWhoseDefinitionCannotBeKept) {
    town_.pass(days(54));
    town_.run({"recycle", "--yes"});
    town_.pass(days(8));
    for (const char* fault : {"status:path=/v2/apps*/versions/*,code=404",
                              "status:path=/v2/apps*/versions/*,code=200,body={}"}) {
        town_.marathon().http().set_fault(fault);
        EXPECT_EQ(town_.run({"recycle", "--yes"}).code, 1) << fault;
        town_.marathon().http().clear_faults();
    }
    for (int app = 1; app <= 10; ++app) {
        EXPECT_GE(town_.instances(fmt::format("/kibana/team-{:03}", app)), 0);
    }
}

TEST_F(SuspendedTown, RestoresAnAppWhosePortIsTakenAtAnother) {
    town_.platform().change([](PlatformState& state) {
        FakeApp app = state.marathon.apps.at(unused);
        state.marathon.apps.erase(unused);
        app.fields["labels"] = "{}";
        app.fields["instances"] = "0";
        state.marathon.apps["/other"] = app;
        return 0;
    });
    EXPECT_EQ(town_.run({"restore", unused}).code, 0);
    EXPECT_EQ(town_.instances(unused), 1);
    const std::string ports =
        town_.platform().state()->marathon.apps.at(unused).fields.at("portDefinitions");
    EXPECT_NE(ports.find(R"("port":10000)"), std::string::npos) << ports;
}

TEST_F(SuspendedTown, TakesOneThatSomebodyElseWokeForTheirs) {
    town_.platform().change([](PlatformState& state) {
        state.marathon.apps.at(unused).fields["instances"] = "1";
        state.marathon.apps.at(unused).last_scaling_at = format_millis(state.now_ms);
        return 0;
    });
    EXPECT_NE(town_.run({"recycle", "--yes"}).verdict(unused), "suspended");
    EXPECT_EQ(town_.instances(unused), 1);
}

TEST_F(SuspendedTown, LeavesAloneWhatItNoLongerRemembers) {
    std::filesystem::remove(town_.home().file("store.db"));
    const TownRun run = town_.run({"recycle", "--yes"});
    EXPECT_EQ(run.verdict(unused), "foreign");
    EXPECT_FALSE(has(run.actions(), "resume /kibana/team-004 done"));
    town_.pass(days(100));
    town_.run({"recycle", "--yes"});
    EXPECT_EQ(town_.instances(unused), 0);
}

TEST(KibanaRecycle, KeepsWhatIsOpenedAfterTheNotice) {
    KibanaTown town;
    town.run({"recycle", "--yes"});
    town.pass(days(1));
    EXPECT_EQ(town.visit(unused), 200);
    town.pass(days(1) + hours(1));
    const TownRun run = town.run({"recycle", "--yes"});
    EXPECT_EQ(run.verdict(unused), "active");
    EXPECT_EQ(town.instances(unused), 1);
}

TEST(KibanaRecycle, DoesNothingTwiceAtTheSameInstant) {
    KibanaTown town;
    EXPECT_EQ(town.run({"recycle", "--yes"}).actions().size(), 5U);
    EXPECT_EQ(town.run({"recycle", "--yes"}).actions(), Words());
}

TEST(KibanaRecycle, ChangesNothingInADryRun) {
    KibanaTown town;
    const TownRun run = town.run({"recycle", "--dry-run"});
    EXPECT_EQ(run.code, 0);
    EXPECT_TRUE(has(run.actions(), "notify /kibana/team-004 would"));
    EXPECT_EQ(town.events(), Words());
    EXPECT_EQ(town.run({"recycle", "--yes"}).actions().size(), 5U);
}

TEST(KibanaRecycle, SuspendsNothingWhoseOwnerCouldNotBeTold) {
    KibanaTown town;
    town.set_webhook(500);
    EXPECT_EQ(town.run({"recycle", "--yes"}).code, 1);
    town.pass(days(3));
    const TownRun second = town.run({"recycle", "--yes"});
    EXPECT_EQ(town.instances(unused), 1);
    EXPECT_TRUE(has(second.actions(), "deliver /kibana/team-004 failed"));

    town.set_webhook(204);
    EXPECT_TRUE(has(town.run({"recycle", "--yes"}).actions(), "deliver /kibana/team-004 done"));
    EXPECT_EQ(town.deadline_of("kibana.notice /kibana/team-004"),
              format_rfc3339(town.now() + days(2)));
    EXPECT_EQ(town.instances(unused), 1);
    town.pass(days(2));
    town.run({"recycle", "--yes"});
    EXPECT_EQ(town.instances(unused), 0);
}

TEST(KibanaRecycle, DropsAWaitingNoticeOnceTheAppIsUsed) {
    KibanaTown town;
    town.set_webhook(500);
    town.run({"recycle", "--yes"});
    EXPECT_EQ(town.run({"touch", unused}).code, 0);
    town.set_webhook(204);
    const TownRun after = town.run({"recycle", "--yes"});
    EXPECT_EQ(after.verdict(unused), "active");
    EXPECT_FALSE(has(town.events(), "kibana.notice /kibana/team-004"));
    EXPECT_TRUE(has(town.events(), "kibana.notice /kibana/team-009"));  // which is still true

    town.pass(days(15));  // idle again, and nobody was told of that
    const TownRun again = town.run({"recycle", "--yes"});
    EXPECT_TRUE(has(again.actions(), "notify /kibana/team-004 done"));
    EXPECT_EQ(town.instances(unused), 1);
}

TEST(KibanaRecycle, DropsNothingInADryRun) {
    KibanaTown town;
    town.set_webhook(500);
    town.run({"recycle", "--yes"});
    town.set_webhook(204);
    EXPECT_TRUE(
        has(town.run({"recycle", "--dry-run"}).actions(), "deliver /kibana/team-004 would"));
    EXPECT_TRUE(has(town.run({"recycle", "--yes"}).actions(), "deliver /kibana/team-004 done"));
}

TEST(KibanaRecycle, DoesNothingToAFleetThatWentQuiet) {
    KibanaTown town({.settings = "  min_age: 0s\n"});
    std::ofstream(town.home().file("brake.yml")) << [&] {
        std::ifstream file(town.home().file("caretaker.yml"));
        std::string text{std::istreambuf_iterator<char>(file), {}};
        text.replace(text.find("max_percent: 100"), 16, "max_percent: 20");
        return text;
    }();
    const TownRun run = town.run({"recycle", "--yes", "--config", town.home().file("brake.yml")});
    EXPECT_EQ(run.code, 5);
    EXPECT_TRUE(has(run.findings(), "fleet_went_quiet"));
    EXPECT_EQ(run.actions().front(), "tell fleet done");
    EXPECT_TRUE(has(run.actions(), "notify /kibana/team-004 skipped"));
    EXPECT_EQ(run.actions().size(), 6U);
    EXPECT_EQ(town.events(), Words{"kibana.brake "});
    const TownRun again = town.run({"recycle", "--yes", "--config", town.home().file("brake.yml")});
    EXPECT_EQ(again.code, 5);
    EXPECT_EQ(again.actions().size(), 5U);  // it was told
    EXPECT_TRUE(has(again.actions(), "notify /kibana/team-004 skipped"));
    EXPECT_EQ(town.instances(unused), 1);
}

struct BrokenLog {
    const char* name = "";
    void (*breaks)(KibanaTown& town) = nullptr;
};

void PrintTo(const BrokenLog& broken, std::ostream* out) {
    *out << broken.name;
}

class BrokenSignal : public ::testing::TestWithParam<BrokenLog> {};

TEST_P(BrokenSignal, IsNeverTakenForSilence) {
    KibanaTown town;
    GetParam().breaks(town);
    const TownRun run = town.run({"recycle", "--yes"});
    EXPECT_EQ(run.verdict(unused), "unknown");
    EXPECT_TRUE(has(town.events(), "kibana.signal_lost "));
    for (const std::string& action : run.actions()) {
        EXPECT_EQ(action, "tell fleet done");
    }
}

INSTANTIATE_TEST_SUITE_P(
    Answers,
    BrokenSignal,
    ::testing::Values(BrokenLog{"of which shards failed",
                                [](KibanaTown& town) {
                                    town.search().with_state([](SearchState& state) {
                                        state.failing_shards = 1;
                                        return 0;
                                    });
                                }},
                      BrokenLog{"that took too long",
                                [](KibanaTown& town) {
                                    town.search().with_state([](SearchState& state) {
                                        state.searches_time_out = true;
                                        return 0;
                                    });
                                }},
                      BrokenLog{"of no index at all",
                                [](KibanaTown& town) {
                                    town.search().with_state([](SearchState& state) {
                                        state.indices.clear();
                                        return 0;
                                    });
                                }},
                      BrokenLog{"of a log that ended a day ago", [](KibanaTown& town) {
                                    town.proxy().http().set_fault("status:code=500");
                                    town.platform().advance(hours(24));
                                    town.search().with_state([&](SearchState& state) {
                                        state.now_ms = town.platform().state()->now_ms;
                                        return 0;
                                    });
                                }}));

TEST(KibanaRecycle, SeesTheCanaryThatDoesNotArrive) {
    KibanaTown town;
    town.run({"recycle", "--yes"});
    town.search().with_state([](SearchState& state) {  // the last day's lines are lost
        for (auto& [name, index] : state.indices) {
            if (!index.documents) {
                continue;
            }
            auto documents = std::make_shared<FakeDocuments>(*index.documents);
            std::erase_if(documents->rows, [](const FakeDocument& row) {
                return row.at("path") == "/__caretaker/canary";
            });
            index.documents = documents;
        }
        return 0;
    });
    town.proxy().http().set_fault("status:path=/__caretaker/last-access,code=500");
    town.pass(hours(3));
    const TownRun run = town.run({"recycle", "--yes"});
    EXPECT_TRUE(has(run.findings(), "signal_trouble"));
    EXPECT_EQ(run.verdict(unused), "unknown");
}

/// A proxy that takes everything, and whose lines nobody ships.
class SilentProxy {
 public:
    SilentProxy() {
        server_.answer_by([](const HttpRequest& request) {
            return ServedAnswer{.status = is_canary(request) ? 200 : 404};
        });
    }

    [[nodiscard]] std::string url() const { return server_.url(""); }

    [[nodiscard]] std::size_t canaries() {
        const auto asked = server_.requests();
        return static_cast<std::size_t>(std::ranges::count_if(asked, is_canary));
    }

 private:
    static bool is_canary(const HttpRequest& request) {
        return request.url.find("canary") != std::string::npos;
    }

    FakeServer server_{};
};

TEST(KibanaRecycle, SendsCanariesOnlyWhereTheNextRoundLooksForThem) {
    SilentProxy silent;
    KibanaTown town({.second_proxy = silent.url()});
    town.run({"list"});
    town.run({"explain", unused});
    town.run({"recycle", "--dry-run"});
    EXPECT_EQ(silent.canaries(), 0U);
    town.run({"recycle", "--yes"});
    EXPECT_EQ(silent.canaries(), 1U);
    town.run({"sample"});
    EXPECT_EQ(silent.canaries(), 2U);
}

TEST(KibanaRecycle, KnowsNothingWhileTheLinesOfOneProxyAreMissing) {
    const SilentProxy silent;
    KibanaTown town({.second_proxy = silent.url()});
    town.run({"recycle", "--yes"});
    town.pass(hours(3));
    const TownRun run = town.run({"recycle", "--yes"});
    EXPECT_TRUE(has(run.findings(), "signal_trouble"));
    EXPECT_EQ(run.verdict(unused), "unknown");
    EXPECT_EQ(run.verdict(daily), "active");
}

TEST(KibanaRecycle, DoesNotTakeTheCanariesOfOthersForThoseOfAProxy) {
    const SilentProxy silent;
    KibanaTown town({.second_proxy = silent.url()});
    town.run({"recycle", "--yes"});
    town.run({"list"});  // sends some too
    town.run({"recycle", "--dry-run"});
    town.pass(hours(3));
    EXPECT_EQ(town.run({"recycle", "--yes"}).verdict(unused), "unknown");
}

TEST(KibanaRecycle, MissesTheLinesOfAProxyThatTakesNoCanary) {
    FakeServer away;
    away.answer_by([](const HttpRequest&) { return ServedAnswer{.status = 500}; });
    KibanaTown town({.second_proxy = away.url("")});
    town.run({"recycle", "--yes"});
    town.pass(hours(3));
    EXPECT_EQ(town.run({"recycle", "--yes"}).verdict(unused), "unknown");
}

TEST(KibanaRecycle, LooksForEachCanaryHoweverOftenItSamples) {
    const SilentProxy silent;
    KibanaTown town({.second_proxy = silent.url()});
    for (int i = 0; i < 40; ++i) {  // oftener than lines take to arrive
        town.run({"sample"});
        town.pass(std::chrono::minutes(5));
    }
    EXPECT_EQ(town.run({"recycle", "--dry-run"}).verdict(unused), "unknown");
}

TEST(KibanaRecycle, TellsOfRequestsThatAreThereDayAndNight) {
    KibanaTown town;
    TownRun run;
    for (int hour = 0; hour < 24; ++hour) {
        town.kibanas().change(unused, [](KibanaState& state) {
            state.request_times_ms.assign(8, state.window_end_ms() - 1);
        });
        run = town.run({"sample"});
        EXPECT_EQ(has(run.findings(), "background_traffic"), hour == 23);
        town.pass(hours(1));
    }
    EXPECT_EQ(run.verdict(unused), "active");
}

/// Apps keep their objects in that index; the newest was written an hour ago.
void keep_objects(KibanaTown& town, const std::vector<std::string>& apps) {
    const std::int64_t now = town.platform().change([&](PlatformState& state) {
        for (const std::string& app : apps) {
            state.marathon.apps.at(app).fields["env"] = R"({"KIBANA_INDEX":".kibana-ads"})";
        }
        return state.now_ms;
    });
    town.search().with_state([&](SearchState& state) {
        const std::int64_t written = now - 3'600'000;
        FakeIndex& index = state.add(".kibana-ads");
        auto documents = std::make_shared<FakeDocuments>();
        documents->rows = {{{"type", "dashboard"}, {"updated_at", std::to_string(written)}},
                           {{"type", "telemetry"}, {"updated_at", std::to_string(now)}}};
        index.docs = 2;
        index.documents = std::move(documents);
        return 0;
    });
}

TEST(KibanaRecycle, TakesWhoChangesDashboardsForAUser) {
    KibanaTown town;
    keep_objects(town, {unused});
    const TownRun run = town.run({"recycle", "--yes"});
    EXPECT_FALSE(has(run.actions(), "notify /kibana/team-004 done"));
    EXPECT_EQ(run.verdict(unused), "active");
}

TEST(KibanaRecycle, DoesNotGuessWhoChangedWhatTwoAppsKeep) {
    KibanaTown town;
    keep_objects(town, {unused, daily});
    EXPECT_TRUE(has(town.run({"recycle", "--yes"}).actions(), "notify /kibana/team-004 done"));
}

/// Objects of Kibana 4, which say nothing of when they were written.
void write_old_objects(KibanaTown& town, std::int64_t index_total) {
    keep_objects(town, {unused});
    town.search().with_state([&](SearchState& state) {
        FakeIndex& index = state.indices.at(".kibana-ads");
        auto documents = std::make_shared<FakeDocuments>();
        documents->rows = {{{"title", "errors"}}};
        index.documents = std::move(documents);
        index.index_total = index_total;
        return 0;
    });
}

TEST(KibanaRecycle, TakesAnOldKibanaWhoseIndexGrowsForUsed) {
    KibanaTown town;
    write_old_objects(town, 40);
    EXPECT_TRUE(has(town.run({"recycle", "--yes"}).actions(), "notify /kibana/team-004 done"));
    write_old_objects(town, 41);
    town.pass(days(2));
    EXPECT_EQ(town.run({"recycle", "--yes"}).verdict(unused), "active");
}

TEST(KibanaRecycle, MakesNothingOfAShardThatCountsAnew) {
    KibanaTown town;
    write_old_objects(town, 40);
    EXPECT_TRUE(has(town.run({"recycle", "--yes"}).actions(), "notify /kibana/team-004 done"));
    write_old_objects(town, 3);
    town.pass(days(2));
    EXPECT_TRUE(has(town.run({"recycle", "--yes"}).actions(), "suspend /kibana/team-004 done"));
}

class EngineOfLog : public ::testing::TestWithParam<std::pair<const char*, const char*>> {};

TEST_P(EngineOfLog, IsAskedInItsOwnWords) {
    KibanaTown town({.search = GetParam().first, .keyword_suffix = GetParam().second});
    const TownRun run = town.run({"list"});
    EXPECT_EQ(run.code, 0);
    EXPECT_EQ(run.verdict(daily), "active");
    EXPECT_EQ(run.verdict(unused), "idle");
}

INSTANTIATE_TEST_SUITE_P(Engines,
                         EngineOfLog,
                         ::testing::Values(std::pair{"opensearch-2.19.3", ""},
                                           std::pair{"elasticsearch-9.2.0", ".keyword"},
                                           std::pair{"elasticsearch-7.17.28", ".keyword"},
                                           std::pair{"elasticsearch-6.8.23", ".keyword"},
                                           std::pair{"elasticsearch-5.6.16", ""}));

TEST(KibanaRecycle, SaysWhatMarathonRefused) {
    KibanaTown town;
    town.run({"recycle", "--yes"});
    town.pass(days(2));
    town.marathon().http().set_fault("status:method=PATCH,code=409");
    const TownRun locked = town.run({"recycle", "--yes"});
    EXPECT_EQ(locked.code, 1);
    EXPECT_TRUE(has(locked.actions(), "suspend /kibana/team-004 failed"));
    EXPECT_EQ(town.instances(unused), 1);

    town.marathon().http().clear_faults();
    EXPECT_TRUE(has(town.run({"recycle", "--yes"}).actions(), "suspend /kibana/team-004 done"));
}

TEST(KibanaRecycle, EndsWhereMarathonIsAway) {
    KibanaTown town;
    town.marathon().set_leader(std::nullopt);
    EXPECT_EQ(town.run({"recycle", "--dry-run"}).code, 7);
}

TEST(KibanaRecycle, SpeaksToOldMarathons) {
    KibanaTown town({.marathon = "1.3.13"});
    town.run({"recycle", "--yes"});
    town.pass(days(2));
    const TownRun run = town.run({"recycle", "--yes"});
    EXPECT_TRUE(has(run.actions(), "suspend /kibana/team-004 done"));
    EXPECT_EQ(town.instances(unused), 0);
}

/// All requests of a round, to whomever.
std::size_t requests_of(const TownRun& run) {
    std::size_t all = 0;
    for (const auto& metric : json_array(run.json, "metrics")) {
        const std::string name = json_text(metric, "name");
        all += name.ends_with("http.requests")
                   ? static_cast<std::size_t>(json_at(metric, "value").GetDouble())
                   : 0U;
    }
    return all;
}

TEST(KibanaRecycle, AsksLittleOfAFleetOfWhichManyAreUnused) {
    KibanaTown town({.kibanas = 200});
    const TownRun told = town.run({"recycle", "--yes"});
    ASSERT_GT(told.actions().size(), 50U);
    ASSERT_GT(requests_of(told), 50U);  // it is counted at all
    const TownRun again = town.run({"recycle", "--yes"});
    EXPECT_EQ(again.actions(), Words());
    EXPECT_LE(requests_of(again), 60U);
}

TEST(KibanaRecycle, AsksLittleWhenNothingChanges) {
    KibanaTown town({.kibanas = 40});
    town.run({"recycle", "--yes"});
    const auto before = town.marathon().http().requests();
    town.search().begin_anew();
    town.run({"recycle", "--yes"});
    EXPECT_LE(town.marathon().http().requests() - before, 4U);
    std::uint64_t searches = 0;
    for (const auto& [method, count] : town.search().request_counts()) {
        searches += count;
    }
    EXPECT_LE(searches, 4U);
}

}  // namespace
}  // namespace caretaker::sandbox
