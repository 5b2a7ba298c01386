// SPDX-License-Identifier: Apache-2.0
#include "jobs/kibana/provision_junit.hpp"

#include "common/base/error.hpp"

#include <gtest/gtest.h>

namespace caretaker {
namespace {

TEST(ProvisionJunit, HasACaseForEachObject) {
    const BundleObject pattern{.type = "index-pattern", .id = "ads"};
    const BundleObject search{.type = "search", .id = "a<b>&\"c\""};
    const BundleObject board{.type = "dashboard", .id = "board"};
    const ProvisionOutcome outcome{
        .place = "/kibana/ads",
        .bundle = "ads 3",
        .objects = {{.object = &pattern, .step = ObjectStep::same},
                    {.object = &search,
                     .step = ObjectStep::create,
                     .result = ActionResult{.state = ActionState::failed, .error = "it says\nno"}},
                    {.object = &board, .step = ObjectStep::drift}},
        .is_known = true};
    EXPECT_EQ(format_junit(outcome), R"(<?xml version="1.0" encoding="UTF-8"?>
<testsuite name="caretaker kibana provision ads 3" tests="3" failures="1" errors="0" skipped="1">
  <testcase classname="/kibana/ads" name="index-pattern/ads"></testcase>
  <testcase classname="/kibana/ads" name="search/a&lt;b&gt;&amp;&quot;c&quot;"><failure message="it says no"/></testcase>
  <testcase classname="/kibana/ads" name="dashboard/board"><skipped message="people changed it; it was left alone"/></testcase>
</testsuite>
)");
}

TEST(ProvisionJunit, IsAnErrorWhileNothingIsKnown) {
    const std::string text = format_junit({.place = "/kibana/ads", .bundle = "ads 3"});
    EXPECT_NE(text.find(R"(tests="1" failures="0" errors="1" skipped="0")"), std::string::npos)
        << text;
    EXPECT_NE(text.find("<error message="), std::string::npos) << text;
}

TEST(ProvisionJunit, ThatCannotBeWrittenIsAWrongArgument) {
    EXPECT_THROW(write_junit_file("/proc/none/report.xml", {}), UsageError);
    EXPECT_THROW(write_junit_file("/dev/full", {}), UsageError);
}

}  // namespace
}  // namespace caretaker
