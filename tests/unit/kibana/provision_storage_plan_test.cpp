// SPDX-License-Identifier: Apache-2.0
// Which generation takes objects how, and whose objects.
#include "jobs/kibana/provision_storage_plan.hpp"

#include <gtest/gtest.h>

#include <optional>
#include <string>

namespace caretaker {
namespace {

TEST(ObjectStorage, FollowsTheVersion) {
    struct Case {
        DashboardsVersion version{};
        std::optional<ObjectStorage> storage{};
    };

    const Case cases[] = {
        {{-1, 0}, std::nullopt},
        {{0, 0}, std::nullopt},
        {{2, 9}, std::nullopt},
        {{3, 0}, ObjectStorage::kibana_int},
        {{4, 0}, ObjectStorage::kibana_index},
        {{5, 6}, ObjectStorage::kibana_index},
        {{6, 0}, ObjectStorage::object_calls},
        {{6, 8}, ObjectStorage::object_calls},
        {{7, 0}, ObjectStorage::import_file},
        {{7, 10}, ObjectStorage::import_file},
        {{7, 11}, ObjectStorage::index_pattern},
        {{7, 17}, ObjectStorage::index_pattern},
        {{8, 0}, ObjectStorage::data_view},
        {{9, 2}, ObjectStorage::data_view},
        {{0, 9, true}, std::nullopt},
        {{1, 0, true}, ObjectStorage::import_file},
        {{3, 1, true}, ObjectStorage::import_file},
    };
    for (const Case& each : cases) {
        EXPECT_EQ(object_storage(each.version), each.storage)
            << each.version.major << '.' << each.version.minor;
    }
}

TEST(ImportObstacle, LetsObjectsGoUpToTheNextMajorVersion) {
    EXPECT_EQ(import_obstacle({7, 17}, {7, 17}), "");
    EXPECT_EQ(import_obstacle({7, 10}, {7, 11}), "");
    EXPECT_EQ(import_obstacle({7, 17}, {8, 0}), "");
    EXPECT_EQ(import_obstacle({1, 3, true}, {2, 0, true}), "");
    EXPECT_EQ(import_obstacle({7, 11}, {7, 10}),
              "objects exported from Kibana 7.11 cannot be imported into Kibana 7.10; export them "
              "from that version or an older one");
    EXPECT_NE(import_obstacle({8, 0}, {7, 17}), "");
    EXPECT_EQ(import_obstacle({7, 17}, {9, 0}),
              "objects exported from Kibana 7.17 cannot be imported into Kibana 9.0; import them "
              "into the major version between first and export them there");
    EXPECT_NE(import_obstacle({2, 0, true}, {1, 3, true}), "");
}

TEST(ImportObstacle, TakesOpenSearchDashboardsForKibana710) {
    EXPECT_EQ(import_obstacle({6, 8}, {2, 0, true}), "");
    EXPECT_EQ(import_obstacle({7, 10}, {2, 0, true}), "");
    EXPECT_EQ(import_obstacle({7, 11}, {2, 0, true}),
              "objects exported from Kibana 7.11 cannot be imported into OpenSearch Dashboards "
              "2.0; export them from Kibana 7.10 or an older one");
    EXPECT_NE(import_obstacle({5, 6}, {2, 0, true}), "");
    EXPECT_EQ(import_obstacle({2, 0, true}, {7, 10}), "");
    EXPECT_EQ(import_obstacle({2, 0, true}, {8, 19}), "");
    EXPECT_NE(import_obstacle({2, 0, true}, {7, 9}), "");
    EXPECT_NE(import_obstacle({2, 0, true}, {9, 0}), "");
}

}  // namespace
}  // namespace caretaker
