// SPDX-License-Identifier: Apache-2.0
// The request bodies of a reindex. Pure.
#pragma once

#include "common/clients/search_engine.hpp"
#include "jobs/rotate/option_schema.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace caretaker {

/// source.index: REINDEX_SELECTION, the list that the filters leave.
inline constexpr std::string_view reindex_selection = "REINDEX_SELECTION";

/// dest.index: MIGRATION, one reindex for each source, named by migration_prefix and _suffix.
inline constexpr std::string_view reindex_migration = "MIGRATION";

/// One request.
struct ReindexItem {
    std::vector<std::string> sources{};
    std::string dest{};
};

/// What a request_body asks for.
struct ReindexRequest {
    std::vector<std::string> sources{};  // as written; REINDEX_SELECTION alone
    std::string dest{};                  // as written; or MIGRATION
    const CuratorValue* remote = nullptr;

    [[nodiscard]] bool selects() const;

    [[nodiscard]] bool migrates() const { return dest == reindex_migration; }
};

/// Reads what check_reindex_options() found right.
ReindexRequest read_reindex_request(const CuratorValue& body);

/// The requests for those sources.
std::vector<ReindexItem> list_reindexes(const CheckedOptions& options,
                                        const ReindexRequest& request,
                                        std::vector<std::string> sources);

/// request_body with the names put in; what the version calls otherwise (max_docs, size) in its
/// words.
std::string reindex_body(const CuratorValue& body,
                         const ReindexItem& item,
                         const SearchEngine& engine);

/// "?refresh=true&…" as far as the version knows them; `waits`: the answer comes at the end.
std::string reindex_parameters(const CheckedOptions& options,
                               const SearchEngine& engine,
                               bool waits);

}  // namespace caretaker
