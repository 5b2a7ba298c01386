// SPDX-License-Identifier: Apache-2.0
// Fetches every engine into the cache before the tests that need one, so that their time limits are
// those of tests and not of downloads.
#include "tests/engines/engine_cache.hpp"
#include "tests/engines/kafka_distribution.hpp"
#include "tests/engines/search_server.hpp"
#include "tests/engines/statsd_server.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <string>

namespace caretaker::testing {
namespace {

class KafkaDownloads : public ::testing::TestWithParam<std::string_view> {};

TEST_P(KafkaDownloads, AreInTheCache) {
    try {
        const KafkaDistribution kafka{std::string(GetParam())};
        EXPECT_TRUE(std::filesystem::exists(kafka.formatted_data() / "meta.properties"));
        EXPECT_TRUE(std::filesystem::exists(kafka.class_archive()));
    } catch (const EngineUnavailable& reason) {
        report_unavailable(reason);
    }
}

INSTANTIATE_TEST_SUITE_P(All,
                         KafkaDownloads,
                         ::testing::ValuesIn(KafkaDistribution::versions().begin(),
                                             KafkaDistribution::versions().end()));

TEST(SearchDownloads, AreInTheCache) {
    try {
        for (const SearchDistribution& distribution : search_distributions()) {
            if (distribution.is_in_every_run) {
                EXPECT_TRUE(std::filesystem::exists(search_home(distribution) / "lib"));
            }
        }
    } catch (const EngineUnavailable& reason) {
        report_unavailable(reason);
    }
}

TEST(StatsdDownload, IsInTheCache) {
    try {
        EXPECT_TRUE(std::filesystem::exists(statsd_program()));
    } catch (const EngineUnavailable& reason) {
        report_unavailable(reason);
    }
}

}  // namespace
}  // namespace caretaker::testing
