// SPDX-License-Identifier: Apache-2.0
#include "common/store/store_pruner.hpp"

#include "common/store/database.hpp"
#include "common/store/meta_values.hpp"
#include "common/store/prune_steps.hpp"
#include "common/store/time_columns.hpp"

namespace caretaker {

namespace {

void add_rows(std::vector<PruneCount>& counts, const std::string& name, std::int64_t rows) {
    for (PruneCount& count : counts) {
        if (count.name == name) {
            count.rows += rows;
            return;
        }
    }
    counts.push_back({.name = name, .rows = rows});
}

bool asks_to_stop(const std::function<bool()>& enough) {
    return enough && enough();
}

}  // namespace

PageUse fetch_page_use(const Database& database) {
    const auto number = [&](std::string_view pragma) {
        return static_cast<std::uint64_t>(database.integer(pragma));
    };
    return {.page_size = number("PRAGMA page_size"),
            .pages = number("PRAGMA page_count"),
            .free_pages = number("PRAGMA freelist_count")};
}

bool StorePruner::is_due(WallTime now) const {
    const auto due = fetch_meta_integer(database_, prune_due_key);
    // No date lies further ahead than a day, unless the clock was wrong when it was set.
    return !due || to_wall_time(*due) <= now || to_wall_time(*due) > now + std::chrono::hours(24);
}

PruneResult StorePruner::prune(const PruneRequest& request) {
    PruneResult result{.bytes_before = fetch_page_use(database_).file_bytes()};
    result.bytes_after = result.bytes_before;
    if (request.dry_run) {
        for (const PruneStep& step :
             make_prune_steps(database_, plan_prune(request.retention, request.now, 0))) {
            add_rows(result.counts, step.name, step.count());
        }
        result.nearly_full = nearly_full();
        return result;
    }
    result.finished = do_level(request, result);
    while (result.finished && nearly_full() && result.level < hardest_prune) {
        ++result.level;
        result.finished = do_level(request, result);
    }
    result.finished = give_back_pages(request.enough) && result.finished;
    result.nearly_full = nearly_full();
    if (result.finished) {
        database_.execute("PRAGMA analysis_limit = 400; PRAGMA optimize");
    }
    database_.write("noting the pruning of the store", [&] {
        const WallTime next = plan_next_prune(request.now, result.finished, result.nearly_full);
        save_meta_integer(database_, prune_due_key, to_milliseconds(next));
        save_meta_integer(database_, last_prune_key, to_milliseconds(request.now));
    });
    result.bytes_after = fetch_page_use(database_).file_bytes();
    return result;
}

/// False when it was cut short.
bool StorePruner::do_level(const PruneRequest& request, PruneResult& result) {
    const PrunePlan plan = plan_prune(request.retention, request.now, result.level);
    for (const PruneStep& step : make_prune_steps(database_, plan)) {
        PruneBatch batch;
        while (!batch.done) {
            if (asks_to_stop(request.enough)) {
                return false;
            }
            batch = step.do_batch();
            add_rows(result.counts, step.name, batch.rows);
        }
    }
    return true;
}

/// The statement frees one page a step. False when it was cut short.
bool StorePruner::give_back_pages(const std::function<bool()>& enough) {
    std::uint64_t free = fetch_page_use(database_).free_pages;
    while (free > 0) {
        if (asks_to_stop(enough)) {
            return false;
        }
        database_.prepare("PRAGMA incremental_vacuum(2000)").run();
        const std::uint64_t left = fetch_page_use(database_).free_pages;
        if (left >= free) {
            break;  // a file that cannot shrink: it was made without auto_vacuum
        }
        free = left;
    }
    return true;
}

bool StorePruner::nearly_full() const {
    return is_nearly_full(fetch_page_use(database_).used_bytes(), limit_);
}

}  // namespace caretaker
