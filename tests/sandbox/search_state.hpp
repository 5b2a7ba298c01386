// SPDX-License-Identifier: Apache-2.0
// The indices of a fake Elasticsearch or OpenSearch.
#pragma once

#include "tests/sandbox/search_documents.hpp"

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace caretaker::sandbox {

/// What the server says it is; it refuses what that version refuses.
struct SearchVersion {
    bool is_opensearch = true;
    int major = 2;
    int minor = 19;
    int patch = 3;

    /// Elasticsearch from that version on; OpenSearch always.
    [[nodiscard]] bool is_at_least(int wanted_major, int wanted_minor = 0) const;

    [[nodiscard]] std::string number() const;
};

/// "opensearch-2.19.3", "elasticsearch-7.17.28"; nothing for what is no version.
std::optional<SearchVersion> parse_search_version(std::string_view text);

struct FakeIndex {
    std::string uuid{};
    std::int64_t created_ms = 0;
    bool is_open = true;
    bool is_hidden = false;
    int shards = 1;
    int replicas = 0;
    std::int64_t docs = 0;
    std::int64_t bytes = 208;  // of primaries
    std::int64_t segments = 0;
    std::map<std::string, std::string> settings{};         // "index.blocks.read_only": "true"
    std::map<std::string, std::optional<bool>> aliases{};  // and whether it is the write index
    std::shared_ptr<const FakeDocuments> documents{};      // none: only its numbers are kept
};

struct FakeSnapshot {
    std::vector<std::string> indices{};
    std::int64_t started_ms = 0;
    std::string state{"SUCCESS"};
};

struct SearchState {
    SearchVersion version{};
    std::map<std::string, FakeIndex> indices{};
    std::map<std::string, std::vector<std::string>> streams{};  // and their backing indices
    std::map<std::string, std::map<std::string, FakeSnapshot>> repositories{};
    std::map<std::string, std::string> cluster_settings{};
    std::int64_t now_ms = 0;
    int made = 0;                    // for uuids
    bool searches_time_out = false;  // they answer with what they have
    int failing_shards = 0;          // of each search

    /// A new index, with an uuid of its own.
    FakeIndex& add(const std::string& name);
};

/// A platform's indices: 40 days of logs, an alias that rolls over, a data stream, and some of the
/// system's own. The same for each seed, save that it ends today.
void fill_demo_indices(SearchState& state, std::uint64_t seed);

}  // namespace caretaker::sandbox
