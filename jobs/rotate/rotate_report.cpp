// SPDX-License-Identifier: Apache-2.0
#include "jobs/rotate/rotate_report.hpp"

#include "common/base/table_columns.hpp"
#include "common/text/bytes.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <utility>

namespace caretaker {

namespace {

Table make_result_table() {
    return {.columns = {text_column("action", "ACTION"),
                        text_column("type", "TYPE"),
                        text_column("subject", "SUBJECT"),
                        text_column("state", "STATE"),
                        number_column("bytes", "BYTES"),
                        text_column("reason", "REASON"),
                        machine_column("file"),
                        machine_column("uuid"),
                        machine_column("error")}};
}

std::string_view word_for(StepState state) {
    switch (state) {
        case StepState::planned:
            return "planned";
        case StepState::nothing:
            return "nothing";
        case StepState::disabled:
            return "disabled";
        case StepState::empty:
        case StepState::stopped:
            return "empty";
        case StepState::impossible:
            return "failed";
        case StepState::not_run:
            break;
    }
    return "not run";
}

/// "delete_index" in words: what was done, or would be.
std::string_view done_word(std::string_view kind) {
    constexpr std::array<std::pair<std::string_view, std::string_view>, 14> words{{
        {"delete_index", "deleted"},
        {"delete_snapshot", "deleted snapshots"},
        {"close_index", "closed"},
        {"open_index", "opened"},
        {"add_alias", "added aliases"},
        {"remove_alias", "removed aliases"},
        {"rollover", "rolled over"},
        {"forcemerge", "merged"},
        {"create_index", "created"},
        {"set_replicas", "set replicas"},
        {"set_allocation", "set allocation"},
        {"set_settings", "set settings"},
        {"snapshot", "took snapshots"},
        {"cluster_routing", "set routing"},
    }};
    for (const auto& [name, word] : words) {
        if (name == kind) {
            return word;
        }
    }
    return kind;
}

class Reporter {
 public:
    Reporter(const RotateResult& result, const ActionList& actions)
        : result_(result), actions_(actions), report_{.table = make_result_table()} {}

    Report make() {
        for (std::size_t i = 0; i < result_.steps.size(); ++i) {
            add_step(i);
        }
        for (const std::string& trouble : result_.troubles) {
            report_.problems.push_back({.code = "wait", .message = trouble});
        }
        report_.items_seen = static_cast<std::int64_t>(result_.indices_seen);
        report_.items_failed = actions_.count(ActionState::failed);
        report_.summary = summarise();
        report_.metrics.push_back(
            {.name = "indices", .value = static_cast<double>(result_.indices_seen)});
        report_.metrics.push_back(
            {.name = "spared", .value = static_cast<double>(result_.spared.size())});
        return std::move(report_);
    }

 private:
    void add_step(std::size_t number) {
        const RotateStep& step = result_.steps[number];
        for (const std::size_t index : step.actions) {
            const Action action = actions_[index];
            report_.table.rows.push_back({step.spec->id,
                                          action.kind,
                                          action.subject,
                                          std::string(to_string(action.state)),
                                          known(action.bytes),
                                          action.reason,
                                          step.spec->file,
                                          non_empty(action.identity),
                                          non_empty(action.error)});
        }
        for (const SparedIndex& spared : result_.spared) {
            if (spared.step == number) {
                add_row(step, spared.name, "spared", spared.reason);
            }
        }
        if (step.state != StepState::planned) {
            add_row(step, {}, word_for(step.state), step.note);
        }
        add_problem(step);
    }

    void add_row(const RotateStep& step,
                 std::string_view subject,
                 std::string_view state,
                 const std::string& reason) {
        report_.table.rows.push_back({step.spec->id,
                                      std::string(to_string(step.spec->type)),
                                      non_empty(subject),
                                      std::string(state),
                                      Cell(),
                                      reason,
                                      step.spec->file,
                                      Cell(),
                                      Cell()});
    }

    void add_problem(const RotateStep& step) {
        const std::string name =
            fmt::format("action {} ({})", step.spec->id, to_string(step.spec->type));
        const bool nothing_done = actions_.count(ActionState::done) == 0;
        if (step.state == StepState::impossible) {
            report_.problems.push_back(
                {.code = "action_impossible", .message = step.note, .subject = name});
            if (nothing_done) {
                report_.outcome = Outcome::failed;
            }
        } else if (step.state == StepState::not_run) {
            report_.problems.push_back({.code = "action_not_run",
                                        .message = "it was not run: " + step.note,
                                        .subject = name});
        } else if (step.state == StepState::stopped && result_.as_curator) {
            report_.problems.push_back(
                {.code = "empty_list", .message = step.note, .subject = name});
            report_.outcome = Outcome::failed;
        }
    }

    [[nodiscard]] std::string summarise() const {
        std::map<std::pair<bool, std::string_view>, std::int64_t> counts;
        std::vector<std::pair<bool, std::string_view>> order;
        std::int64_t failed = 0;
        for (std::size_t i = 0; i < actions_.size(); ++i) {
            const ActionState state = actions_.state(i);
            if (state == ActionState::done || state == ActionState::would) {
                const auto key =
                    std::pair(state == ActionState::would, done_word(actions_.kind(i)));
                if (++counts[key] == 1) {
                    order.push_back(key);
                }
            } else if (state == ActionState::failed || state == ActionState::unknown) {
                ++failed;
            }
        }
        std::string text;
        for (const auto& key : order) {
            const bool would = key.first && text.empty();
            text += fmt::format("{}{}{} {}",
                                text.empty() ? "" : ", ",
                                would ? "would have " : "",
                                key.second,
                                counts[key]);
        }
        if (const auto freed = actions_.bytes_freed()) {
            text += fmt::format(
                ", freed {}",
                format_bytes(static_cast<std::uint64_t>(std::max<std::int64_t>(*freed, 0))));
        }
        if (failed > 0) {
            text += fmt::format("{}{} failed", text.empty() ? "" : ", ", failed);
        }
        if (text.empty()) {
            text = "nothing to do";
        }
        if (!result_.spared.empty()) {
            text += fmt::format(", spared {}", result_.spared.size());
        }
        text += fmt::format(
            "; {} {} seen", result_.indices_seen, result_.indices_seen == 1 ? "index" : "indices");
        return text;
    }

    const RotateResult& result_;
    const ActionList& actions_;
    Report report_;
};

}  // namespace

Report report_rotation(const RotateResult& result, const ActionList& actions) {
    return Reporter(result, actions).make();
}

}  // namespace caretaker
