// SPDX-License-Identifier: Apache-2.0
// What people changed is shown and not overwritten without being asked.
#include "jobs/kibana/provision_drift_plan.hpp"

#include <gtest/gtest.h>

#include <optional>
#include <string>

namespace caretaker {
namespace {

TEST(DecideObjectStep, FollowsWhatIsThereAndWhatWeWrote) {
    struct Case {
        std::optional<std::string> present{};
        std::optional<std::string> last_written{};
        ObjectStep step{};
        ObjectStep step_when_asked{};
    };

    const Case cases[] = {
        {std::nullopt, std::nullopt, ObjectStep::create, ObjectStep::create},
        {std::nullopt, "old", ObjectStep::create, ObjectStep::create},
        {"new", std::nullopt, ObjectStep::same, ObjectStep::same},
        {"new", "old", ObjectStep::same, ObjectStep::same},
        {"old", "old", ObjectStep::update, ObjectStep::update},
        {"theirs", "old", ObjectStep::drift, ObjectStep::overwrite},
        {"theirs", "new", ObjectStep::drift, ObjectStep::overwrite},
        {"theirs", std::nullopt, ObjectStep::drift, ObjectStep::overwrite},
        {"", std::nullopt, ObjectStep::drift, ObjectStep::overwrite},
    };
    for (const Case& each : cases) {
        const ObjectForms forms{"new", each.present, each.last_written};
        const std::string name =
            each.present.value_or("(none)") + " after " + each.last_written.value_or("(none)");
        EXPECT_EQ(decide_object_step(forms, false), each.step) << name;
        EXPECT_EQ(decide_object_step(forms, true), each.step_when_asked) << name;
    }
}

TEST(ProvisionRank, PutsWhatIsReferredToFirst) {
    EXPECT_LT(provision_rank("index-pattern"), provision_rank("search"));
    EXPECT_LT(provision_rank("search"), provision_rank("visualization"));
    EXPECT_LT(provision_rank("visualization"), provision_rank("lens"));
    EXPECT_EQ(provision_rank("lens"), provision_rank(""));
    EXPECT_LT(provision_rank("lens"), provision_rank("dashboard"));
}

}  // namespace
}  // namespace caretaker
