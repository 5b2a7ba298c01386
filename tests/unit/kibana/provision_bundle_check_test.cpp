// SPDX-License-Identifier: Apache-2.0
// Which bundles go into which Kibana.
#include "jobs/kibana/provision_bundle_check.hpp"

#include "common/base/error.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace caretaker {
namespace {

/// What is wrong with bringing `bundle` there; empty if nothing is.
std::string obstacle(const Bundle& bundle, const DashboardsVersion& version, bool legacy = false) {
    std::vector<const BundleObject*> objects;
    for (const BundleObject& one : legacy ? bundle.legacy : bundle.exported) {
        objects.push_back(&one);
    }
    try {
        check_bundle_version(bundle, objects, version, "/kibana/ads");
    } catch (const UsageError& error) {
        return error.what();
    }
    return {};
}

TEST(CheckBundleVersion, WantsSpacesOnlyOfKibanasThatHaveThem) {
    const Bundle bundle{.name = "logs", .space = "ads", .exported = {{.type = "search"}}};
    EXPECT_EQ(obstacle(bundle, {6, 5}), "");
    EXPECT_EQ(obstacle(bundle, {6, 4}),
              "the bundle logs is for the space ads, but Kibana 6.4 has no spaces; Kibana has them "
              "since 6.5");
}

TEST(CheckBundleVersion, RefusesAKibanaOlderThanTheBundleNeeds) {
    const Bundle bundle{
        .name = "logs", .min_kibana = DashboardsVersion{7, 10}, .exported = {{.type = "search"}}};
    EXPECT_EQ(obstacle(bundle, {7, 10}), "");
    EXPECT_EQ(obstacle(bundle, {8, 0}), "");
    EXPECT_EQ(obstacle(bundle, {7, 9}),
              "the bundle logs needs at least Kibana 7.10, but /kibana/ads is Kibana 7.9");
}

TEST(CheckBundleVersion, RefusesAnExportThatTheKibanaCannotReadButNotWhatWasWrittenByHandForIt) {
    const Bundle bundle{.name = "logs",
                        .exported_from = DashboardsVersion{7, 11},
                        .exported = {{.type = "search"}, {.type = "dashboard"}},
                        .legacy = {{.type = "search"}}};
    EXPECT_EQ(obstacle(bundle, {7, 11}), "");
    EXPECT_EQ(obstacle(bundle, {6, 8}, true), "");
    EXPECT_EQ(obstacle(bundle, {7, 10}),
              "the bundle logs: objects exported from Kibana 7.11 cannot be imported into Kibana "
              "7.10; export them from that version or an older one");
}

TEST(CheckBundleVersion, HasNothingAgainstABundleWithNothingForThatKibana) {
    const Bundle bundle{
        .name = "logs", .exported_from = DashboardsVersion{9, 0}, .exported = {{.type = "search"}}};
    EXPECT_EQ(obstacle(bundle, {4, 0}, true), "");
}

}  // namespace
}  // namespace caretaker
