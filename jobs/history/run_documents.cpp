// SPDX-License-Identifier: Apache-2.0
#include "jobs/history/run_documents.hpp"

#include "common/output/json_writer.hpp"
#include "common/text/timestamp.hpp"

#include <algorithm>
#include <array>
#include <functional>
#include <optional>

namespace caretaker {

namespace {

std::string text_of(JsonView object, std::string_view name) {
    const auto value = object.find(name);
    return value && value->is_text() ? std::string(value->text()) : std::string();
}

std::optional<std::int64_t> number_of(JsonView object, std::string_view name) {
    const auto value = object.find(name);
    return value && value->is_number() ? std::optional(value->integer()) : std::nullopt;
}

std::optional<WallTime> time_of(JsonView object, std::string_view name) {
    return parse_rfc3339(text_of(object, name));
}

/// A condition on an analysed text: its words one after the other.
void write_phrase(JsonWriter& out, std::string_view field, std::string_view text) {
    if (text.empty()) {
        return;
    }
    out.begin_object();
    out.key("match_phrase");
    out.begin_object();
    out.member(field, text);
    out.end_object();
    out.end_object();
}

std::string format_question(const SearchPage& page,
                            const std::function<void(JsonWriter&)>& write_conditions) {
    JsonWriter out;
    out.begin_object();
    out.member("from", static_cast<std::int64_t>(page.from));
    out.member("size", static_cast<std::int64_t>(page.size));
    out.key("sort");
    out.begin_array();
    out.begin_object();
    out.key("@timestamp");
    out.begin_object();
    out.member("order", "desc");
    out.member("unmapped_type", "date");
    out.end_object();
    out.end_object();
    out.end_array();
    out.key("query");
    out.begin_object();
    out.key("bool");
    out.begin_object();
    out.key("must");
    out.begin_array();
    write_conditions(out);
    out.end_array();
    out.end_object();
    out.end_object();
    out.end_object();
    return std::string(out.text());
}

RunRow read_run(JsonView document) {
    RunRow run{.uid = text_of(document, "run"),
               .job = text_of(document, "job"),
               .target = text_of(document, "target"),
               .ended_at = time_of(document, "ended_at"),
               .outcome = text_of(document, "outcome"),
               .trigger = text_of(document, "trigger"),
               .host = text_of(document, "host"),
               .version = text_of(document, "version")};
    if (const auto duration = number_of(document, "duration_ms")) {
        run.duration = std::chrono::milliseconds(*duration);
    }
    if (const auto code = number_of(document, "exit_code")) {
        run.exit_code = static_cast<int>(*code);
    }
    run.started_at =
        run.ended_at.value_or(WallTime()) - run.duration.value_or(std::chrono::milliseconds());
    const auto summary = document.find("summary");
    if (summary && summary->is_object()) {
        const auto count = [&](std::string_view name) {
            return number_of(*summary, name).value_or(0);
        };
        run.summary = text_of(*summary, "text");
        run.items_seen = count("items_seen");
        run.items_failed = count("items_failed");
        run.findings_total = count("findings_total");
        run.findings_new = count("findings_new");
        run.findings_resolved = count("findings_resolved");
        run.actions_done = count("actions_done");
        run.actions_failed = count("actions_failed");
        run.actions_would = count("actions_would");
    }
    return run;
}

StoredFinding read_finding(JsonView document) {
    StoredFinding stored{.id = number_of(document, "id").value_or(0),
                         .first_seen = time_of(document, "first_seen_at").value_or(WallTime())};
    stored.finding = {
        .code = text_of(document, "code"),
        .subject = text_of(document, "subject"),
        .message = text_of(document, "message"),
        .severity = parse_severity(text_of(document, "severity")).value_or(Severity::info)};
    for (const FindingStatus status :
         {FindingStatus::added, FindingStatus::open, FindingStatus::resolved}) {
        if (text_of(document, "status") == to_string(status)) {
            stored.status = status;
        }
    }
    return stored;
}

ActionRow read_action(JsonView document) {
    return {.seq = number_of(document, "seq").value_or(0),
            .kind = text_of(document, "kind"),
            .subject = text_of(document, "subject"),
            .state = text_of(document, "state"),
            .reason = text_of(document, "reason"),
            .bytes = number_of(document, "bytes"),
            .error = text_of(document, "error"),
            .started_at = time_of(document, "started_at").value_or(WallTime()),
            .ended_at = time_of(document, "ended_at")};
}

void for_each_document(JsonView answer,
                       std::string_view type,
                       const std::function<void(JsonView)>& use) {
    for (const JsonView& hit : answer.at("hits").at("hits").elements()) {
        const JsonView document = hit.at("_source");
        if (text_of(document, "type") == type) {
            use(document);
        }
    }
}

bool is_failed(std::string_view outcome) {
    constexpr std::array<std::string_view, 3> fine{"ok", "skipped", "running"};
    return std::ranges::find(fine, outcome) == fine.end();
}

}  // namespace

std::string format_runs_question(const RunFilter& filter, const SearchPage& page) {
    return format_question(page, [&](JsonWriter& out) {
        write_phrase(out, "type", "run_end");
        write_phrase(out, "job", filter.job);
        write_phrase(out, "target", filter.target);
        write_phrase(out, "outcome", filter.outcome);
        write_phrase(out, "trigger", filter.trigger);
        write_phrase(out, "host", filter.host);
        if (filter.since) {  // what started since then ended since then
            out.begin_object();
            out.key("range");
            out.begin_object();
            out.key("@timestamp");
            out.begin_object();
            out.member("gte", *filter.since);
            out.end_object();
            out.end_object();
            out.end_object();
        }
    });
}

std::string format_parts_question(std::string_view type,
                                  const RunRow& run,
                                  const SearchPage& page) {
    return format_question(page, [&](JsonWriter& out) {
        write_phrase(out, "type", type);
        write_phrase(out, "run", run.uid);
    });
}

std::vector<RunRow> read_runs(JsonView answer) {
    std::vector<RunRow> runs;
    for_each_document(
        answer, "run_end", [&](JsonView document) { runs.push_back(read_run(document)); });
    return runs;
}

std::vector<StoredFinding> read_findings(JsonView answer, const RunRow& run) {
    std::vector<StoredFinding> findings;
    for_each_document(answer, "finding", [&](JsonView document) {
        if (text_of(document, "run") == run.uid) {
            findings.push_back(read_finding(document));
        }
    });
    std::ranges::stable_sort(findings, {}, &StoredFinding::id);
    return findings;
}

std::vector<ActionRow> read_actions(JsonView answer, const RunRow& run) {
    std::vector<ActionRow> actions;
    for_each_document(answer, "action", [&](JsonView document) {
        if (text_of(document, "run") == run.uid) {
            actions.push_back(read_action(document));
        }
    });
    std::ranges::stable_sort(actions, {}, &ActionRow::seq);
    return actions;
}

bool fits(const RunFilter& filter, const RunRow& run) {
    const auto is = [](const std::string& wanted, const std::string& value) {
        return wanted.empty() || wanted == value;
    };
    return is(filter.job, run.job) && is(filter.target, run.target) &&
           is(filter.outcome, run.outcome) && is(filter.trigger, run.trigger) &&
           is(filter.host, run.host) && (!filter.failed || is_failed(run.outcome)) &&
           (!filter.since || run.started_at >= *filter.since) &&
           (!filter.until || run.started_at < *filter.until);
}

}  // namespace caretaker
