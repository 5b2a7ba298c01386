// SPDX-License-Identifier: Apache-2.0
// Which search engine answers, and what that version can do. Pure.
#pragma once

#include "common/json/json_view.hpp"

#include <string>
#include <tuple>

namespace caretaker {

enum class SearchFamily { elasticsearch, opensearch };

struct EngineVersion {
    int major = 0;
    int minor = 0;
    int patch = 0;

    friend bool operator==(const EngineVersion&, const EngineVersion&) = default;

    friend bool operator<(const EngineVersion& a, const EngineVersion& b) {
        return std::tie(a.major, a.minor, a.patch) < std::tie(b.major, b.minor, b.patch);
    }
};

struct SearchEngine {
    SearchFamily family = SearchFamily::elasticsearch;
    EngineVersion version{};
    std::string number{};  // as the server wrote it: "7.10.2", "8.0.0-SNAPSHOT"
    /// OpenSearch that says 7.10.2 (compatibility.override_main_response_version, 1.x and 2.x):
    /// what it really is stays unknown, and `version` is 1.0.0, which all of them can do.
    bool is_disguised = false;
    bool is_unnamed = false;  // its version may not be read; `version` is the least it can be
    std::string flavor{};     // "default", "oss", "serverless"; empty before 6.3 and for OpenSearch
    std::string cluster_name{};
    std::string cluster_uuid{};  // empty before Elasticsearch 2 and while the cluster forms
};

/// The engine from the body of `GET /`. The family is told by the tagline or by
/// `version.distribution`, never by the number. Throws JsonError "json_shape" for the answer of
/// anything else.
SearchEngine read_search_engine(JsonView root);

/// The engine of an answer to `GET /` whose version may not be read (401, 403) but that carries the
/// header X-Elastic-Product, which Elasticsearch has since 7.14.
SearchEngine unnamed_elasticsearch();

/// "Elasticsearch 8.6.2", "OpenSearch 2.19.3".
std::string describe_engine(const SearchEngine& engine);

/// Newer than any version that was tried; it is spoken to like the newest one that was.
bool is_newer_than_known(const SearchEngine& engine);

/// What depends on family and version. Servers before a feature's version do not just lack it: from
/// Elasticsearch 5 on an unknown parameter is a 400, and a POST to an unknown path may create a
/// document.
enum class SearchFeature {
    creation_date,           // index.creation_date among an index's settings
    strict_parameters,       // unknown query parameters are refused
    body_needs_type,         // a body needs a Content-Type
    optimize,                // POST /{index}/_optimize
    force_merge,             // POST /{index}/_forcemerge
    force_merge_task,        // … with wait_for_completion=false
    synced_flush,            // POST /{index}/_flush/synced
    rollover,                // POST /{alias}/_rollover
    rollover_shard_size,     // … with max_primary_shard_size
    shrink,                  // POST /{index}/_shrink/{target}
    write_index,             // is_write_index of an alias
    index_lifecycle,         // ILM: /_ilm
    index_state_management,  // ISM: /_plugins/_ism
    open_distro_policies,    // ISM of Open Distro: the policy among an index's settings
    hidden_indices,          // expand_wildcards=hidden, also for _cat/indices
    data_streams,            // GET /_data_stream
    resolve_index,           // GET /_resolve/index/{name}
    closed_index_stats,      // closed indices have health and shards
    frozen_indices,          // POST /{index}/_freeze
    typed_mappings,          // include_type_name
    reindex,                 // POST /_reindex
    reindex_slices,          // … with slices
    reindex_max_docs,        // … with max_docs in its body, called size before
    tasks,                   // GET /_tasks
    stored_tasks,            // GET /_tasks/{id} still knows a task that has ended
    node_roles,              // roles in GET /_nodes/stats
    parallel_snapshots,      // a second snapshot while one runs
    searchable_snapshots,    // POST /_snapshot/{repository}/{name}/_mount?storage=shared_cache
    paged_snapshots,         // GET /_snapshot/{repository}/{name}?size=&after=
    typeless_documents,      // /{index}/_doc/{id}; before a type stands in the place of _doc
    write_if_sequence,       // if_seq_no and if_primary_term; before there is version alone
};

bool has_feature(const SearchEngine& engine, SearchFeature feature);

}  // namespace caretaker
