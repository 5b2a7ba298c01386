// SPDX-License-Identifier: Apache-2.0
// Keeps the store small: takes away what is old, and gives the space back to the file system.
#pragma once

#include "common/store/retention.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace caretaker {

class Database;

/// Of `meta`: when the store was pruned last, and before when it is not due again.
inline constexpr std::string_view last_prune_key = "pruned_ms";
inline constexpr std::string_view prune_due_key = "prune_due_ms";

struct PruneRequest {
    Retention retention{};
    WallTime now{};
    /// Asked between transactions, of which each takes milliseconds; never when empty.
    std::function<bool()> enough{};
    bool dry_run = false;                      // counts only, at level 0
    bool always = false;                       // also when it was done within the last day
    std::optional<std::uint64_t> max_bytes{};  // of the file, instead of StoreOptions::max_bytes
};

struct PruneCount {
    std::string name{};  // "runs", "samples of 60 s", …
    std::int64_t rows = 0;
};

struct PruneResult {
    std::vector<PruneCount> counts{};  // every step in its order, also those without rows
    int level = 0;                     // see plan_prune(); above 0: the file was nearly full
    bool finished = true;              // false when `enough` cut it short
    bool nearly_full = false;          // still, after all
    std::uint64_t bytes_before = 0;    // of the file
    std::uint64_t bytes_after = 0;
};

/// How much of the file is in use.
struct PageUse {
    std::uint64_t page_size = 0;
    std::uint64_t pages = 0;
    std::uint64_t free_pages = 0;  // inside the file

    [[nodiscard]] std::uint64_t file_bytes() const { return page_size * pages; }

    [[nodiscard]] std::uint64_t used_bytes() const { return page_size * (pages - free_pages); }
};

PageUse fetch_page_use(const Database& database);

/// One pruning of one store. The caller keeps other processes away (pruning_lock).
class StorePruner {
 public:
    /// `limit` is the largest size of the file in bytes. `database` outlives this.
    StorePruner(Database& database, std::uint64_t limit) : database_(database), limit_(limit) {}

    /// Whether as long as it should has passed since the last time. A clock that went back counts.
    [[nodiscard]] bool is_due(WallTime now) const;

    /// Old rows go in short transactions, so that other writers wait for milliseconds at most. A
    /// file in use for more than nine tenths of its limit is pruned harder, level by level.
    PruneResult prune(const PruneRequest& request);

 private:
    bool do_level(const PruneRequest& request, PruneResult& result);
    bool give_back_pages(const std::function<bool()>& enough);
    [[nodiscard]] bool nearly_full() const;

    Database& database_;
    std::uint64_t limit_;
};

}  // namespace caretaker
