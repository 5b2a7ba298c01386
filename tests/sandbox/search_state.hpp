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

/// One document that was written by its id.
struct StoredDocument {
    std::string source{};  // as it was sent
    std::int64_t version = 0;
    std::int64_t seq_no = 0;
    bool is_deleted = false;  // its version goes on when it is written again
};

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
    std::int64_t index_total = 0;                   // writes since its primary shards started
    std::map<std::string, std::string> settings{};  // "index.blocks.read_only": "true"
    std::map<std::string, std::optional<bool>> aliases{};  // and whether it is the write index
    std::shared_ptr<const FakeDocuments> documents{};      // none: only its numbers are kept
    std::map<std::string, StoredDocument> stored{};        // those written by their id
    std::int64_t next_seq_no = 0;
    int busy_polls = 0;  // how often its health is still asked before its shards have arrived
};

struct FakeSnapshot {
    std::vector<std::string> indices{};
    std::int64_t started_ms = 0;
    std::string state{"SUCCESS"};
    std::map<std::string, FakeIndex> contents{};  // those not in it are restored as empty indices
    int polls_left = 0;  // of one IN_PROGRESS: how often it is still asked for before it has ended
    std::vector<std::string> failed{};  // indices with a shard that is not in it
};

struct FakeNode {
    std::string name{"n1"};
    std::vector<std::string> roles{"data", "ingest", "master"};
    std::int64_t total_bytes = std::int64_t{1} << 40U;
    std::int64_t other_bytes = 0;  // used by something else than indices
};

/// A task of the server that runs in the background.
struct FakeSearchTask {
    std::string description{};
    std::string response{};  // once it has ended
    int polls_left = 0;
};

/// Where the copies of an index's shards lie.
struct FakeCopy {
    int shard = 0;
    bool is_primary = true;
    std::string node{};  // empty: unassigned
    std::int64_t bytes = 0;
};

struct SearchState {
    SearchVersion version{};
    std::map<std::string, FakeIndex> indices{};
    std::map<std::string, std::vector<std::string>> streams{};  // and their backing indices
    std::map<std::string, std::map<std::string, FakeSnapshot>> repositories{};
    std::map<std::string, std::string> cluster_settings{};
    std::vector<FakeNode> nodes{FakeNode{}, FakeNode{.name = "n2"}};
    std::map<std::string, FakeSearchTask> tasks{};
    /// Other clusters that reindex.remote.allowlist names, by "host:port": their indices and how
    /// many documents each has.
    std::map<std::string, std::map<std::string, std::int64_t>> remotes{};
    std::map<std::string, std::string> managed{};     // by OpenSearch's ISM: index and policy
    bool has_state_management = false;                // the plug-in is there
    std::map<std::string, bool> stream_lifecycles{};  // streams whose lifecycle is on
    int slowness = 0;                                 // how many polls what takes its time needs
    std::int64_t now_ms = 0;
    int made = 0;                    // for uuids and tasks
    bool searches_time_out = false;  // they answer with what they have
    int failing_shards = 0;          // of each search
    std::string cluster_uuid{"AAAAAAAAAAAAAAAAAAAAAA"};
    int elected_master = 1;  // the number of its node; the first one answers

    /// A new index, with an uuid of its own.
    FakeIndex& add(const std::string& name);

    /// Primaries on the nodes that hold data, in turn, and each replica on the next one; a copy of
    /// each shard on the node that index.routing.allocation.require._name names.
    [[nodiscard]] std::vector<FakeCopy> copies(const FakeIndex& index) const;

    /// How many bytes of the node are used.
    [[nodiscard]] std::int64_t used_bytes(const FakeNode& node) const;
};

/// A platform's indices: 40 days of logs, an alias that rolls over, a data stream, and some of the
/// system's own. The same for each seed, save that it ends today.
void fill_demo_indices(SearchState& state, std::uint64_t seed);

}  // namespace caretaker::sandbox
