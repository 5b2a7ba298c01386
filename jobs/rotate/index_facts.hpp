// SPDX-License-Identifier: Apache-2.0
// What is known of the indices of a cluster.
#pragma once

#include "common/text/text_arena.hpp"
#include "jobs/rotate/optional_number.hpp"
#include "jobs/rotate/rare_part.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace caretaker {

struct AliasOfIndex {
    std::string_view name{};
    std::optional<bool> is_write_index{};  // unset where the server does not tell
};

/// The least and the greatest value of a date field, in milliseconds since 1970.
struct FieldRange {
    std::string field{};
    std::optional<std::int64_t> min_ms{};  // none: the field is missing, or has no values
    std::optional<std::int64_t> max_ms{};
    bool is_partial = false;  // shards did not answer, so neither is known
};

/// What carries out a lifecycle: Elasticsearch's ILM, OpenSearch's ISM, or a data stream's own.
enum class LifecycleManager : std::uint8_t { ilm, ism, data_stream };

/// What most indices of most clusters do not have.
struct RareFacts {
    std::string_view lifecycle{};  // the policy, or the data stream, that manages it
    LifecycleManager manager = LifecycleManager::ilm;  // of `lifecycle`
    std::string_view data_stream{};                    // whose backing index it is
    bool is_stream_write_index = false;
    std::string_view snapshot_state{};  // "SUCCESS"; of a snapshot alone
    OptionalNumber segments{};          // of all copies, where they were asked for
    /// "require.box": "hot".
    std::vector<std::pair<std::string_view, std::string_view>> allocation{};
    std::vector<AliasOfIndex> aliases{};
    std::vector<FieldRange> field_ranges{};  // where they were asked for
};

/// An index; or, in a list of snapshots, a snapshot with its name, start and state. Its texts
/// belong to the list that it is on: there may be a hundred thousand.
struct IndexFacts {
    std::string_view name{};
    std::string_view uuid{};
    bool is_open = true;
    bool is_hidden = false;
    bool exists = true;  // false once the plan has deleted it
    bool is_write_blocked = false;
    int shards = 0;
    int replicas = 0;
    OptionalNumber created_ms{};     // since 1970
    OptionalNumber docs{};           // of primaries; none of closed ones
    OptionalNumber total_bytes{};    // of all copies; none of closed ones
    OptionalNumber primary_bytes{};  // none of closed ones
    RarePart<RareFacts> rare{};

    [[nodiscard]] const AliasOfIndex* find_alias(std::string_view alias) const;
    [[nodiscard]] const FieldRange* find_range(std::string_view field) const;

    /// "lifecycle policy hot", "ISM policy hot", "lifecycle of the data stream logs"; "no lifecycle
    /// policy".
    [[nodiscard]] std::string describe_lifecycle() const;
};

/// Indices with the texts that their facts look at.
struct IndexList {
    std::vector<IndexFacts> indices{};
    std::shared_ptr<TextArena> texts = std::make_shared<TextArena>();
};

/// The index of that name and uuid among sorted ones; null when there is none. An empty uuid on
/// either side does not count: servers before 1.4 list none.
const IndexFacts* find_index(std::span<const IndexFacts> indices,
                             std::string_view name,
                             std::string_view uuid);

/// Which indices an action's list begins with.
struct ListScope {
    std::string search_pattern{"*"};  // as servers read it: a comma list, `*`, -exclusion
    bool include_hidden = false;
    bool include_data_streams = false;
    bool include_kibana = false;
    bool include_system = false;
    bool everything = false;  // as Curator 5 and before: nothing is left out
};

/// Whether the search pattern names the index, by its name or one of its aliases.
bool is_named_by(const IndexFacts& index, std::string_view search_pattern);

/// Whether the search pattern names it, or what the scope includes beside the pattern.
bool is_in_reach(const IndexFacts& index, const ListScope& scope);

/// Why an index that the pattern names is left out all the same, "hidden" or "a system index";
/// empty when it is not.
std::string_view left_out(const IndexFacts& index, const ListScope& scope);

/// Which indices are written to, and so not for destruction.
class WriteIndices {
 public:
    explicit WriteIndices(const std::vector<IndexFacts>& indices);

    /// In what way `index` is one of them; empty when it is none.
    [[nodiscard]] std::string why_protected(const IndexFacts& index) const;

 private:
    /// Aliases, by their names, and how many indices are behind each. They belong to the list.
    std::vector<std::pair<std::string_view, int>> members_{};
};

}  // namespace caretaker
