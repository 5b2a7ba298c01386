// SPDX-License-Identifier: Apache-2.0
// What a job hands back to the runner. A job never prints, stores or sends anything itself.
#pragma once

#include "common/base/action_list.hpp"
#include "common/base/exit_code.hpp"
#include "common/base/table.hpp"

#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace caretaker {

/// How a run ended; the words are stored, shown and sent.
enum class Outcome {
    ok,
    partial,
    findings,
    failed,
    skipped,
    interrupted,
    timeout,
    braked,
    lost,
};

std::string_view to_string(Outcome outcome);

/// A dimension of a metric or of a series, e.g. {"group", "billing"}.
struct Label {
    std::string key{};
    std::string value{};

    friend auto operator<=>(const Label&, const Label&) = default;
};

enum class MetricKind { counter, gauge, timer };

std::string_view to_string(MetricKind kind);

/// A number about this run. Its StatsD name is <prefix>.<job>.<target>.<key>.<value>….<name>, the
/// labels in their order; a name may hold dots, which separate segments.
struct Metric {
    std::string name{};
    MetricKind kind = MetricKind::gauge;
    double value = 0;
    std::string unit{};  // "ms", "bytes" or empty for a plain count
    std::vector<Label> labels{};
};

/// One point of a series that is kept longer than the run's own metrics, e.g. a group's lag.
struct Sample {
    std::string series{};  // e.g. "lag"
    std::vector<Label> labels{};
    double value = 0;
};

enum class Severity { info = 1, low = 2, warn = 3, high = 4, critical = 5 };

inline constexpr std::array all_severities{
    Severity::info, Severity::low, Severity::warn, Severity::high, Severity::critical};

std::string_view to_string(Severity severity);

/// The severity of that word; none for any other.
std::optional<Severity> parse_severity(std::string_view word);

/// What a run learned about the platform and a person should know; what it could not do or learn is
/// a Problem. Its identity over runs is job, target, code and subject; all else may change.
struct Finding {
    std::string code{};     // stable word: "records_lost"
    std::string subject{};  // stable name of the thing: "group billing"
    std::string message{};
    Severity severity = Severity::info;
    std::vector<Label> data{};
};

/// How a finding stands after a run: `added` is shown as "new".
enum class FindingStatus { added, open, resolved };

/// "new", "open" or "resolved".
std::string_view to_string(FindingStatus status);

/// What was asked of the run and could not be done: it ends as `partial`. Never a Finding as well.
struct Problem {
    std::string code{};     // stable word: "group_forbidden"
    std::string message{};  // a whole sentence: names its subject, what happened, what to try
    std::string subject{};  // stable name of the thing: "group billing"
    bool denied = false;    // for lack of rights, so that it will be the same next time
};

struct Report {
    /// What the job knows about its end. `ok` is made `partial` by the runner where there are
    /// problems, and a refusal (exit 10) where nothing but denied ones came out of the run.
    Outcome outcome = Outcome::ok;
    std::string summary{};  // one line without a full stop: "6 groups, 42 partitions, lag 1204"
    Table table{};          // the result
    std::vector<Table> details{};  // further tables, shown below
    /// A document of its own form (a schema, a script), printed as it is in every output format but
    /// none; the tables are then not shown.
    std::string document{};
    /// The arguments of a command that the program is to go on with, in the place of this one
    /// (`again`); nothing is shown of this report then.
    std::optional<std::vector<std::string>> next_command{};
    /// What a monitoring plugin says, where it is not what follows from the exit code; only of
    /// commands with JobInfo::takes_nagios.
    std::optional<NagiosState> nagios{};
    std::vector<Finding> findings{};
    /// Whether this run looked at the thing that a finding of an earlier run is about. What was not
    /// looked at, e.g. because of a filter, stays open; without the function all was looked at.
    std::function<bool(const Finding&)> looked_at{};
    ActionList actions{};
    std::vector<Metric> metrics{};
    std::vector<Sample> samples{};
    std::vector<Problem> problems{};
    std::int64_t items_seen = 0;  // those that failed, too
    std::int64_t items_failed = 0;
};

}  // namespace caretaker
