// SPDX-License-Identifier: Apache-2.0
#include "common/kafka/commit_calls.hpp"

#include "common/kafka/leader_chunks.hpp"

#include <algorithm>
#include <chrono>
#include <set>

namespace caretaker {

namespace {

/// From this many partitions on a list is sent in parts: the library matches answers by linear
/// search.
constexpr std::size_t longest_whole_list = 500;
constexpr std::size_t parts_at_once = 64;
/// No further group is begun in parts while so many of its like are in flight: the library
/// remembers the coordinators of about ten groups, and looks for the others' at every call.
constexpr std::size_t parts_before_next_group = 8;
/// A call in flight for longer does not count as one at once: the groups of a dead broker must not
/// stand in the way of the others.
constexpr std::chrono::milliseconds stalled_after{300};

}  // namespace

CommitCalls::CommitCalls(std::span<const CommittedRequest> requests,
                         std::span<const PartitionRef> existing)
    : requests_(requests),
      existing_(existing),
      strategy_(existing.size()),
      groups_(requests.size()) {
    for (std::size_t request = 0; request < requests.size(); ++request) {
        groups_[request].coordinator = requests[request].coordinator;
    }
}

CommitCall* CommitCalls::take(SteadyTime now) {
    bool is_anything_due = false;
    for (auto waiting = waiting_.begin(); waiting != waiting_.end(); ++waiting) {
        CommitCall* call = *waiting;
        if (call->due > now) {
            continue;
        }
        is_anything_due = true;
        const bool is_another_try = call->sent != SteadyTime{};
        if (is_another_try || has_room(call->is_part, room_for_waiting(*call), now)) {
            waiting_.erase(waiting);
            return launch(call, now);
        }
    }
    return is_anything_due ? nullptr : begin_group(now);
}

CommitCall* CommitCalls::begin_group(SteadyTime now) {
    while (next_group_ < groups_.size() && groups_[next_group_].is_left_out) {
        ++next_group_;
    }
    if (next_group_ == groups_.size()) {
        return nullptr;
    }
    const CommittedRequest& request = requests_[next_group_];
    const bool is_listed = !request.partitions.empty();
    const bool in_parts = is_listed ? request.partitions.size() > longest_whole_list
                                    : strategy_.prefers_parts(request.owned);
    const std::size_t known_width = is_listed ? request.partitions.size() : request.owned;
    const std::size_t limit =
        in_parts ? parts_before_next_group : strategy_.whole_calls_at_once(known_width);
    if (!has_room(in_parts, limit, now)) {
        return nullptr;
    }
    groups_[next_group_].is_begun = true;
    std::span<const PartitionRef> partitions(request.partitions);
    if (in_parts) {
        // The others follow when this one has found the coordinator.
        partitions = list_of(next_group_).first(partitions_per_request);
    }
    return launch(add(next_group_++, partitions, in_parts), now);
}

void CommitCalls::heard_from_coordinator_of(std::size_t request, SteadyTime now) {
    heard_[groups_[request].coordinator] = now;
}

void CommitCalls::answered(CommitCall& call, std::size_t commits) {
    land(call);
    Group& group = groups_[call.request];
    group.commits += commits;
    const bool asked_for_all = requests_[call.request].partitions.empty();
    if (!call.is_part) {
        if (asked_for_all) {
            strategy_.learn(commits);
        }
        return;
    }
    add_other_parts(call);
    if (asked_for_all && group.calls_left == 0 && group.commits == 0 && !group.has_failed) {
        // Its commits may be on topics that are gone, and whether it has any tells if it exists.
        waiting_.push_back(add(call.request, {}, false));
    }
}

void CommitCalls::failed(CommitCall& call) {
    land(call);
    groups_[call.request].has_failed = true;
}

void CommitCalls::send_again(CommitCall& call, SteadyTime due) {
    std::erase(in_flight_, &call);
    call.due = due;
    waiting_.push_back(&call);
}

void CommitCalls::replace_overdue(SteadyTime now, SteadyTime::duration wait) {
    const auto is_overdue = [&](const CommitCall* call) {
        return !call->is_last_wait && silent_since(*call, call->sent) + wait <= now;
    };
    for (CommitCall* call : in_flight_) {
        if (is_overdue(call)) {
            call->is_abandoned = true;
            calls_.push_back(*call);
            CommitCall& again = calls_.back();
            again.is_abandoned = false;
            again.is_last_wait = true;
            again.due = now;
            waiting_.push_back(&again);
        }
    }
    std::erase_if(in_flight_, [](const CommitCall* call) { return call->is_abandoned; });
}

std::vector<std::size_t> CommitCalls::give_up_silent(SteadyTime now, SteadyTime::duration timeout) {
    std::set<std::int32_t> silent;
    for (const CommitCall* call : in_flight_) {
        if (silent_since(*call, call->first_sent) + timeout <= now) {
            silent.insert(groups_[call->request].coordinator);
        }
    }
    std::vector<std::size_t> given_up;
    if (silent.empty()) {
        return given_up;
    }
    for (std::size_t request = 0; request < groups_.size(); ++request) {
        Group& group = groups_[request];
        if (silent.contains(group.coordinator) && !is_complete(request)) {
            group.is_left_out = true;
            given_up.push_back(request);
        }
    }
    const auto is_of_no_use = [&](const CommitCall* call) {
        return groups_[call->request].is_left_out;
    };
    for (CommitCall* call : in_flight_) {
        call->is_abandoned = is_of_no_use(call);
    }
    std::erase_if(in_flight_, is_of_no_use);
    std::erase_if(waiting_, is_of_no_use);
    return given_up;
}

SteadyTime CommitCalls::next_overdue(SteadyTime::duration wait,
                                     SteadyTime::duration timeout) const {
    auto overdue = SteadyTime::max();
    for (const CommitCall* call : in_flight_) {
        overdue = std::min(overdue, silent_since(*call, call->first_sent) + timeout);
        if (!call->is_last_wait) {
            overdue = std::min(overdue, silent_since(*call, call->sent) + wait);
        }
    }
    return overdue;
}

/// Since when the call's coordinator said nothing, of what was `asked` then.
SteadyTime CommitCalls::silent_since(const CommitCall& call, SteadyTime asked) const {
    const auto heard = heard_.find(groups_[call.request].coordinator);
    return heard == heard_.end() ? asked : std::max(asked, heard->second);
}

SteadyTime CommitCalls::next_due(SteadyTime now) const {
    auto due = SteadyTime::max();
    if (next_group_ < groups_.size()) {
        due = now + stalled_after;
    }
    for (const CommitCall* call : waiting_) {
        due = std::min(due, call->due > now ? call->due : now + stalled_after);
    }
    return due;
}

bool CommitCalls::is_done() const {
    return in_flight_.empty() && waiting_.empty() &&
           std::all_of(groups_.begin() + static_cast<std::ptrdiff_t>(next_group_),
                       groups_.end(),
                       [](const Group& group) { return group.is_left_out; });
}

bool CommitCalls::is_complete(std::size_t request) const {
    const Group& group = groups_[request];
    return group.is_left_out || (group.is_begun && group.calls_left == 0);
}

CommitCall* CommitCalls::add(std::size_t request,
                             std::span<const PartitionRef> partitions,
                             bool is_part) {
    ++groups_[request].calls_left;
    return &calls_.emplace_back(
        CommitCall{.request = request, .partitions = partitions, .is_part = is_part});
}

CommitCall* CommitCalls::launch(CommitCall* call, SteadyTime now) {
    call->sent = now;
    if (call->first_sent == SteadyTime{}) {
        call->first_sent = now;
    }
    in_flight_.push_back(call);
    return call;
}

void CommitCalls::land(CommitCall& call) {
    std::erase(in_flight_, &call);
    --groups_[call.request].calls_left;
}

void CommitCalls::add_other_parts(const CommitCall& first) {
    const auto list = list_of(first.request);
    if (first.partitions.data() != list.data()) {
        return;  // this one is among the others
    }
    std::deque<CommitCall*> parts;
    for (std::size_t at = partitions_per_request; at < list.size(); at += partitions_per_request) {
        const auto size = std::min(partitions_per_request, list.size() - at);
        parts.push_back(add(first.request, list.subspan(at, size), true));
    }
    // First in the row, so that few groups are under way at a time.
    waiting_.insert(waiting_.begin(), parts.begin(), parts.end());
}

std::span<const PartitionRef> CommitCalls::list_of(std::size_t request) const {
    const auto& partitions = requests_[request].partitions;
    return partitions.empty() ? existing_ : std::span<const PartitionRef>(partitions);
}

std::size_t CommitCalls::room_for_waiting(const CommitCall& call) const {
    return call.is_part ? parts_at_once : strategy_.whole_calls_at_once(0);
}

bool CommitCalls::has_room(bool for_parts, std::size_t limit, SteadyTime now) const {
    const auto count = std::ranges::count_if(in_flight_, [&](const CommitCall* call) {
        return call->is_part == for_parts && call->sent + stalled_after >= now;
    });
    return static_cast<std::size_t>(count) < limit;
}

}  // namespace caretaker
