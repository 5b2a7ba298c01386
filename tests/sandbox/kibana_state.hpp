// SPDX-License-Identifier: Apache-2.0
// A fake Kibana or OpenSearch Dashboards: its version, its use, its saved objects.
#pragma once

#include <compare>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace caretaker::sandbox {

struct KibanaVersion {
    bool is_opensearch = false;  // OpenSearch Dashboards, which answers as Kibana 7.10
    int major = 8;
    int minor = 11;
    int patch = 0;

    /// Of Kibana; OpenSearch Dashboards counts as 7.10.
    [[nodiscard]] bool since(int wanted_major, int wanted_minor = 0) const;

    /// As it is written; Kibana 6 and later accept no other in the header kbn-version.
    [[nodiscard]] std::string number() const;
};

/// "kibana-8.11.0", "opensearch-dashboards-2.19.3"; nothing for what is none.
std::optional<KibanaVersion> parse_kibana_version(std::string_view text);

enum class KibanaCondition {
    ready,
    starting,  // "Kibana server is not ready yet"
    red,       // up, but a plugin or Elasticsearch is not
};

struct FakeSavedObject {
    std::string attributes{"{}"};  // JSON
    std::string references{"[]"};  // JSON
    std::int64_t updated_ms = 0;
    int version = 1;
};

/// Type and id.
using SavedObjectKey = std::pair<std::string, std::string>;

struct KibanaState {
    KibanaVersion version{};
    KibanaCondition condition = KibanaCondition::ready;
    std::int64_t now_ms = 0;
    std::int64_t started_ms = 0;
    std::int64_t ops_interval_ms = 5'000;
    /// When somebody asked for something; sorted. What a window counts.
    std::vector<std::int64_t> request_times_ms{};
    int concurrent_connections = 0;
    std::string user{};  // empty: no login
    std::string password{};
    std::map<std::string, std::map<SavedObjectKey, FakeSavedObject>> spaces{{"default", {}}};
    std::map<std::string, std::string> default_index{};  // by space
    std::uint64_t made = 0;

    /// The end of the last window of metrics that is over.
    [[nodiscard]] std::int64_t window_end_ms() const;

    /// Requests in the window that ends there.
    [[nodiscard]] std::int64_t requests_until(std::int64_t end_ms) const;
};

}  // namespace caretaker::sandbox
