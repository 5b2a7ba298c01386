// SPDX-License-Identifier: Apache-2.0
// Reads what was ever done to one thing: an index, a container, an alias.
#pragma once

#include "common/store/run_records.hpp"

#include <string_view>
#include <vector>

namespace caretaker {

class Database;

/// An action together with the run that took it.
struct SubjectAction {
    ActionRow action{};
    std::string run_uid{};
    std::string job{};
    std::string target{};
    std::string host{};
    bool dry_run = false;
};

/// Newest first. `filter` is about the runs, `filter.since` and `filter.until` about their starts.
std::vector<SubjectAction> fetch_subject_actions(const Database& database,
                                                 std::string_view subject,
                                                 const RunFilter& filter);

}  // namespace caretaker
