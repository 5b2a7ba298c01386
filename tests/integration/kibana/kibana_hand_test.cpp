// SPDX-License-Identifier: Apache-2.0
// What people say about a Kibana by hand, and what they are told of it.
#include "common/store/job_memory.hpp"
#include "common/store/store.hpp"
#include "jobs/kibana/kibana_memory.hpp"
#include "tests/integration/kibana/kibana_town.hpp"
#include "tests/support/json.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <string>
#include <vector>

namespace caretaker::sandbox {
namespace {

using caretaker::testing::json_array;
using caretaker::testing::json_text;
using std::chrono::days;

using Words = std::vector<std::string>;

constexpr const char* unused = "/kibana/team-004";
constexpr const char* at_once = "  require_notice: false\n";

/// The message of the finding of that code; empty: there is none.
std::string message_of(const TownRun& run, const std::string& code) {
    for (const auto& finding : json_array(run.json, "findings")) {
        if (json_text(finding, "code") == code) {
            return json_text(finding, "message");
        }
    }
    return "";
}

/// What `explain` says of that fact.
std::string fact(const TownRun& run, const std::string& name) {
    for (const auto& row : json_array(run.json, "rows")) {
        if (json_text(row, "fact") == name) {
            return json_text(row, "value");
        }
    }
    return "no such fact";
}

TEST(KibanaByHand, TouchesAndExplains) {
    KibanaTown town;
    EXPECT_EQ(fact(town.run({"explain", unused}), "verdict"), "idle");
    const TownRun touched = town.run({"touch", unused});
    EXPECT_EQ(touched.code, 0);
    EXPECT_EQ(touched.actions(), Words{"touch /kibana/team-004 done"});
    const TownRun explained = town.run({"explain", unused});
    EXPECT_EQ(explained.code, 0);
    EXPECT_EQ(fact(explained, "verdict"), "active");
    EXPECT_EQ(fact(explained, "seen by"), "touch");
    EXPECT_EQ(fact(explained, "instances"), "1, 1 run");
}

TEST(KibanaByHand, ProtectsUntilADay) {
    KibanaTown town({.settings = at_once});
    const TownRun run = town.run({"protect", unused, "--until", "2040-02-01"});
    EXPECT_EQ(run.code, 0);
    EXPECT_EQ(run.actions(), Words{"protect /kibana/team-004 done"});
    EXPECT_EQ(town.run({"recycle", "--yes"}).verdict(unused), "protected");
    EXPECT_EQ(town.instances(unused), 1);
    town.pass(days(30));
    EXPECT_EQ(town.run({"recycle", "--yes"}).verdict(unused), "idle");
    EXPECT_EQ(town.instances(unused), 0);
}

TEST(KibanaByHand, SuspendsAProtectedOneOnlyIfThatIsMeant) {
    KibanaTown town;
    town.run({"protect", unused, "--until", "2040-02-01"});
    for (const char* const app : {"/kibana/team-008", unused}) {  // the first by its label
        const TownRun refused = town.run({"suspend", app, "--yes"});
        EXPECT_EQ(refused.code, 2);
        EXPECT_NE(json_text(json_array(refused.json, "errors")[0], "message").find("is protected"),
                  std::string::npos);
        EXPECT_EQ(town.instances(app), 1);
        EXPECT_EQ(town.run({"suspend", app, "--yes", "--even-protected"}).code, 0);
        EXPECT_EQ(town.instances(app), 0);
    }
}

TEST(KibanaByHand, TakesAnAppThatIsNamedTwiceForOne) {
    KibanaTown town;
    EXPECT_EQ(town.run({"suspend", unused, unused, "--yes"}).actions(),
              Words{"suspend /kibana/team-004 done"});
    EXPECT_EQ(town.run({"wake", unused, unused}).actions(), Words{"wake /kibana/team-004 done"});
}

TEST(KibanaFindings, TellOfALogThatIsTooShort) {
    KibanaTown town({.settings = "  idle_after: 40d\n"});
    EXPECT_EQ(message_of(town.run({"recycle", "--yes"}), "retention_too_short"),
              "the access log goes back 20 d 3 h, but it takes 40 d to call a Kibana unused");
}

TEST(KibanaFindings, TellWhatIsPostponed) {
    KibanaTown town({.settings = std::string(at_once) + "  batch: 2\n"});
    EXPECT_EQ(message_of(town.run({"recycle", "--yes"}), "postponed"),
              "3 more apps are to be suspended or destroyed, 2 and 1 by one run are allowed; the "
              "next runs go on");
}

TEST(KibanaFindings, TellOfADefinitionThatIsNotKept) {
    KibanaTown town({.settings = at_once});
    town.run({"recycle", "--yes"});
    ASSERT_EQ(town.instances(unused), 0);
    {
        const auto store = Store::open({.path = town.home().file("store.db")});
        JobMemory memory = store->memory("kibana", "town");
        change_kibana_state(memory, unused, town.now(), [](caretaker::KibanaState& state) {
            state.saved_version.clear();
        });
    }
    town.pass(days(61));
    const TownRun run = town.run({"recycle", "--yes"});
    EXPECT_EQ(message_of(run, "definition_not_kept").rfind("/kibana/team-004 is suspended long", 0),
              0U);
    EXPECT_EQ(town.instances(unused), 0);
}

}  // namespace
}  // namespace caretaker::sandbox
