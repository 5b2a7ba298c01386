// SPDX-License-Identifier: Apache-2.0
// `caretaker rotate` against a real search engine, one server for all tests of it.
#pragma once

#include "tests/engines/search_server.hpp"
#include "tests/support/rotation.hpp"
#include "tests/support/temp_dir.hpp"

#include <gtest/gtest.h>

#include <cstddef>
#include <string>
#include <vector>

namespace caretaker::testing {

/// The parameter is the number of the distribution in search_distributions().
class RotateSearchFixture : public ::testing::TestWithParam<std::size_t> {
 protected:
    static void TearDownTestSuite();

    void SetUp() override;

    [[nodiscard]] static SearchServer& server();

    /// Runs an action file with `options`.
    Rotation rotate(const std::string& actions, std::vector<std::string> options = {"--yes"});

    [[nodiscard]] static bool is_opensearch() { return server().distribution().is_opensearch; }

    /// Elasticsearch before that version.
    [[nodiscard]] static bool is_before(int version) {
        return server().distribution().is_elasticsearch_before(version);
    }

    /// An empty repository of type `fs`.
    static void add_repository(const std::string& name);

    /// How many documents an index has.
    static std::int64_t count_documents(const std::string& index);

    TempDir home_;
};

/// "opensearch_2_19_3".
std::string engine_name(const ::testing::TestParamInfo<std::size_t>& parameter);

// A macro because GoogleTest makes the names of tests out of its argument.
// NOLINTNEXTLINE(cppcoreguidelines-macro-usage)
#define CARETAKER_FOR_EACH_ENGINE(fixture)                                                     \
    INSTANTIATE_TEST_SUITE_P(                                                                  \
        Every,                                                                                 \
        fixture,                                                                               \
        ::testing::Range(std::size_t{0}, ::caretaker::testing::search_distributions().size()), \
        ::caretaker::testing::engine_name)

}  // namespace caretaker::testing
