// SPDX-License-Identifier: Apache-2.0
#include "jobs/rotate/index_facts.hpp"

#include "jobs/rotate/wildcard.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>

namespace caretaker {

namespace {

/// What stands behind a comma list's next comma goes; what stands before it is returned.
std::string_view take_term(std::string_view& list) {
    const std::string_view term = list.substr(0, list.find(','));
    list.remove_prefix(std::min(term.size() + 1, list.size()));
    return term;
}

bool is_named_by_term(const IndexFacts& index, std::string_view term) {
    if (term == "_all" || matches_wildcard(term, index.name)) {
        return true;
    }
    return std::ranges::any_of(index.rare->aliases, [&](const AliasOfIndex& alias) {
        return matches_wildcard(term, alias.name);
    });
}

/// Those that Elastic's own products keep, by the lists of Curator 8.0.22, and Open Distro's and
/// OpenSearch's.
constexpr std::array<std::string_view, 16> system_patterns{".apm-agent-configuration",
                                                           ".apm-custom-link",
                                                           ".async-search",
                                                           ".fleet*",
                                                           ".geoip_databases*",
                                                           ".inference",
                                                           ".logstash*",
                                                           ".ml*",
                                                           ".security*",
                                                           ".slo-*",
                                                           ".tasks*",
                                                           ".transform-telemetry",
                                                           ".triggered_watch*",
                                                           ".watch*",
                                                           ".opendistro*",
                                                           ".plugins-ml*"};

/// Whether a request can name the index and nothing else: not "-a", which takes it out of a list.
bool can_be_named(std::string_view name) {
    return !name.empty() && std::string_view("-+_").find(name.front()) == std::string_view::npos &&
           name.find_first_of("*?,/\\<>") == std::string_view::npos;
}

/// Whether the pattern begins with a dot, so that hidden names are meant.
bool means_hidden(std::string_view search_pattern) {
    while (!search_pattern.empty()) {
        if (take_term(search_pattern).starts_with('.')) {
            return true;
        }
    }
    return false;
}

/// "logs-000001": the form of rolled-over names.
bool is_numbered(std::string_view name) {
    constexpr std::size_t digits = 6;
    const std::size_t dash = name.rfind('-');
    return dash != std::string_view::npos && name.size() - dash - 1 == digits &&
           name.find_first_not_of("0123456789", dash + 1) == std::string_view::npos;
}

}  // namespace

const AliasOfIndex* IndexFacts::find_alias(std::string_view alias) const {
    const auto found = std::ranges::find(rare->aliases, alias, &AliasOfIndex::name);
    return found == rare->aliases.end() ? nullptr : &*found;
}

const FieldRange* IndexFacts::find_range(std::string_view field) const {
    const auto found = std::ranges::find(rare->field_ranges, field, &FieldRange::field);
    return found == rare->field_ranges.end() ? nullptr : &*found;
}

std::string IndexFacts::describe_lifecycle() const {
    if (rare->lifecycle.empty()) {
        return "no lifecycle policy";
    }
    switch (rare->manager) {
        case LifecycleManager::ilm:
            return fmt::format("lifecycle policy {}", rare->lifecycle);
        case LifecycleManager::ism:
            return fmt::format("ISM policy {}", rare->lifecycle);
        case LifecycleManager::data_stream:
            break;
    }
    return fmt::format("lifecycle of the data stream {}", rare->lifecycle);
}

const IndexFacts* find_index(std::span<const IndexFacts> indices,
                             std::string_view name,
                             std::string_view uuid) {
    const auto found = std::ranges::lower_bound(indices, name, {}, &IndexFacts::name);
    // Servers before 1.4 do not list uuids here; the name has to do.
    const bool is_it = found != indices.end() && found->name == name &&
                       (found->uuid.empty() || uuid.empty() || found->uuid == uuid);
    return is_it ? &*found : nullptr;
}

bool is_named_by(const IndexFacts& index, std::string_view search_pattern) {
    bool is_named = false;
    while (!search_pattern.empty()) {
        const std::string_view term = take_term(search_pattern);
        if (term.starts_with('-')) {
            is_named = is_named && !is_named_by_term(index, term.substr(1));
        } else {
            is_named = is_named || is_named_by_term(index, term);
        }
    }
    return is_named;
}

bool is_in_reach(const IndexFacts& index, const ListScope& scope) {
    return is_named_by(index, scope.search_pattern) ||
           (scope.include_data_streams && index.name.starts_with(".ds-")) ||
           (scope.include_kibana && index.name.starts_with(".kibana"));
}

std::string_view left_out(const IndexFacts& index, const ListScope& scope) {
    if (!can_be_named(index.name)) {
        return "its name would mean something else in a request";
    }
    if (scope.everything) {
        return {};
    }
    if (index.name.starts_with(".secret")) {
        return "a system index";
    }
    if (index.name.starts_with(".kibana")) {
        return scope.include_kibana ? std::string_view{} : "one of Kibana's own";
    }
    if (!index.rare->data_stream.empty() || index.name.starts_with(".ds-")) {
        const bool is_meant = scope.include_data_streams || scope.include_hidden ||
                              means_hidden(scope.search_pattern);
        return is_meant ? std::string_view{} : "a backing index of a data stream";
    }
    if (!scope.include_system &&
        std::ranges::any_of(system_patterns, [&](std::string_view pattern) {
            return matches_wildcard(pattern, index.name);
        })) {
        return "a system index";
    }
    if (index.is_hidden && !scope.include_hidden &&
        !(means_hidden(scope.search_pattern) && index.name.starts_with('.'))) {
        return "hidden";
    }
    return {};
}

WriteIndices::WriteIndices(const std::vector<IndexFacts>& indices) {
    std::map<std::string_view, int> count;
    for (const IndexFacts& index : indices) {
        if (index.exists) {
            for (const AliasOfIndex& alias : index.rare->aliases) {
                ++count[alias.name];
            }
        }
    }
    members_.assign(count.begin(), count.end());
}

std::string WriteIndices::why_protected(const IndexFacts& index) const {
    if (index.rare->is_stream_write_index) {
        return fmt::format("the write index of the data stream {}", index.rare->data_stream);
    }
    for (const AliasOfIndex& alias : index.rare->aliases) {
        if (alias.is_write_index.value_or(false)) {
            return fmt::format("the write index of the alias {}", alias.name);
        }
        const auto row = std::ranges::lower_bound(
            members_, alias.name, {}, &std::pair<std::string_view, int>::first);
        const bool is_only_one =
            row != members_.end() && row->first == alias.name && row->second == 1;
        if (is_only_one && !alias.is_write_index && is_numbered(index.name)) {
            return fmt::format("the only index behind the alias {}, so writes go to it",
                               alias.name);
        }
    }
    return {};
}

}  // namespace caretaker
