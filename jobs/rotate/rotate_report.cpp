// SPDX-License-Identifier: Apache-2.0
#include "jobs/rotate/rotate_report.hpp"

#include "common/base/table_columns.hpp"
#include "common/text/bytes.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <memory>
#include <utility>

namespace caretaker {

namespace {

Table make_result_table() {
    return {.columns = {text_column("action", "ACTION"),
                        text_column("type", "TYPE"),
                        text_column("subject", "SUBJECT"),
                        text_column("state", "STATE"),
                        number_column("size", "SIZE"),
                        text_column("reason", "REASON"),
                        machine_column("file"),
                        machine_column("uuid"),
                        machine_column("error"),
                        machine_column("bytes")}};
}

/// For people; programs read the bytes beside it.
Cell size_cell(std::optional<std::int64_t> bytes) {
    return bytes ? Cell(format_bytes(static_cast<std::uint64_t>(std::max<std::int64_t>(*bytes, 0))))
                 : Cell();
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
        case StepState::done_before:
            return "done before";
        case StepState::not_run:
            break;
    }
    return "not run";
}

/// "delete_index" in words: what was done, or would be.
std::string_view done_word(std::string_view kind) {
    constexpr std::array<std::pair<std::string_view, std::string_view>, 18> words{{
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
        {"restore_index", "restored"},
        {"shrink", "shrunk"},
        {"reindex", "reindexed into"},
        {"cold2frozen", "froze"},
    }};
    for (const auto& [name, word] : words) {
        if (name == kind) {
            return word;
        }
    }
    return kind;
}

/// What the rows are made of; kept until they have been shown, which may be after the run's task.
struct RowFacts {
    struct Step {
        std::string id{};
        std::string type{};
        std::string file{};
        std::string state{};  // empty: planned
        std::string note{};
        std::vector<std::size_t> actions{};
    };

    std::vector<Step> steps{};
    std::vector<SparedIndex> spared{};
    ActionList actions{};
};

/// The rows of one step.
class RowMaker {
 public:
    RowMaker(const RowFacts& facts, const RowVisitor& visit) : facts_(facts), visit_(visit) {}

    void make() {
        for (std::size_t i = 0; i < facts_.steps.size(); ++i) {
            make_step(i);
        }
    }

 private:
    void make_step(std::size_t number) {
        const RowFacts::Step& step = facts_.steps[number];
        for (const std::size_t index : step.actions) {
            const Action action = facts_.actions[index];
            visit_(std::vector<Cell>{step.id,
                                     action.kind,
                                     action.subject,
                                     std::string(to_string(action.state)),
                                     size_cell(action.bytes),
                                     action.reason,
                                     step.file,
                                     non_empty(action.identity),
                                     non_empty(action.error),
                                     known(action.bytes)});
        }
        for (const SparedIndex& spared : facts_.spared) {
            if (spared.step == number) {
                make_row(step,
                         spared.name,
                         spared.failed ? word_for(StepState::impossible) : "spared",
                         spared.reason);
            }
        }
        if (!step.state.empty()) {
            make_row(step, {}, step.state, step.note);
        }
    }

    void make_row(const RowFacts::Step& step,
                  std::string_view subject,
                  std::string_view state,
                  const std::string& reason) {
        visit_(std::vector<Cell>{step.id,
                                 step.type,
                                 non_empty(subject),
                                 std::string(state),
                                 Cell(),
                                 reason,
                                 step.file,
                                 Cell(),
                                 Cell(),
                                 Cell()});
    }

    const RowFacts& facts_;
    const RowVisitor& visit_;
};

class Reporter {
 public:
    Reporter(const RotateResult& result, const ActionList& actions)
        : result_(result), actions_(actions), report_{.table = make_result_table()} {}

    Report make() {
        failed_ = std::ranges::count(result_.spared, true, &SparedIndex::failed);
        for (std::size_t i = 0; i < result_.steps.size(); ++i) {
            add_step(i);
        }
        for (const std::string& trouble : result_.troubles) {
            report_.problems.push_back({.code = "wait", .message = trouble});
        }
        report_.items_seen = static_cast<std::int64_t>(result_.indices_seen);
        report_.items_failed = actions_.count(ActionState::failed) + failed_;
        report_.summary = summarise();
        report_.metrics.push_back(
            {.name = "indices", .value = static_cast<double>(result_.indices_seen)});
        report_.metrics.push_back({.name = "spared",
                                   .value = static_cast<double>(std::ranges::count(
                                       result_.spared, false, &SparedIndex::failed))});
        add_rows();
        return std::move(report_);
    }

 private:
    void add_step(std::size_t number) {
        const RotateStep& step = result_.steps[number];
        rows_->steps.push_back({.id = step.spec->id,
                                .type = std::string(to_string(step.spec->type)),
                                .file = step.spec->file,
                                .state = step.state == StepState::planned
                                             ? std::string()
                                             : std::string(word_for(step.state)),
                                .note = step.note,
                                .actions = step.actions});
        add_problem(step, number);
    }

    /// The rows of a rotation of a hundred thousand indices are too many to be held.
    void add_rows() {
        const bool any = !result_.spared.empty() || !actions_.empty() ||
                         std::ranges::any_of(rows_->steps, [](const RowFacts::Step& step) {
                             return !step.state.empty();
                         });
        if (!any) {
            return;
        }
        rows_->spared.assign(result_.spared.begin(), result_.spared.end());
        rows_->actions = actions_;
        report_.table.row_source = [rows = rows_](const RowVisitor& visit) {
            RowMaker(*rows, visit).make();
        };
    }

    /// Of a step, with how many there are.
    [[nodiscard]] std::string first_failure(std::size_t number) const {
        std::string text;
        std::size_t more = 0;
        for (const SparedIndex& spared : result_.spared) {
            if (spared.step != number || !spared.failed) {
                continue;
            }
            if (text.empty()) {
                text = fmt::format("{}: {}", spared.name, spared.reason);
            } else {
                ++more;
            }
        }
        return more == 0 ? text : fmt::format("{}; and {} more", text, more);
    }

    void add_problem(const RotateStep& step, std::size_t number) {
        const std::string name =
            fmt::format("action {} ({})", step.spec->id, to_string(step.spec->type));
        const bool nothing_done = actions_.count(ActionState::done) == 0;
        if (step.state == StepState::impossible) {
            report_.problems.push_back(
                {.code = "action_impossible", .message = step.note, .subject = name});
            if (nothing_done) {
                report_.outcome = Outcome::failed;
            }
        } else if (step.has_failed) {
            report_.problems.push_back(
                {.code = "index_impossible",
                 .message = fmt::format("it cannot be done to some of its indices: {}",
                                        first_failure(number)),
                 .subject = name});
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
        std::int64_t failed = failed_;
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
        const auto spared = std::ranges::count(result_.spared, false, &SparedIndex::failed);
        if (spared > 0) {
            text += fmt::format(", spared {}", spared);
        }
        text += fmt::format(
            "; {} {} seen", result_.indices_seen, result_.indices_seen == 1 ? "index" : "indices");
        return text;
    }

    const RotateResult& result_;
    const ActionList& actions_;
    Report report_;
    std::shared_ptr<RowFacts> rows_ = std::make_shared<RowFacts>();
    std::int64_t failed_ = 0;  // indices to which an action cannot be done
};

}  // namespace

Report report_rotation(const RotateResult& result, const ActionList& actions) {
    return Reporter(result, actions).make();
}

}  // namespace caretaker
