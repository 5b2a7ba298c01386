// SPDX-License-Identifier: Apache-2.0
#include "common/text/timestamp.hpp"
#include "jobs/kibana/kibana_labels_model.hpp"

#include <gtest/gtest.h>

#include <string>

namespace caretaker {
namespace {

using std::chrono::days;
using std::chrono::milliseconds;

KibanaLabels read(const std::string& name, const std::string& value) {
    return read_kibana_labels({{"team", "ads"}, {"caretaker." + name, value}});
}

TEST(KibanaLabels, SayWhatTheOwnerWants) {
    EXPECT_TRUE(read("kibana", "true").is_managed);
    EXPECT_FALSE(read("kibana", "false").is_managed);
    EXPECT_TRUE(read("protect", "true").is_protected);
    EXPECT_EQ(read("protect_until", "2027-01-31").protected_until, parse_rfc3339("2027-01-31"));
    EXPECT_EQ(read("idle_after", "30d").idle_after, milliseconds(days(30)));
    EXPECT_EQ(read("destroy_after", "0").destroy_after, milliseconds(0));
    EXPECT_EQ(read("instances", "2").instances, 2);
    EXPECT_TRUE(read_kibana_labels({{"owner", "x"}, {"HAPROXY_0_VHOST", "y"}}).unreadable.empty());
}

struct WrongLabel {
    const char* name = "";
    const char* value = "";
};

void PrintTo(const WrongLabel& label, std::ostream* out) {
    *out << label.name << "=" << label.value;
}

class UnreadableLabel : public ::testing::TestWithParam<WrongLabel> {};

TEST_P(UnreadableLabel, IsNamedWithItsValue) {
    const KibanaLabels labels = read(GetParam().name, GetParam().value);
    ASSERT_EQ(labels.unreadable.size(), 1U);
    EXPECT_NE(labels.unreadable.front().find(GetParam().name), std::string::npos);
}

INSTANTIATE_TEST_SUITE_P(Values,
                         UnreadableLabel,
                         ::testing::Values(WrongLabel{"protect", "yes"},
                                           WrongLabel{"protect", ""},
                                           WrongLabel{"protect_until", "31.1.2027"},
                                           WrongLabel{"idle_after", "30"},
                                           WrongLabel{"idle_after", "-1d"},
                                           WrongLabel{"destroy_after", "never"},
                                           WrongLabel{"instances", "0"},
                                           WrongLabel{"instances", "101"},
                                           WrongLabel{"instances", "2.0"},
                                           WrongLabel{"protected", "true"}));

TEST(KibanaLabels, NeverMakeATimeShorter) {
    const KibanaPolicy policy{.idle_after = days(14), .destroy_after = days(60)};
    EXPECT_EQ(lengthened(policy, {.idle_after = days(30)}).idle_after, milliseconds(days(30)));
    EXPECT_EQ(lengthened(policy, {.idle_after = days(1)}).idle_after, milliseconds(days(14)));
    EXPECT_EQ(lengthened(policy, {.destroy_after = days(90)}).destroy_after,
              milliseconds(days(90)));
    EXPECT_EQ(lengthened(policy, {.destroy_after = days(9)}).destroy_after, milliseconds(days(60)));
    EXPECT_EQ(lengthened(policy, {.destroy_after = milliseconds(0)}).destroy_after.count(), 0);
    const KibanaPolicy never{.destroy_after = milliseconds(0)};
    EXPECT_EQ(lengthened(never, {.destroy_after = days(90)}).destroy_after.count(), 0);
}

}  // namespace
}  // namespace caretaker
