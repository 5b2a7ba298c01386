// SPDX-License-Identifier: Apache-2.0
// Which groups and topics a run is about; decided before anything is asked.
#pragma once

#include "common/base/name_filter.hpp"
#include "common/base/report.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace caretaker {

/// The patterns as the caller wrote them: a name, a glob or /a regular expression/.
struct LagFilters {
    std::vector<std::string> groups{};  // empty: all
    std::vector<std::string> excluded_groups{};
    std::vector<std::string> topics{};  // empty: all but internal ones
    std::vector<std::string> excluded_topics{};
    std::vector<std::string> states{};  // Kafka's words, any case; empty: all
};

class LagSelection {
 public:
    /// Throws UsageError for a pattern or a state that is wrong, naming its flag.
    explicit LagSelection(const LagFilters& filters);

    /// Both throw UsageError for a regular expression that takes too many steps on `name`.
    [[nodiscard]] bool wants_group(std::string_view name) const;

    /// Internal topics ("__…") are wanted only by a pattern that itself begins with "__".
    [[nodiscard]] bool wants_topic(std::string_view name) const;

    /// By the state of the group, e.g. "Stable". One that is not known is always wanted, for what
    /// could not be read must show.
    [[nodiscard]] bool wants_state(std::string_view state) const;

    /// Whether the group and topic that a finding names are wanted.
    [[nodiscard]] bool covers(const Finding& finding) const;

    /// Groups and topics wanted by their own names, in byte order, each once.
    [[nodiscard]] const std::vector<std::string>& named_groups() const { return groups_.names(); }

    [[nodiscard]] const std::vector<std::string>& named_topics() const { return topics_.names(); }

    /// Whether named_groups() are all the groups there can be.
    [[nodiscard]] bool only_named_groups() const { return groups_.only_names(); }

    /// Whether groups are wanted by their state alone.
    [[nodiscard]] bool narrows_states() const { return !states_.empty(); }

    /// Whether fewer topics are wanted than a run without filters would show.
    [[nodiscard]] bool narrows_topics() const { return topics_.narrows(); }

 private:
    NameFilter groups_;
    NameFilter topics_;
    NameFilter internal_topics_;
    std::vector<std::string_view> states_;  // Kafka's own spelling
};

}  // namespace caretaker
