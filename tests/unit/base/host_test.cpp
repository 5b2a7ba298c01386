// SPDX-License-Identifier: Apache-2.0
// The name under which a host appears in results.
#include "common/base/host.hpp"

#include <gtest/gtest.h>

#include <regex>

namespace caretaker {
namespace {

TEST(HostName, IsTheSystemsByDefault) {
    EXPECT_EQ(choose_host_name({}, "es1"), "es1");
    EXPECT_EQ(choose_host_name({{"CARETAKER_HOST", ""}}, "es1"), "es1");
}

TEST(HostName, IsTheAgentsUnderChronosOnly) {
    EXPECT_EQ(choose_host_name({{"HOST", "agent7"}}, "4f1c"), "4f1c");
    EXPECT_EQ(choose_host_name({{"HOST", "agent7"}, {"CHRONOS_JOB_NAME", "lag"}}, "4f1c"),
              "agent7");
    EXPECT_EQ(choose_host_name({{"HOST", ""}, {"CHRONOS_JOB_NAME", "lag"}}, "4f1c"), "4f1c");
}

TEST(HostName, IsTheChosenOneBeforeAll) {
    EXPECT_EQ(choose_host_name(
                  {{"CARETAKER_HOST", "me"}, {"HOST", "a"}, {"CHRONOS_JOB_NAME", "lag"}}, "x"),
              "me");
}

TEST(HostName, OfTheSystemIsNotEmpty) {
    EXPECT_FALSE(system_host_name().empty());
}

TEST(BootId, IsOneUuidForTheWholeBoot) {
    EXPECT_TRUE(
        std::regex_match(boot_id(), std::regex("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")));
    EXPECT_EQ(boot_id(), boot_id());
}

}  // namespace
}  // namespace caretaker
