// SPDX-License-Identifier: Apache-2.0
#include "jobs/rotate/rotate_report.hpp"

#include "common/text/bytes.hpp"
#include "jobs/rotate/rotation_rows.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <memory>
#include <utility>

namespace caretaker {

namespace {

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

/// The same behind "would have".
std::string_view would_word(std::string_view kind) {
    return kind == "snapshot"      ? "taken snapshots"
           : kind == "cold2frozen" ? "frozen"
                                   : done_word(kind);
}

class Reporter {
 public:
    Reporter(const RotateResult& result, const ActionList& actions)
        : result_(result), actions_(actions), report_{.table = make_rotation_table()} {}

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
                                             : std::string(state_word(step.state)),
                                .note = step.note,
                                .actions = step.actions});
        add_problem(step, number);
    }

    /// The rows of a rotation of a hundred thousand indices are too many to be held.
    void add_rows() {
        const bool any = !result_.spared.empty() || !actions_.empty() ||
                         std::ranges::any_of(rows_->steps, [](const RotationRows::Step& step) {
                             return !step.state.empty();
                         });
        if (!any) {
            return;
        }
        rows_->spared.assign(result_.spared.begin(), result_.spared.end());
        rows_->actions = actions_;
        report_.table.row_source = [rows = rows_](const RowVisitor& visit) {
            visit_rows(*rows, visit);
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
                const bool would = state == ActionState::would;
                const std::string_view kind = actions_.kind(i);
                const auto key = std::pair(would, would ? would_word(kind) : done_word(kind));
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
        if (!result_.troubles.empty()) {
            text += "; " + result_.troubles.front();
        }
        text += fmt::format(
            "; {} {} seen", result_.indices_seen, result_.indices_seen == 1 ? "index" : "indices");
        return text;
    }

    const RotateResult& result_;
    const ActionList& actions_;
    Report report_;
    std::shared_ptr<RotationRows> rows_ = std::make_shared<RotationRows>();
    std::int64_t failed_ = 0;  // indices to which an action cannot be done
};

}  // namespace

Report report_rotation(const RotateResult& result, const ActionList& actions) {
    return Reporter(result, actions).make();
}

}  // namespace caretaker
