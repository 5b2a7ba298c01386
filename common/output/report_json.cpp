// SPDX-License-Identifier: Apache-2.0
#include "common/output/report_json.hpp"

#include "common/output/json_writer.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <span>
#include <utility>

namespace caretaker {

namespace {

void write_text_or_null(JsonWriter& out, std::string_view key, const std::string& text) {
    out.key(key);
    if (text.empty()) {
        out.null();
    } else {
        out.value(text);
    }
}

void write_identity(JsonWriter& out, const RunInfo& info) {
    out.member("id", info.uid);
    out.member("job", info.job);
    out.member("target", info.target);
    out.member("trigger", info.trigger);
    write_text_or_null(out, "trigger_ref", info.trigger_ref);
    out.member("attempt", info.attempt);
    out.member("started_at", info.started_at);
}

void write_end(JsonWriter& out, const FinishedRun& run) {
    out.member("ended_at", run.ended_at);
    out.member("duration_ms", static_cast<std::int64_t>(run.duration.count()));
    out.member("outcome", to_string(run.outcome));
    out.member("exit_code", static_cast<int>(run.exit_code));
}

void write_origin(JsonWriter& out, const RunInfo& info) {
    out.member("dry_run", info.dry_run);
    out.member("host", info.host);
    out.member("version", info.version);
}

std::int64_t count_status(const FinishedRun& run, FindingStatus status) {
    return std::ranges::count(run.findings, status, &FindingState::status);
}

void write_summary(JsonWriter& out, const FinishedRun& run) {
    const std::int64_t fresh = count_status(run, FindingStatus::added);
    out.begin_object();
    out.member("text", run.report.summary);
    out.member("items_seen", run.report.items_seen);
    out.member("items_failed", run.report.items_failed);
    out.member("findings_total", fresh + count_status(run, FindingStatus::open));
    out.member("findings_new", fresh);
    out.member("findings_resolved", count_status(run, FindingStatus::resolved));
    out.member("actions_done", run.report.actions.count(ActionState::done));
    out.member("actions_failed", run.report.actions.count(ActionState::failed));
    out.member("actions_would", run.report.actions.count(ActionState::would));
    out.end_object();
}

void write_metric(JsonWriter& out, const Metric& metric) {
    out.begin_object();
    out.member("name", metric.name);
    out.member("kind", to_string(metric.kind));
    out.member("value", metric.value);
    out.member("unit", metric.unit);
    out.member("labels", metric.labels);
    out.end_object();
}

void write_finding_fields(JsonWriter& out, const FindingState& state) {
    out.member("id", state.id);
    out.member("code", state.finding.code);
    out.member("severity", to_string(state.finding.severity));
    out.member("subject", state.finding.subject);
    out.member("message", state.finding.message);
    out.member("status", to_string(state.status));
    out.member("first_seen_at", state.first_seen_at);
    out.member("data", state.finding.data);
}

void write_action_fields(JsonWriter& out, const Action& action, std::int64_t seq) {
    out.member("seq", seq);
    out.member("kind", action.kind);
    out.member("subject", action.subject);
    out.member("state", to_string(action.state));
    out.member("reason", action.reason);
    out.member("bytes", action.bytes ? Cell{*action.bytes} : Cell{});
    write_text_or_null(out, "error", action.error);
    const auto write_time = [&](std::string_view key, std::optional<WallTime> time) {
        out.key(key);
        time ? out.value(*time) : out.null();
    };
    const bool has_begun = action.started_at != WallTime{};  // unlike what is planned or held back
    write_time("started_at", has_begun ? std::optional(action.started_at) : std::nullopt);
    write_time("ended_at", action.ended_at);
}

void write_problem_fields(JsonWriter& out, const Problem& problem) {
    out.member("code", problem.code);
    out.member("message", problem.message);
    write_text_or_null(out, "subject", problem.subject);
}

void write_row(JsonWriter& out, const Table& table, std::span<const Cell> row) {
    out.begin_object();
    for (std::size_t i = 0; i < table.columns.size(); ++i) {
        out.member(table.columns[i].key, row[i]);
    }
    out.end_object();
}

template <typename Items, typename Write>
void write_list(JsonWriter& out, std::string_view key, const Items& items, Write write) {
    out.key(key);
    out.begin_array();
    for (const auto& item : items) {
        write(item);
    }
    out.end_array();
}

void write_rows(JsonWriter& out, const Table& table, TextOut& text) {
    out.key("rows");
    out.begin_array();
    table.for_each_row([&](std::span<const Cell> row) {
        write_row(out, table, row);
        out.move_to(text);
    });
    out.end_array();
}

template <typename Fields>
void write_event(JsonWriter& out, std::string_view type, Fields fields) {
    out.begin_object();
    out.member("type", type);
    fields();
    out.end_object();
    out.end_line();
}

}  // namespace

void write_json(const FinishedRun& run, TextOut& text) {
    JsonWriter out;
    out.begin_object();
    out.member("schema", envelope_schema);

    out.key("run");
    out.begin_object();
    write_identity(out, run.info);
    write_end(out, run);
    write_origin(out, run.info);
    out.end_object();

    out.key("summary");
    write_summary(out, run);

    const Report& report = run.report;
    write_list(
        out, "metrics", report.metrics, [&](const Metric& metric) { write_metric(out, metric); });
    write_list(out, "findings", run.findings, [&](const FindingState& state) {
        out.begin_object();
        write_finding_fields(out, state);
        out.end_object();
    });
    std::int64_t seq = 0;
    write_list(out, "actions", report.actions, [&](const Action& action) {
        out.begin_object();
        write_action_fields(out, action, ++seq);
        out.end_object();
    });
    write_list(out, "errors", report.problems, [&](const Problem& problem) {
        out.begin_object();
        write_problem_fields(out, problem);
        out.end_object();
    });
    write_rows(out, report.table, text);
    if (!report.details.empty()) {
        write_list(out, "details", report.details, [&](const Table& table) {
            out.begin_object();
            out.member("title", table.title);
            write_rows(out, table, text);
            out.end_object();
        });
    }
    out.end_object();
    out.end_line();
    out.move_to(text);
}

std::string render_json(const FinishedRun& run) {
    return collect_text([&](TextOut& text) { write_json(run, text); });
}

void write_jsonl(const FinishedRun& run, TextOut& text) {
    JsonWriter out;
    write_event(out, "run_start", [&] {
        out.member("schema", envelope_schema);
        write_identity(out, run.info);
        write_origin(out, run.info);
    });
    run.report.table.for_each_row([&](std::span<const Cell> row) {
        write_event(out, "row", [&] {
            out.key("row");
            write_row(out, run.report.table, row);
        });
        out.move_to(text);
    });
    for (const Table& table : run.report.details) {
        table.for_each_row([&](std::span<const Cell> row) {
            write_event(out, "detail", [&] {
                out.member("title", table.title);
                out.key("row");
                write_row(out, table, row);
            });
            out.move_to(text);
        });
    }
    for (const FindingState& state : run.findings) {
        write_event(out, "finding", [&] { write_finding_fields(out, state); });
    }
    std::int64_t seq = 0;
    for (const Action action : run.report.actions) {
        write_event(out, "action", [&] { write_action_fields(out, action, ++seq); });
    }
    for (const Problem& problem : run.report.problems) {
        write_event(out, "error", [&] { write_problem_fields(out, problem); });
    }
    write_event(out, "run_end", [&] {
        out.member("id", run.info.uid);
        write_end(out, run);
        out.key("summary");
        write_summary(out, run);
        write_list(out, "metrics", run.report.metrics, [&](const Metric& metric) {
            write_metric(out, metric);
        });
    });
    out.move_to(text);
}

std::string render_jsonl(const FinishedRun& run) {
    return collect_text([&](TextOut& text) { write_jsonl(run, text); });
}

namespace {

constexpr std::int64_t most_parts = 500;  // of a kind

/// Documents of one run, all with the same origin.
class DocumentMaker {
 public:
    explicit DocumentMaker(const FinishedRun& run) : run_(run) {}

    template <typename Fields>
    void add(std::string_view type, std::int64_t number, Fields fields) {
        if (number > most_parts) {
            return;
        }
        JsonWriter out;
        out.begin_object();
        out.member("@timestamp", run_.ended_at);
        out.member("type", type);
        out.member("run", run_.info.uid);
        out.member("job", run_.info.job);
        out.member("target", run_.info.target);
        out.member("host", run_.info.host);
        fields(out);
        out.end_object();
        documents_.push_back({.id = number == 0
                                        ? fmt::format("{}-{}", run_.info.uid, type)
                                        : fmt::format("{}-{}-{}", run_.info.uid, type, number),
                              .body = std::string(out.text())});
    }

    std::vector<RunDocument> take() { return std::move(documents_); }

 private:
    const FinishedRun& run_;
    std::vector<RunDocument> documents_{};
};

}  // namespace

std::vector<RunDocument> make_run_documents(const FinishedRun& run) {
    DocumentMaker maker(run);
    std::int64_t number = 0;
    for (const FindingState& state : run.findings) {
        if (state.status != FindingStatus::open) {
            maker.add(
                "finding", ++number, [&](JsonWriter& out) { write_finding_fields(out, state); });
        }
    }
    number = 0;
    for (const Action action : run.report.actions) {
        ++number;
        maker.add(
            "action", number, [&](JsonWriter& out) { write_action_fields(out, action, number); });
    }
    number = 0;
    for (const Sample& sample : run.report.samples) {
        maker.add("sample", ++number, [&](JsonWriter& out) {
            out.member("series", sample.series);
            out.member("labels", sample.labels);
            out.member("value", sample.value);
        });
    }
    maker.add("run_end", 0, [&](JsonWriter& out) {
        write_end(out, run);
        out.member("trigger", run.info.trigger);
        out.member("version", run.info.version);
        out.key("summary");
        write_summary(out, run);
    });
    return maker.take();
}

std::string render_json_error(ExitCode exit_code, std::string_view code, std::string_view message) {
    JsonWriter out;
    write_event(out, "error", [&] {
        out.member("schema", envelope_schema);
        out.member("exit_code", static_cast<int>(exit_code));
        out.member("code", code);
        out.member("message", message);
    });
    return std::string(out.text());
}

std::string render_jsonl_error(ExitCode exit_code,
                               std::string_view code,
                               std::string_view message) {
    JsonWriter out;
    write_event(out, "error", [&] {
        out.member("code", code);
        out.member("message", message);
    });
    write_event(out, "run_end", [&] {
        out.member("exit_code", static_cast<int>(exit_code));
        out.member("outcome", to_string(Outcome::failed));
    });
    return std::string(out.text());
}

}  // namespace caretaker
