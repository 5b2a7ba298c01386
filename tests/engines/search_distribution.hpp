// SPDX-License-Identifier: Apache-2.0
// The Elasticsearch and OpenSearch distributions of Maven Central that tests start.
#pragma once

#include <cstddef>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>

namespace caretaker::testing {

struct SearchDistribution {
    std::string_view name{};  // "opensearch-2.19.3": the folder within the zip, and the test's name
    std::string_view artifact{};        // of Maven Central
    std::string_view reindex_client{};  // the artifact that brings _reindex; empty: none is needed
    int major = 0;
    bool is_opensearch = false;
    bool needs_new_java = false;  // 21 or newer; the others end with 24 and newer
    bool is_in_every_run = false;
    bool has_reindex = true;

    [[nodiscard]] bool is_elasticsearch_before(int version) const {
        return !is_opensearch && major < version;
    }
};

/// All of them: first those of every test run, then those of the long one.
std::span<const SearchDistribution> search_distributions();

/// The place of the one of that name among them; throws std::out_of_range for another name.
std::size_t search_distribution_number(std::string_view name);

/// Its unpacked folder in the cache, ready to be started. Throws EngineUnavailable where it cannot
/// be had.
std::filesystem::path search_home(const SearchDistribution& distribution);

/// The folder of a Java that fits the distribution. Throws EngineUnavailable where there is none.
std::filesystem::path java_home(const SearchDistribution& distribution);

}  // namespace caretaker::testing
