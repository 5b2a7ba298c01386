// SPDX-License-Identifier: Apache-2.0
#include "common/store/run_conditions.hpp"

#include "common/store/database.hpp"
#include "common/store/time_columns.hpp"

namespace caretaker {

namespace {

// As the partial index runs_bad has it, which SQLite uses only where it sees the same words.
constexpr std::string_view is_bad = "r.outcome NOT IN ('ok','skipped','running')";

/// Whether runs that ended so are in that index; a value that is bound does not tell SQLite.
bool is_bad_outcome(std::string_view outcome) {
    return !outcome.empty() && outcome != "ok" && outcome != "skipped" && outcome != "running";
}

}  // namespace

RunConditions::RunConditions(const RunFilter& filter) : filter_(filter) {
    const auto add = [this](bool wanted, std::string_view condition) {
        if (wanted) {
            text_ += text_.empty() ? "" : " AND ";
            text_ += condition;
        }
    };
    add(!filter.job.empty(), "r.job = ?");
    add(!filter.target.empty(), "r.target = ?");
    add(!filter.outcome.empty(), "r.outcome = ?");
    add(!filter.trigger.empty(), "r.trigger = ?");
    add(!filter.host.empty(), "r.host = ?");
    add(filter.since.has_value(), "r.started_ms >= ?");
    add(filter.until.has_value(), "r.started_ms < ?");
    add(filter.failed || is_bad_outcome(filter.outcome), is_bad);
}

std::string RunConditions::text(std::string_view before) const {
    return text_.empty() ? std::string() : std::string(before) + text_;
}

void RunConditions::bind(Statement& statement, int& index) const {
    for (const std::string* text :
         {&filter_.job, &filter_.target, &filter_.outcome, &filter_.trigger, &filter_.host}) {
        if (!text->empty()) {
            statement.bind(++index, std::string_view(*text));
        }
    }
    for (const std::optional<WallTime>* time : {&filter_.since, &filter_.until}) {
        if (*time) {
            statement.bind(++index, to_milliseconds(**time));
        }
    }
}

}  // namespace caretaker
