// SPDX-License-Identifier: Apache-2.0
// Holds: jobs that must not run for a while.
#pragma once

#include "common/base/clock.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace caretaker {

class Database;

struct Hold {
    std::string scope{};  // a job, or "all"
    WallTime until{};
    std::string reason{};
    std::string by{};  // who set it: user@host
    WallTime created_at{};
};

inline constexpr std::string_view hold_of_all = "all";

/// The holds of a store. Each change is one transaction and leaves an event, so that a gap in the
/// runs explains itself later. Throws StoreError.
class HoldTable {
 public:
    /// `database` outlives this.
    explicit HoldTable(Database& database) : database_(database) {}

    /// Sets the hold of its scope, or replaces it.
    void set(const Hold& hold);

    /// False when nothing was held there, or not any more.
    bool remove(std::string_view scope, std::string_view by, WallTime now);

    /// The hold that keeps `job` from running at `now`: its own, else that of all.
    [[nodiscard]] std::optional<Hold> find(std::string_view job, WallTime now) const;

    /// Those that hold at `now`, by scope.
    [[nodiscard]] std::vector<Hold> list(WallTime now) const;

 private:
    Database& database_;
};

}  // namespace caretaker
