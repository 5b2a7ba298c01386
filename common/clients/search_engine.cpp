// SPDX-License-Identifier: Apache-2.0
#include "common/clients/search_engine.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <string_view>
#include <utility>

namespace caretaker {

namespace {

constexpr std::string_view elasticsearch_tagline = "You Know, for Search";
constexpr std::string_view opensearch_tagline = "The OpenSearch Project";
constexpr EngineVersion disguise{7, 10, 2};

constexpr EngineVersion newest_elasticsearch{9, 2, 0};
constexpr EngineVersion newest_opensearch{3, 6, 0};

constexpr EngineVersion always{0, 0, 0};
constexpr EngineVersion never{1'000'000, 0, 0};

/// From one version on and before another.
struct Span {
    EngineVersion from = never;
    EngineVersion before = never;
};

struct FeatureRow {
    SearchFeature feature{};
    Span elasticsearch{};
    Span opensearch{};
};

constexpr Span all{.from = always};
constexpr Span none{};

constexpr Span since(int major, int minor) {
    return {.from = {major, minor, 0}};
}

constexpr Span between(EngineVersion from, EngineVersion before) {
    return {.from = from, .before = before};
}

using Feature = SearchFeature;

constexpr std::array feature_table{
    FeatureRow{Feature::creation_date, since(1, 4), all},
    FeatureRow{Feature::strict_parameters, since(5, 0), all},
    FeatureRow{Feature::body_needs_type, since(6, 0), all},
    FeatureRow{Feature::optimize, between(always, {5, 0, 0}), none},
    FeatureRow{Feature::force_merge, since(2, 1), all},
    FeatureRow{Feature::force_merge_task, since(8, 1), since(2, 0)},
    FeatureRow{Feature::synced_flush, between({1, 6, 0}, {8, 0, 0}), between(always, {2, 0, 0})},
    FeatureRow{Feature::rollover, since(5, 0), all},
    FeatureRow{Feature::rollover_shard_size, since(7, 12), none},
    FeatureRow{Feature::shrink, since(5, 0), all},
    FeatureRow{Feature::write_index, since(6, 4), all},
    FeatureRow{Feature::index_lifecycle, since(6, 6), none},
    FeatureRow{Feature::index_state_management, none, all},
    FeatureRow{Feature::open_distro_policies, between({6, 5, 0}, {7, 11, 0}), none},
    FeatureRow{Feature::hidden_indices, since(7, 7), all},
    FeatureRow{Feature::data_streams, since(7, 9), all},
    FeatureRow{Feature::resolve_index, since(7, 9), all},
    FeatureRow{Feature::closed_index_stats, since(7, 2), all},
    FeatureRow{Feature::frozen_indices, between({6, 6, 0}, {8, 0, 0}), none},
    FeatureRow{Feature::typed_mappings, between({6, 7, 0}, {8, 0, 0}), between(always, {2, 0, 0})},
    FeatureRow{Feature::reindex, since(2, 3), all},
    FeatureRow{Feature::reindex_slices, since(5, 1), all},
    FeatureRow{Feature::reindex_max_docs, since(7, 3), all},
    FeatureRow{Feature::tasks, since(2, 3), all},
    FeatureRow{Feature::stored_tasks, since(5, 0), all},
    FeatureRow{Feature::node_roles, since(5, 0), all},
    FeatureRow{Feature::parallel_snapshots, since(7, 9), all},
    FeatureRow{Feature::searchable_snapshots, since(7, 12), none},
    FeatureRow{Feature::paged_snapshots, since(7, 14), none},
    FeatureRow{Feature::typeless_documents, since(7, 0), all},
    FeatureRow{Feature::write_if_sequence, since(6, 6), all},
};

/// "7.10.2", "6.0.0-rc1", "9.2.0-SNAPSHOT".
std::optional<EngineVersion> parse_version(std::string_view text) {
    std::array<int, 3> parts{};
    const char* at = text.data();
    const char* const end = text.data() + text.size();
    for (std::size_t i = 0; i < parts.size(); ++i) {
        if (i > 0 && (at == end || *at++ != '.')) {
            return std::nullopt;
        }
        const auto [stop, error] = std::from_chars(at, end, parts.at(i));
        if (error != std::errc{} || parts.at(i) < 0) {
            return std::nullopt;
        }
        at = stop;
    }
    if (at != end && *at != '-') {
        return std::nullopt;
    }
    return EngineVersion{parts[0], parts[1], parts[2]};
}

std::string text_or_nothing(JsonView object, std::string_view name) {
    const auto member = object.find(name);
    return member ? std::string(member->text()) : std::string();
}

SearchFamily read_family(JsonView root, JsonView version) {
    const std::string tagline = text_or_nothing(root, "tagline");
    if (text_or_nothing(version, "distribution") == "opensearch" ||
        tagline.starts_with(opensearch_tagline)) {
        return SearchFamily::opensearch;
    }
    if (tagline != elasticsearch_tagline) {
        root.fail("is no answer of Elasticsearch or OpenSearch (its tagline is another)");
    }
    return SearchFamily::elasticsearch;
}

}  // namespace

SearchEngine read_search_engine(JsonView root) {
    const JsonView version = root.at("version");
    SearchEngine engine{.family = read_family(root, version),
                        .number = std::string(version.at("number").text()),
                        .flavor = text_or_nothing(version, "build_flavor"),
                        .cluster_name = text_or_nothing(root, "cluster_name"),
                        .cluster_uuid = text_or_nothing(root, "cluster_uuid")};
    const auto parsed = parse_version(engine.number);
    if (!parsed) {
        version.at("number").fail("is no version number");
    }
    engine.version = *parsed;
    if (engine.family == SearchFamily::opensearch && engine.version == disguise) {
        engine.is_disguised = true;
        engine.version = {1, 0, 0};
    }
    if (engine.cluster_uuid == "_na_") {  // the cluster has not formed yet
        engine.cluster_uuid.clear();
    }
    return engine;
}

std::string describe_engine(const SearchEngine& engine) {
    return fmt::format(
        "{} {}{}",
        engine.family == SearchFamily::opensearch ? "OpenSearch" : "Elasticsearch",
        engine.number,
        engine.is_disguised ? " (so it says; compatibility.override_main_response_version)" : "");
}

SearchEngine unnamed_elasticsearch() {
    return {.version = {7, 14, 0}, .number = "7.14 or later", .is_unnamed = true};
}

bool is_newer_than_known(const SearchEngine& engine) {
    const EngineVersion& newest =
        engine.family == SearchFamily::opensearch ? newest_opensearch : newest_elasticsearch;
    return std::pair(newest.major, newest.minor) <
           std::pair(engine.version.major, engine.version.minor);
}

bool has_feature(const SearchEngine& engine, SearchFeature feature) {
    const auto* row = std::ranges::find(feature_table, feature, &FeatureRow::feature);
    if (row == feature_table.end()) {
        return false;
    }
    const Span& span =
        engine.family == SearchFamily::opensearch ? row->opensearch : row->elasticsearch;
    return !(engine.version < span.from) && engine.version < span.before;
}

}  // namespace caretaker
