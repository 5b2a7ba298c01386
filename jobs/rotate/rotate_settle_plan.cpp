// SPDX-License-Identifier: Apache-2.0
// The planner's look at what earlier runs left open, and at what they had done when they were
// stopped.
#include "jobs/rotate/action_traits.hpp"
#include "jobs/rotate/rotate_plan.hpp"

#include <algorithm>
#include <utility>

namespace caretaker {

namespace {

bool is_of(const UnsettledAction& action, ActionType type) {
    return action.kind == action_kind(type);
}

/// Whether doing it once more does it twice.
bool repeats(ActionType type) {
    switch (type) {
        case ActionType::reindex:
        case ActionType::restore:
        case ActionType::rollover:
        case ActionType::shrink:
        case ActionType::snapshot:
            return true;
        default:
            return false;
    }
}

}  // namespace

/// The marked one, else the only one.
const IndexFacts* RotatePlanner::find_write_index(std::string_view alias) const {
    const IndexFacts* only = nullptr;
    std::size_t members = 0;
    for (const IndexFacts& index : indices()) {
        const AliasOfIndex* member = index.find_alias(alias);
        if (member == nullptr) {
            continue;
        }
        if (member->is_write_index.value_or(false)) {
            return &index;
        }
        only = &index;
        ++members;
    }
    return members == 1 ? only : nullptr;
}

/// Nothing where that cannot be seen.
std::optional<bool> RotatePlanner::look_whether_done(const UnsettledAction& action,
                                                     std::span<const SnapshotLook> looks) const {
    const IndexFacts* found = lists_.find(action.subject);
    const bool is_there = found != nullptr && found->uuid == action.identity;
    if (is_of(action, ActionType::delete_indices)) {
        return !is_there;
    }
    if (is_of(action, ActionType::close) || is_of(action, ActionType::open)) {
        return is_there ? std::optional(found->is_open == is_of(action, ActionType::open))
                        : std::nullopt;
    }
    if (is_of(action, ActionType::shrink) || is_of(action, ActionType::cold2frozen)) {
        return !is_there;  // the source goes last
    }
    if (is_of(action, ActionType::create_index)) {
        return found != nullptr;
    }
    if (action.kind == restore_kind) {
        return found != nullptr && found->is_open;  // it may have been over a closed one
    }
    if (is_of(action, ActionType::reindex)) {
        return false;  // whether all documents have come is not to be seen
    }
    if (is_of(action, ActionType::rollover)) {
        const IndexFacts* written = find_write_index(action.subject);
        return written == nullptr ? std::nullopt : std::optional(written->uuid != action.identity);
    }
    if (action.kind == add_alias_kind || action.kind == remove_alias_kind) {
        if (!is_there || action.run != stopped_run_.uid) {
            return std::nullopt;  // which alias it was about is not known
        }
        return (found->find_alias(stopped_run_.name) != nullptr) == (action.kind == add_alias_kind);
    }
    const auto look = std::ranges::find(looks, action.subject, &SnapshotLook::subject);
    if (look == looks.end()) {
        return std::nullopt;
    }
    if (is_of(action, ActionType::delete_snapshots)) {
        return look->state.empty() || look->uuid != action.identity;
    }
    return look->state == "IN_PROGRESS" ? std::nullopt : std::optional(look->state == "SUCCESS");
}

std::vector<SettledAction> RotatePlanner::settle(std::span<const UnsettledAction> unsettled,
                                                 std::span<const SnapshotLook> looks) {
    std::vector<SettledAction> settled;
    for (const UnsettledAction& action : unsettled) {
        const std::string key = stopped_action_key(action.kind, action.subject);
        const auto done = look_whether_done(action, looks);
        const bool is_running_snapshot =
            is_of(action, ActionType::snapshot) && std::ranges::any_of(looks, [&](const auto& one) {
                return one.subject == action.subject && one.state == "IN_PROGRESS";
            });
        if (done) {
            settled.push_back({.id = action.id, .done = *done});
        }
        if (done.value_or(false)) {
            if (action.run == stopped_run_.uid) {
                stopped_run_.done.insert(key);
            }
        } else if (is_running_snapshot || (done && (is_of(action, ActionType::shrink) ||
                                                    is_of(action, ActionType::cold2frozen) ||
                                                    is_of(action, ActionType::reindex)))) {
            unfinished_.insert(key);
        }
    }
    return settled;
}

bool RotatePlanner::is_unfinished(const ActionSpec& spec, std::string_view subject) const {
    return unfinished_.contains(stopped_action_key(action_kind(spec.type), subject));
}

bool RotatePlanner::is_done_before(ActionType type) const {
    return repeats(type) && stopped_run_.is_recent && stopped_run_.has_finished(steps_.size());
}

/// Whether a stopped run did that action of the step; it is then noted there.
bool RotatePlanner::skip_done_before(RotateStep& step, std::string_view subject) {
    const std::string_view kind = action_kind(step.spec->type);
    if (!stopped_run_.is_recent || !stopped_run_.has_done(steps_.size(), kind, subject)) {
        return false;
    }
    step.done_before.push_back(stopped_action_key(kind, subject));
    return true;
}

void RotatePlanner::end_done_before(RotateStep& step) {
    step.state = StepState::done_before;
    step.note = "an earlier run, which was stopped behind it, has done it";
}

}  // namespace caretaker
