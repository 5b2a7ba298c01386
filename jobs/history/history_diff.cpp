// SPDX-License-Identifier: Apache-2.0
#include "jobs/history/history_diff.hpp"

#include "common/base/table_columns.hpp"
#include "common/text/duration.hpp"

#include <iterator>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace caretaker {

namespace {

class DiffTable {
 public:
    DiffTable() {
        table_.columns = {text_column("part", "PART"),
                          text_column("name", "NAME"),
                          text_column("subject", "SUBJECT"),
                          text_column("a", "A"),
                          text_column("b", "B"),
                          text_column("change", "CHANGE")};
    }

    /// A value of the runs themselves.
    void add(std::string name, Cell a, Cell b) {
        if (a != b) {
            table_.rows.push_back({"run", std::move(name), Cell(), std::move(a), std::move(b), {}});
        }
    }

    void add_number(std::string name, std::int64_t a, std::int64_t b) {
        if (a != b) {
            table_.rows.push_back({"run", std::move(name), Cell(), a, b, b - a});
        }
    }

    void add_row(std::vector<Cell> row) { table_.rows.push_back(std::move(row)); }

    Table take() { return std::move(table_); }

 private:
    Table table_;
};

Cell duration_cell(const RunRow& run) {
    return run.duration ? Cell(format_duration(*run.duration)) : Cell();
}

Cell code_cell(const RunRow& run) {
    return run.exit_code ? Cell(std::int64_t{*run.exit_code}) : Cell();
}

void add_runs(DiffTable& table, const RunRow& a, const RunRow& b) {
    table.add("job", a.job, b.job);
    table.add("target", non_empty(a.target), non_empty(b.target));
    table.add("outcome", a.outcome, b.outcome);
    table.add("exit code", code_cell(a), code_cell(b));
    table.add("dry run", a.dry_run, b.dry_run);
    table.add("took", duration_cell(a), duration_cell(b));
    table.add("summary", non_empty(a.summary), non_empty(b.summary));
    table.add("error code", non_empty(a.error_code), non_empty(b.error_code));
    table.add("error", non_empty(a.error), non_empty(b.error));
    table.add("trigger", a.trigger, b.trigger);
    table.add("host", a.host, b.host);
    table.add("version", a.version, b.version);
    table.add("arguments", a.argv, b.argv);
    table.add("settings hash", a.config_hash, b.config_hash);
    table.add_number("items", a.items_seen, b.items_seen);
    table.add_number("items failed", a.items_failed, b.items_failed);
    table.add_number("freed bytes", a.bytes_freed, b.bytes_freed);
    table.add_number("metrics dropped", a.metrics_dropped, b.metrics_dropped);
}

/// Goes through the keys of both maps in their order.
template <typename Key, typename Value, typename Visit>
void visit_both(const std::map<Key, Value>& a, const std::map<Key, Value>& b, Visit visit) {
    auto left = a.begin();
    auto right = b.begin();
    while (left != a.end() || right != b.end()) {
        const bool in_a = left != a.end() && (right == b.end() || left->first <= right->first);
        const bool in_b = right != b.end() && (left == a.end() || right->first <= left->first);
        visit(in_a ? left->first : right->first,
              in_a ? &left->second : nullptr,
              in_b ? &right->second : nullptr);
        left = in_a ? std::next(left) : left;
        right = in_b ? std::next(right) : right;
    }
}

using NamePair = std::pair<std::string, std::string>;

std::map<NamePair, double> metrics_of(const RunDetails& run) {
    std::map<NamePair, double> metrics;
    for (const MetricRow& metric : run.metrics) {
        metrics.emplace(NamePair(metric.name, metric.label), metric.value);
    }
    return metrics;
}

void add_metrics(DiffTable& table, const RunDetails& a, const RunDetails& b) {
    visit_both(metrics_of(a),
               metrics_of(b),
               [&](const NamePair& name, const double* left, const double* right) {
                   if (left != nullptr && right != nullptr && *left == *right) {
                       return;
                   }
                   const bool both = left != nullptr && right != nullptr;
                   table.add_row({"metric",
                                  name.first,
                                  non_empty(name.second),
                                  left != nullptr ? Cell(*left) : Cell(),
                                  right != nullptr ? Cell(*right) : Cell(),
                                  both ? Cell(*right - *left) : Cell()});
               });
}

std::string_view describe_presence(bool in_a, bool in_b) {
    if (in_a && in_b) {
        return "changed";
    }
    return in_a ? "only in a" : "only in b";
}

/// Words that stand for the same things in two runs: a severity, a state.
using Words = std::map<NamePair, std::string>;

void add_words(DiffTable& table, const char* part, const Words& a, const Words& b) {
    visit_both(a, b, [&](const NamePair& name, const std::string* left, const std::string* right) {
        if (left != nullptr && right != nullptr && *left == *right) {
            return;
        }
        table.add_row({part,
                       name.first,
                       name.second,
                       left != nullptr ? Cell(*left) : Cell(),
                       right != nullptr ? Cell(*right) : Cell(),
                       std::string(describe_presence(left != nullptr, right != nullptr))});
    });
}

/// Those that were open when the run ended.
Words findings_of(const RunDetails& run) {
    Words words;
    for (const StoredFinding& stored : run.findings) {
        if (stored.status != FindingStatus::resolved) {
            words.emplace(NamePair(stored.finding.code, stored.finding.subject),
                          to_string(stored.finding.severity));
        }
    }
    return words;
}

Words actions_of(const RunDetails& run) {
    Words words;
    for (const ActionRow& action : run.actions) {
        words.insert_or_assign(NamePair(action.kind, action.subject), action.state);
    }
    return words;
}

}  // namespace

Table format_run_diff(const RunDetails& a, const RunDetails& b) {
    DiffTable table;
    add_runs(table, a.run, b.run);
    add_metrics(table, a, b);
    add_words(table, "finding", findings_of(a), findings_of(b));
    add_words(table, "action", actions_of(a), actions_of(b));
    return table.take();
}

}  // namespace caretaker
