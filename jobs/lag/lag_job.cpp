// SPDX-License-Identifier: Apache-2.0
// The job `lag`: its options, and a run in three steps: gather, measure, report.
#include "jobs/lag/lag_job.hpp"

#include "common/base/context.hpp"
#include "common/base/error.hpp"
#include "common/base/log.hpp"
#include "common/config/select_target.hpp"
#include "common/kafka/kafka_properties.hpp"
#include "common/options/command_options.hpp"
#include "common/store/job_memory.hpp"
#include "common/store/store.hpp"
#include "common/text/name_pattern.hpp"
#include "common/text/number.hpp"
#include "jobs/lag/lag_connection.hpp"
#include "jobs/lag/lag_explain.hpp"
#include "jobs/lag/lag_gather.hpp"
#include "jobs/lag/lag_history.hpp"
#include "jobs/lag/lag_judge_form.hpp"
#include "jobs/lag/lag_model.hpp"
#include "jobs/lag/lag_report.hpp"
#include "jobs/lag/lag_rule_settings.hpp"
#include "jobs/lag/lag_selection.hpp"
#include "jobs/lag/lag_verdict.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace caretaker {

namespace {

constexpr JobInfo info{
    .name = "lag",
    .summary = "Measure how far Kafka consumer groups are behind",
    .description =
        "Reads the committed offsets of consumer groups and the start and end of the logs they "
        "read, and shows the difference: the lag. Nothing is consumed, joined or changed. Needs "
        "Describe on the groups and topics, and Describe on the cluster to see all groups.",
    .examples =
        "  caretaker lag --target prod\n"
        "      one line per group, largest lag first\n"
        "  caretaker lag --bootstrap-server kafka-1:9092 --group billing --by partition\n"
        "      each partition of one group, without a configuration file\n"
        "  caretaker lag --topic 'logs-*' --exclude-group '/^console-consumer-/' --by topic\n"
        "      some topics, without the groups of people's consoles\n"
        "  caretaker lag --bootstrap-server kafka-1:9094 --properties client.properties\n"
        "      a cluster with TLS or passwords\n"
        "  caretaker lag judge < cases.jsonl\n"
        "      what the verdict would be, without a cluster\n"
        "  caretaker lag explain billing logs-app:3\n"
        "      why the last run judged a partition as it did",
    .kind = JobKind::check,
    .timeout = std::chrono::minutes(5),
};

struct Options {
    LagFilters filters{};
    LagView view = LagView::group;
    LagConnectionFlags connection{};
};

constexpr const char* judge_help =
    "Judge commits that are given on standard input\n\n"
    "Reads one JSON document a line and answers each with a line, without a cluster or a store: "
    "for "
    "trying thresholds on saved commits, and for asking why a verdict is what it is.\n\n"
    "A case: {\"id\": \"a\", \"points\": [[OFFSET, COMMIT_MS, LAG or null], ...], \"ends\": "
    "[OFFSET, "
    "...], \"lag\": N, \"now_ms\": N, \"allowed_lag\": 0, \"min_silence_s\": 0, \"min_points\": 1, "
    "\"live_owner\": false}. Points go from the oldest to the newest; ends are recent ends of the "
    "log in any order; what has a value here may be left out.\n\n"
    "An answer: {\"id\": \"a\", \"status\": \"STOP\", \"rules\": {...}}, where the status is OK, "
    "WARN, "
    "STOP, STALL or REWIND and each rule stands for itself. A wrong line gets no answer but an "
    "error "
    "with its number, and the exit code is 3 (1 if no line was right).";

constexpr const char* explain_help =
    "Tell why a group got its verdict\n\n"
    "Shows what runs remember of the group, and the verdict of the last run about each partition. "
    "For one partition also the commits that were seen and each rule with its numbers. Asks the "
    "store alone.";

/// A run that could not read all it was asked for knows less than a warning.
NagiosState state_for_plugin(GroupStatus worst, bool partial) {
    switch (worst) {
        case GroupStatus::err:
            return NagiosState::critical;
        case GroupStatus::unknown:
        case GroupStatus::not_found:
            return NagiosState::unknown;
        case GroupStatus::warn:
            return partial ? NagiosState::unknown : NagiosState::warning;
        default:
            return partial ? NagiosState::unknown : NagiosState::ok;
    }
}

/// The groups about which this run has no verdict, so that what was found of them stands.
std::set<std::string> find_unjudged(const ClusterLag& lag, const HistoryOutcome& outcome) {
    std::set<std::string> groups;
    for (const GroupLag& group : lag.groups) {
        if (outcome.clock_went_back || group.verdict.status == GroupStatus::unknown) {
            groups.insert(group.group.name);
        }
    }
    return groups;
}

bool is_about(const Finding& finding, const std::set<std::string>& groups) {
    return std::ranges::any_of(finding.data, [&](const Label& label) {
        return label.key == "group" && groups.contains(label.value);
    });
}

Problem groups_vanished() {
    return {.code = "groups_vanished",
            .message =
                "the cluster lists no group, although runs of the last hour saw some; a "
                "broker that has just started lists none for some seconds: try again",
            .subject = "groups"};
}

std::string read_view(const std::string& word, LagView& view) {
    if (word == "group") {
        view = LagView::group;
    } else if (word == "topic") {
        view = LagView::topic;
    } else if (word == "partition") {
        view = LagView::partition;
    } else {
        return fmt::format("'{}' is not a view; write group, topic or partition", word);
    }
    return {};
}

void add_patterns(CommandOptions& command,
                  std::string_view name,
                  std::vector<std::string>& patterns,
                  std::string_view help) {
    command.add(name,
                patterns,
                help,
                {.type = "PATTERN",
                 .group = "Filters (a name, a glob or /regex/; repeatable)",
                 .check = [](const std::string& text) { return NamePattern::parse(text).error; }});
}

/// Throws UsageError, which says more than a part of a sentence could.
std::string check_property(const std::string& text) {
    parse_kafka_property(text);
    return {};
}

std::string check_explained_partition(const std::string& text) {
    return parse_explained_partition(text)
               ? std::string()
               : fmt::format("'{}' is no partition; write TOPIC:PARTITION", text);
}

class LagJob final : public Job {
 public:
    void describe(CommandOptions& command) override {
        LagFilters& filters = options_.filters;
        add_patterns(command, "--group", filters.groups, "Only these groups");
        add_patterns(command, "--exclude-group", filters.excluded_groups, "Not these groups");
        add_patterns(command,
                     "--topic",
                     filters.topics,
                     "Only these topics; those named __* need a pattern that begins with __");
        add_patterns(command, "--exclude-topic", filters.excluded_topics, "Not these topics");

        command.add_reader(
            "--by",
            [this](const std::string& word) { return read_view(word, options_.view); },
            "One row per group (default), topic or partition",
            {.type = "group|topic|partition", .group = "Rows"});

        const std::string_view connection = "Connection (over what the target's settings say)";
        command.add("--bootstrap-server",
                    options_.connection.bootstrap_servers,
                    "Kafka brokers",
                    {.type = "HOST:PORT,...", .group = connection});
        command.add("--properties",
                    options_.connection.properties_file,
                    "Client properties, key=value a line; the place for passwords",
                    {.type = "FILE", .group = connection});
        command.add("-X",
                    options_.connection.properties,
                    "One client property; repeatable",
                    {.type = "KEY=VALUE", .group = connection, .check = check_property});

        judge_ = command.add_form("judge", judge_help);
        explain_ = command.add_form("explain", explain_help);
        explain_.add("group",
                     explained_group_,
                     "The group, by its name",
                     {.type = "GROUP", .required = true});
        explain_.add("partition",
                     explained_partition_,
                     "One of its partitions",
                     {.type = "TOPIC:PARTITION", .check = check_explained_partition});
    }

    [[nodiscard]] JobKind kind_of_form(JobKind announced) const override {
        return judge_.is_given() || explain_.is_given() ? JobKind::inspect : announced;
    }

    [[nodiscard]] bool stands_alone() const override { return judge_.is_given(); }

    [[nodiscard]] std::optional<NagiosState> plugin_state(const Report& /*report*/) const override {
        return plugin_state_;
    }

    void configure(const Settings& settings, const std::string& target) override {
        if (judge_.is_given()) {
            return;
        }
        rules_ = load_lag_rules(settings);
        if (explain_.is_given()) {
            explained_target_ = select_target(target, settings);
            return;
        }
        selection_ = std::make_shared<const LagSelection>(options_.filters);
        connection_ = load_kafka_options(settings, target, options_.connection);
    }

    Report run(Context& context) override {
        if (judge_.is_given()) {
            return judge_lines(context.input, context.log);
        }
        if (explain_.is_given()) {
            return explain(context);
        }
        auto client = context.connect.kafka(connection_, context.stop);

        LagFacts facts = gather_lag(*client, *selection_);
        client.reset();  // it disconnects while the rest is done
        context.log.debug("read the cluster",
                          {{"brokers", std::to_string(facts.brokers.size())},
                           {"groups", std::to_string(facts.groups.size())},
                           {"partitions", std::to_string(facts.logs.partitions().size())}});
        ClusterLag lag = measure_lag(std::move(facts));
        const HistoryOutcome outcome = judge(lag, context);
        const GroupStatus worst = worst_status(lag.groups);
        std::set<std::string> unjudged = find_unjudged(lag, outcome);
        Report report = report_lag(std::move(lag), options_.view);
        const bool wants_all_groups =
            options_.filters.groups.empty() && options_.filters.excluded_groups.empty();
        if (outcome.groups_vanished && wants_all_groups) {
            report.problems.push_back(groups_vanished());
        }
        plugin_state_ = state_for_plugin(worst, !report.problems.empty());
        report.looked_at = [selection = selection_,
                            unjudged = std::move(unjudged)](const Finding& finding) {
            return selection->covers(finding) && !is_about(finding, unjudged);
        };
        return report;
    }

 private:
    [[nodiscard]] Report explain(const Context& context) const {
        if (context.store == nullptr) {
            throw UsageError("explaining a verdict: there are no runs yet, so there is none");
        }
        JobMemory memory = context.store->memory(info.name, explained_target_);
        return explain_lag(
            memory, explained_group_, parse_explained_partition(explained_partition_), rules_);
    }

    /// By the store, or without it where it is out of order.
    HistoryOutcome judge(ClusterLag& lag, Context& context) const {
        const WallTime now = context.clock.now();
        if (context.store == nullptr) {
            return judge_by_history(lag, nullptr, rules_, now);
        }
        // Caught because a measurement without verdicts is worth more than none.
        try {
            JobMemory memory = context.store->memory(context.run.job, context.run.target);
            const HistoryOutcome outcome = judge_by_history(lag, &memory, rules_, now);
            warn_of(outcome, context.log);
            return outcome;
        } catch (const StoreError& error) {
            context.log.warning(
                fmt::format("{}; groups are judged as if this was the first run", error.what()));
            return judge_by_history(lag, nullptr, rules_, now);
        }
    }

    static void warn_of(const HistoryOutcome& outcome, Log& log) {
        if (outcome.clock_went_back) {
            log.warning(
                "the clock is not later than at the last run; groups are not judged this time");
        }
        if (outcome.unreadable > 0) {
            log.warning(fmt::format(
                "{} of the entries that earlier runs kept cannot be read and {} begun anew",
                format_number(outcome.unreadable, true),
                outcome.unreadable == 1 ? "is" : "are"));
        }
    }

    Options options_;
    CommandOptions judge_{};
    CommandOptions explain_{};
    std::string explained_group_;
    std::string explained_partition_;
    std::string explained_target_;
    std::shared_ptr<const LagSelection> selection_;  // the report outlives the job
    KafkaOptions connection_;
    LagRuleSet rules_;
    std::optional<NagiosState> plugin_state_{};  // once something was measured
};

}  // namespace

std::unique_ptr<Job> make_lag_job() {
    return std::make_unique<LagJob>();
}

JobEntry lag_job_entry() {
    return {.info = info, .make = make_lag_job};
}

}  // namespace caretaker
