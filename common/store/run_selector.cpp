// SPDX-License-Identifier: Apache-2.0
#include "common/store/run_selector.hpp"

#include "common/base/error.hpp"
#include "common/base/run_info.hpp"
#include "common/store/database.hpp"
#include "common/store/run_queries.hpp"
#include "common/store/run_row.hpp"
#include "common/text/timestamp.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <vector>

namespace caretaker {

namespace {

constexpr std::size_t candidates_shown = 10;

bool is_id_part(std::string_view text) {
    return !text.empty() && std::ranges::all_of(text, [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F') ||
               c == '-';
    });
}

std::string to_lower(std::string_view hex) {
    std::string lower(hex);
    std::ranges::transform(lower, lower.begin(), [](char c) {
        return c >= 'A' && c <= 'F' ? static_cast<char>(c - 'A' + 'a') : c;
    });
    return lower;
}

[[noreturn]] void fail_ambiguous(std::string_view selector, std::span<const RunRow> runs) {
    std::string lines;
    for (std::size_t i = 0; i < std::min(runs.size(), candidates_shown); ++i) {
        const RunRow& run = runs[i];
        lines += fmt::format("\n  {}  {} {} {} {}",
                             run.uid,
                             format_rfc3339(run.started_at),
                             run.job,
                             run.target.empty() ? "-" : run.target,
                             run.outcome);
    }
    if (runs.size() > candidates_shown) {
        lines += "\n  …";
    }
    throw UsageError(fmt::format(
        "'{}' may mean several runs: give more of the id; they are{}", selector, lines));
}

std::optional<RunRow> select_by_id(const Database& database, std::string_view selector) {
    const std::string part = to_lower(selector);
    // One row past what is shown tells whether there are more. '~' comes after every digit of an
    // id.
    Statement find = database.prepare(fmt::format(
        "SELECT {} FROM runs WHERE id IN (SELECT id FROM runs WHERE uid >= ?1 AND uid < ?1 || '~' "
        "UNION SELECT id FROM runs WHERE substr(uid, -length(?1)) = ?1) ORDER BY id DESC LIMIT {}",
        run_columns(),
        candidates_shown + 1));
    find.with(part);
    std::vector<RunRow> runs;
    while (find.step()) {
        runs.push_back(read_run(find));
    }
    return choose_by_id(selector, runs);
}

}  // namespace

std::optional<RunFilter> parse_last(std::string_view selector, std::string_view target) {
    constexpr std::string_view last_of = "last:";
    constexpr std::string_view last_ok_of = "last-ok:";
    RunFilter filter{.target = std::string(target), .limit = 1};
    if (selector == "last") {
        return filter;
    }
    if (selector.starts_with(last_of) && selector.size() > last_of.size()) {
        filter.job = selector.substr(last_of.size());
        return filter;
    }
    if (selector.starts_with(last_ok_of) && selector.size() > last_ok_of.size()) {
        filter.job = selector.substr(last_ok_of.size());
        filter.outcome = "ok";
        return filter;
    }
    if (is_id_part(selector)) {
        return std::nullopt;
    }
    throw UsageError(fmt::format(
        "'{}' names no run; give the beginning or end of a run's id, last, last:JOB or last-ok:JOB",
        selector));
}

std::optional<RunRow> choose_by_id(std::string_view selector, std::span<const RunRow> runs) {
    const std::string part = to_lower(selector);
    std::vector<RunRow> meant;
    for (const RunRow& run : runs) {
        if (run.uid == part) {
            return run;
        }
        if (run.uid.starts_with(part) || run.uid.ends_with(part)) {
            meant.push_back(run);
        }
    }
    if (meant.size() > 1) {
        fail_ambiguous(selector, meant);
    }
    return meant.empty() ? std::nullopt : std::optional(meant.front());
}

std::optional<RunRow> select_run(const Database& database,
                                 std::string_view selector,
                                 std::string_view target) {
    const auto last = parse_last(selector, target);
    if (!last) {
        return select_by_id(database, selector);
    }
    const std::vector<RunRow> runs = fetch_runs(database, *last);
    return runs.empty() ? std::nullopt : std::optional(runs.front());
}

}  // namespace caretaker
