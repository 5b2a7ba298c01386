// SPDX-License-Identifier: Apache-2.0
// The calls by which the commits of many groups are read: which are made, in what order, and how
// many at once; which coordinators are silent for too long. Pure: it is told the time, and what
// came back.
#pragma once

#include "common/base/clock.hpp"
#include "common/kafka/commit_strategy.hpp"
#include "common/kafka/kafka.hpp"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <span>
#include <unordered_map>
#include <vector>

namespace caretaker {

/// One call for one group, which the library takes one at a time.
struct CommitCall {
    std::size_t request = 0;                     // index of the caller's request
    std::span<const PartitionRef> partitions{};  // empty: all
    bool is_part = false;                        // of a list that is asked for in several calls
    std::size_t retries = 0;
    bool is_last_wait = false;  // the first wait was in vain
    bool is_abandoned = false;  // whatever answers it is of no use any more
    SteadyTime due{};           // of a retry
    SteadyTime sent{};
    SteadyTime first_sent{};  // the first time that the same was asked
};

class CommitCalls {
 public:
    /// `existing`: what "all partitions" may be replaced by; empty: nothing. Both must outlive
    /// this.
    CommitCalls(std::span<const CommittedRequest> requests, std::span<const PartitionRef> existing);

    /// Before the first take(): the broker that coordinates the group, where that is known better
    /// than its request says.
    void know_coordinator(std::size_t request, std::int32_t broker) {
        groups_[request].coordinator = broker;
    }

    /// Before the first take(): the request is not asked at all.
    void leave_out(std::size_t request) { groups_[request].is_left_out = true; }

    /// The next call to be sent now, or nullptr when there is none or too many are in flight. It
    /// stays where it is as long as this does, for the library carries a pointer to it. Each one
    /// taken is to be given to one of the following three.
    CommitCall* take(SteadyTime now);

    /// The coordinator of the request's group gave an answer to this call or an earlier one.
    void heard_from_coordinator_of(std::size_t request, SteadyTime now);

    /// It found so many commits; problems of single partitions count as such.
    void answered(CommitCall& call, std::size_t commits);
    /// It is not to be sent again.
    void failed(CommitCall& call);
    /// It is to be sent again, not before `due`.
    void send_again(CommitCall& call, SteadyTime due);

    /// Gives up calls that are in flight, and their coordinators silent, for as long as `wait`, if
    /// they have not been waited for before, and plans each of them anew. Their own answers, should
    /// they come, are not to be given to any of the three above.
    void replace_overdue(SteadyTime now, SteadyTime::duration wait);

    /// Gives up, at once, all groups of each coordinator that owes an answer and was silent for
    /// `timeout`, those not asked yet included, so that a dead broker costs one timeout. Groups
    /// whose coordinators are not known count as of one. The requests given up, in order; answers
    /// to their calls are of no use any more.
    std::vector<std::size_t> give_up_silent(SteadyTime now, SteadyTime::duration timeout);

    /// When one of the two may have something to do; SteadyTime::max(): never.
    [[nodiscard]] SteadyTime next_overdue(SteadyTime::duration wait,
                                          SteadyTime::duration timeout) const;

    /// When take() may have more to give, even without an answer.
    [[nodiscard]] SteadyTime next_due(SteadyTime now) const;

    /// How many of the requests have been begun or left out.
    [[nodiscard]] std::size_t begun() const { return next_group_; }

    [[nodiscard]] bool is_anything_in_flight() const { return !in_flight_.empty(); }

    [[nodiscard]] bool is_done() const;

    /// Whether the request has been asked in full and every call was answered or has failed.
    [[nodiscard]] bool is_complete(std::size_t request) const;

 private:
    struct Group {
        std::int32_t coordinator = -1;  // broker id; -1: not known
        bool is_left_out = false;
        bool is_begun = false;
        std::size_t calls_left = 0;
        std::size_t commits = 0;
        bool has_failed = false;
    };

    CommitCall* begin_group(SteadyTime now);
    CommitCall* add(std::size_t request, std::span<const PartitionRef> partitions, bool is_part);
    CommitCall* launch(CommitCall* call, SteadyTime now);
    void land(CommitCall& call);
    [[nodiscard]] SteadyTime silent_since(const CommitCall& call, SteadyTime asked) const;
    void add_other_parts(const CommitCall& first);
    [[nodiscard]] std::span<const PartitionRef> list_of(std::size_t request) const;
    [[nodiscard]] std::size_t room_for_waiting(const CommitCall& call) const;
    [[nodiscard]] bool has_room(bool for_parts, std::size_t limit, SteadyTime now) const;

    std::span<const CommittedRequest> requests_;
    std::span<const PartitionRef> existing_;
    CommitStrategy strategy_;
    std::vector<Group> groups_;                           // index: request
    std::unordered_map<std::int32_t, SteadyTime> heard_;  // key: broker id; absent: never
    std::size_t next_group_ = 0;
    std::deque<CommitCall> calls_;
    std::deque<CommitCall*> waiting_;
    std::vector<CommitCall*> in_flight_;
};

}  // namespace caretaker
