// SPDX-License-Identifier: Apache-2.0
// The job `lag`: its options, and its forms.
#include "jobs/lag/lag_job.hpp"

#include "common/base/context.hpp"
#include "common/base/error.hpp"
#include "common/config/select_target.hpp"
#include "common/kafka/bootstrap_servers.hpp"
#include "common/kafka/kafka_properties.hpp"
#include "common/kafka/rdkafka_client.hpp"
#include "common/options/command_options.hpp"
#include "common/store/job_memory.hpp"
#include "common/store/store.hpp"
#include "common/text/name_pattern.hpp"
#include "jobs/lag/lag_connection.hpp"
#include "jobs/lag/lag_explain.hpp"
#include "jobs/lag/lag_judge_form.hpp"
#include "jobs/lag/lag_rule_settings.hpp"
#include "jobs/lag/lag_run.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace caretaker {

namespace {

constexpr JobInfo info{
    .name = "lag",
    .summary = "Measure how far Kafka consumer groups are behind",
    .description =
        "Reads the committed offsets of consumer groups and the start and end of the logs they "
        "read, and shows the difference: the lag. Nothing is joined, committed or changed. Needs "
        "Describe on the groups and topics, and Describe on the cluster to see all groups.",
    .examples =
        "  caretaker lag --target prod\n"
        "      one line per group, worst first\n"
        "  caretaker lag --target all\n"
        "      the clusters of all targets, one after the other, with one result\n"
        "  caretaker lag --bootstrap-server kafka-1:9092 --group billing --by partition\n"
        "      each partition of one group, without a configuration file\n"
        "  caretaker lag --topic 'logs-*' --exclude-group '/^console-consumer-/' --by topic\n"
        "      some topics, without the groups of people's consoles\n"
        "  caretaker lag --status ERR --status WARN --min-lag 1000\n"
        "      only what is not well, and behind by a thousand records or more\n"
        "  caretaker lag --by member --group billing\n"
        "      who is in a group, and how much each member owns\n"
        "  caretaker lag --bootstrap-server kafka-1:9094 --properties client.properties\n"
        "      a cluster with TLS or passwords\n"
        "  caretaker lag --sla 1m,5m,15m,1h\n"
        "      how many partitions of each group are later than that, from the first run on\n"
        "  caretaker lag judge < cases.jsonl\n"
        "      what the verdict would be, without a cluster\n"
        "  caretaker lag explain billing logs-app:3\n"
        "      why the last run judged a partition as it did",
    .kind = JobKind::check,
    .timeout = std::chrono::minutes(5),
};

struct Options {
    LagFilters filters{};
    LagViewOptions shown{};
    std::vector<std::string> statuses{};
    LagMetricOptions metrics{};
    std::string sla{};
    std::vector<std::string> exact{};
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

constexpr const char* properties_help =
    "List the properties of the Kafka client\n\n"
    "Shows every property that -X, --properties and the configuration take, with its range, "
    "default "
    "and meaning, as the library in use (librdkafka) describes it. Asks no cluster.";

std::string read_view(const std::string& word, LagView& view) {
    constexpr std::array<std::pair<std::string_view, LagView>, 5> views{
        {{"group", LagView::group},
         {"topic", LagView::topic},
         {"partition", LagView::partition},
         {"member", LagView::member},
         {"state", LagView::state}}};
    const auto* const known =
        std::ranges::find(views, word, &std::pair<std::string_view, LagView>::first);
    if (known == views.end()) {
        return fmt::format("'{}' is not a view; write group, topic, partition, member or state",
                           word);
    }
    view = known->second;
    return {};
}

constexpr std::string_view filter_group =
    "Filters (repeatable; a PATTERN is a name, a glob or /regex/)";
constexpr std::string_view row_group =
    "Rows (what is not shown is measured and judged all the same)";
constexpr std::string_view time_group = "Lag in time";

void add_patterns(CommandOptions& command,
                  std::string_view name,
                  std::vector<std::string>& patterns,
                  std::string_view help) {
    command.add(name,
                patterns,
                help,
                {.type = "PATTERN", .group = filter_group, .check = [](const std::string& text) {
                     return NamePattern::parse(text).error;
                 }});
}

/// Throws UsageError, which says more than a part of a sentence could.
std::string check_property(const std::string& text) {
    parse_kafka_property(text);
    return {};
}

std::string check_partition(const std::string& text) {
    return parse_named_partition(text)
               ? std::string()
               : fmt::format("'{}' is no partition; write TOPIC:PARTITION", text);
}

std::string check_status(const std::string& word) {
    return StatusSet().add(word)
               ? std::string()
               : fmt::format("'{}' is no status; write one of {}", word, StatusSet::words());
}

std::string check_records(const std::string& text) {
    constexpr std::size_t longest = 18;  // digits that surely fit 64 bits
    const bool good = !text.empty() && text.size() <= longest &&
                      text.find_first_not_of("0123456789") == std::string::npos;
    return good ? std::string() : fmt::format("'{}' is no number of records; write 1000", text);
}

std::vector<NamedPartition> parse_partitions(const std::vector<std::string>& texts) {
    constexpr std::size_t most = 20;
    if (texts.size() > most) {
        throw UsageError(fmt::format(
            "--exact: {} partitions are too many; write at most {}, for each costs a fetch, or use "
            "--sla",
            texts.size(),
            most));
    }
    std::vector<NamedPartition> partitions;
    for (const std::string& text : texts) {
        partitions.push_back(parse_named_partition(text).value());
    }
    return partitions;
}

class LagJob final : public Job {
 public:
    void describe(CommandOptions& command) override {
        describe_filters(command);
        describe_rows(command);
        command.add("--sla",
                    options_.sla,
                    "Count the partitions that are later than these times, exactly, by the "
                    "brokers' timestamps: 1m,5m,15m,1h",
                    {.type = "TIMES", .group = time_group});
        command.add("--exact",
                    options_.exact,
                    "Read the time of the record that each group reads next there; needs Read on "
                    "the topic; repeatable",
                    {.type = "TOPIC:PARTITION", .group = time_group, .check = check_partition});
        command.add_flag("--per-topic",
                         options_.metrics.topics,
                         "Send gauges of each topic in each group to StatsD, too",
                         {.group = "Metrics"});
        command.add_flag("--per-partition",
                         options_.metrics.partitions,
                         "Send gauges of each partition to StatsD, too",
                         {.group = "Metrics"});
        describe_connection(command);

        judge_ = command.add_form("judge", judge_help);
        properties_ = command.add_form("properties", properties_help);
        explain_ = command.add_form("explain", explain_help);
        explain_.add("group",
                     explained_group_,
                     "The group, by its name",
                     {.type = "GROUP", .required = true});
        explain_.add("partition",
                     explained_partition_,
                     "One of its partitions",
                     {.type = "TOPIC:PARTITION", .check = check_partition});
    }

    [[nodiscard]] JobKind kind_of_form(JobKind announced) const override {
        return stands_alone() || explain_.is_given() ? JobKind::inspect : announced;
    }

    [[nodiscard]] bool stands_alone() const override {
        return judge_.is_given() || properties_.is_given();
    }

    [[nodiscard]] std::optional<NagiosState> plugin_state(const Report& /*report*/) const override {
        return plugin_state_;
    }

    [[nodiscard]] bool concerns(const Settings& settings,
                                const std::string& target) const override {
        return names_kafka_cluster(settings, target, options_.connection);
    }

    void configure(const Settings& settings, const std::string& target) override {
        if (stands_alone()) {
            return;
        }
        plugin_state_.reset();
        rules_ = load_lag_rules(settings);
        if (explain_.is_given()) {
            explained_target_ = select_target(target, settings);
            return;
        }
        const LagFilters& filters = options_.filters;
        request_ = {
            .connection = load_kafka_options(settings, target, options_.connection),
            .selection = std::make_shared<const LagSelection>(filters),
            .all_groups =
                filters.groups.empty() && filters.excluded_groups.empty() && filters.states.empty(),
            .rules = rules_,
            .shown = shown(),
            .metrics = options_.metrics,
            .sla = options_.sla.empty() ? std::vector<SlaLimit>() : parse_sla_limits(options_.sla),
            .exact = parse_partitions(options_.exact)};
    }

    Report run(Context& context) override {
        if (judge_.is_given()) {
            return judge_lines(context.input, context.log, context.write_result);
        }
        if (properties_.is_given()) {
            return {.document = kafka_property_table()};
        }
        if (explain_.is_given()) {
            return explain(context);
        }
        LagResult result = run_lag(request_, context);
        plugin_state_ = result.plugin_state;
        return std::move(result.report);
    }

 private:
    void describe_filters(CommandOptions& command) {
        LagFilters& filters = options_.filters;
        add_patterns(command, "--group", filters.groups, "Only these groups");
        add_patterns(command, "--exclude-group", filters.excluded_groups, "Not these groups");
        add_patterns(command,
                     "--topic",
                     filters.topics,
                     "Only these topics; those named __* need a pattern that begins with __");
        add_patterns(command, "--exclude-topic", filters.excluded_topics, "Not these topics");
        command.add("--state",
                    filters.states,
                    "Only groups in this state, as Kafka names it",
                    {.type = "STATE", .group = filter_group});
    }

    void describe_rows(CommandOptions& command) {
        command.add_reader(
            "--by",
            [this](const std::string& word) { return read_view(word, options_.shown.view); },
            "One row per group (default), topic, partition or member, or the groups' states",
            {.type = "group|topic|partition|member|state", .group = row_group});
        command.add("--status",
                    options_.statuses,
                    "Only what has this status; a group also by one of its partitions; repeatable",
                    {.type = "STATUS", .group = row_group, .check = check_status});
        command.add("--min-lag",
                    options_.shown.filter.min_lag,
                    "Only what is at least so many records behind",
                    {.type = "RECORDS", .group = row_group, .check = check_records});
    }

    void describe_connection(CommandOptions& command) {
        const std::string_view connection = "Connection (over what the target's settings say)";
        command.add(
            "--bootstrap-server",
            options_.connection.bootstrap_servers,
            "Kafka brokers",
            {.type = "HOST:PORT,...", .group = connection, .check = bootstrap_servers_problem});
        command.add("--properties",
                    options_.connection.properties_file,
                    "Client properties, key=value a line; the place for passwords",
                    {.type = "FILE", .group = connection});
        command.add("-X",
                    options_.connection.properties,
                    "One client property; repeatable",
                    {.type = "KEY=VALUE", .group = connection, .check = check_property});
    }

    [[nodiscard]] LagViewOptions shown() const {
        LagViewOptions view = options_.shown;
        for (const std::string& word : options_.statuses) {
            view.filter.statuses.add(word);
        }
        return view;
    }

    [[nodiscard]] Report explain(const Context& context) const {
        if (context.store == nullptr) {
            throw UsageError("explaining a verdict: there are no runs yet, so there is none");
        }
        JobMemory memory = context.store->memory(info.name, explained_target_);
        return explain_lag(
            memory, explained_group_, parse_named_partition(explained_partition_), rules_);
    }

    Options options_;
    CommandOptions judge_{};
    CommandOptions properties_{};
    CommandOptions explain_{};
    std::string explained_group_;
    std::string explained_partition_;
    std::string explained_target_;
    LagRuleSet rules_;
    LagRequest request_;
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
