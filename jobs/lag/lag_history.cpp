// SPDX-License-Identifier: Apache-2.0
#include "jobs/lag/lag_history.hpp"

#include "jobs/lag/lag_absent_groups.hpp"
#include "jobs/lag/lag_end_codec.hpp"
#include "jobs/lag/lag_end_history.hpp"
#include "jobs/lag/lag_memory.hpp"
#include "jobs/lag/lag_time.hpp"
#include "jobs/lag/lag_window.hpp"
#include "jobs/lag/lag_window_codec.hpp"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <optional>
#include <span>
#include <string_view>
#include <utility>

namespace caretaker {

namespace {

std::int64_t milliseconds(WallTime time) {
    return std::chrono::duration_cast<std::chrono::milliseconds>(time.time_since_epoch()).count();
}

/// Entries without news are written only when they are so old.
std::int64_t stale_ms(const LagRules& rules) {
    return rules.max_window_ms / 4;
}

/// What was last written before is of no use any more.
std::int64_t keep_ms(const LagRules& rules) {
    return rules.max_window_ms + stale_ms(rules);
}

WallTime kept_since(const LagRuleSet& rules, WallTime now) {
    return now - std::chrono::milliseconds(keep_ms(rules.base()));
}

/// Of the logs that groups read: the ends of the last runs, and further back in packed form.
class TopicHistory {
 public:
    TopicHistory(const ClusterLag& cluster, const LagRules& rules, std::int64_t now_ms)
        : cluster_(cluster),
          rules_(rules),
          now_ms_(now_ms),
          recent_ends_(cluster.facts.logs.partitions().size(), unknown_end) {}

    /// Adds the ends of this run to what `memory` holds.
    void update(JobMemory* memory, WallTime now, std::int64_t& unreadable) {
        const auto& places = cluster_.facts.logs.partitions();
        for (std::size_t first = 0; first < places.size();) {
            std::size_t last = first;
            while (last < places.size() && places[last].topic == places[first].topic) {
                ++last;
            }
            update_topic(first, last, memory, now, unreadable);
            first = last;
        }
    }

    /// The lowest end that the last runs saw; with none that is known, nothing.
    [[nodiscard]] std::span<const std::int64_t> recent_ends(std::uint32_t place) const {
        const std::int64_t& end = recent_ends_[place];
        return {&end, end == unknown_end ? 0U : 1U};
    }

    [[nodiscard]] std::string_view packed(TopicId topic) const {
        return topic < packed_.size() ? std::string_view(packed_[topic]) : std::string_view();
    }

 private:
    static constexpr std::int64_t unknown_end = -1;

    void update_topic(std::size_t first,
                      std::size_t last,
                      JobMemory* memory,
                      WallTime now,
                      std::int64_t& unreadable) {
        const LogTable& logs = cluster_.facts.logs;
        const TopicId topic = logs.partition(static_cast<std::uint32_t>(first)).topic;
        const MemoryKey key = ends_key(cluster_.facts.names.name(topic));
        before_.runs_ms.clear();
        before_.partitions.clear();
        if (const auto entry = memory != nullptr ? memory->find(key) : std::nullopt) {
            unreadable += unpack_ends(entry->body, before_) ? 0 : 1;
        }
        note_run();
        after_.partitions.clear();
        std::size_t old = 0;
        for (std::size_t place = first; place < last; ++place) {
            const std::int32_t partition =
                logs.partition(static_cast<std::uint32_t>(place)).partition;
            copy_until(partition, old);
            add_partition(static_cast<std::uint32_t>(place), partition, old);
        }
        copy_until(std::nullopt, old);
        packed_.resize(std::max<std::size_t>(packed_.size(), topic + std::size_t{1}));
        pack_ends(after_, packed_[topic]);
        if (memory != nullptr) {
            memory->save(key, packed_[topic], now);
        }
    }

    /// This run is the newest of the last ones.
    void note_run() {
        after_.runs_ms.assign(1, now_ms_);
        for (const std::int64_t run_ms : before_.runs_ms) {
            if (run_ms < now_ms_ && std::ssize(after_.runs_ms) < rules_.intervals) {
                after_.runs_ms.push_back(run_ms);
            }
        }
        since_ms_ = std::max(after_.runs_ms.back(), now_ms_ - rules_.max_window_ms);
    }

    /// Partitions that this run did not look at stay as they are.
    void copy_until(std::optional<std::int32_t> partition, std::size_t& old) {
        for (; old < before_.partitions.size(); ++old) {
            const PartitionEnds kept = before_.partitions.at(old);
            if (partition && kept.partition >= *partition) {
                return;
            }
            after_.partitions.add(kept.partition, kept.ends);
        }
    }

    void add_partition(std::uint32_t place, std::int32_t partition, std::size_t& old) {
        ends_.clear();
        if (old < before_.partitions.size() && before_.partitions.at(old).partition == partition) {
            const auto kept = before_.partitions.at(old).ends;
            ends_.assign(kept.begin(), kept.end());
            ++old;
        }
        const LogOffsets& log = cluster_.facts.logs.offsets(place);
        if (log.failure == KafkaFailure::none && log.end >= 0) {
            add_end(ends_, {log.end, now_ms_}, {.intervals = rules_.intervals});
        }
        after_.partitions.add(partition, ends_);
        // Ends never fall, so that the first one of the time is the lowest.
        const auto recent = std::ranges::lower_bound(ends_, since_ms_, {}, &LogEnd::at_ms);
        if (recent != ends_.end()) {
            recent_ends_[place] = recent->offset;
        }
    }

    const ClusterLag& cluster_;
    const LagRules& rules_;
    std::int64_t now_ms_;
    std::int64_t since_ms_ = 0;
    std::vector<std::int64_t> recent_ends_;  // by place
    std::vector<std::string> packed_{};      // by topic
    TopicEnds before_{};                     // working memory, kept from topic to topic
    TopicEnds after_{};
    std::vector<LogEnd> ends_{};
};

/// How long the partitions of a group take until nothing is left to read.
class DrainEstimate {
 public:
    void add(const Lag& lag, std::span<const CommitPoint> points, std::int64_t now_ms) {
        if (!lag.backlog || !lag.lag) {
            return;
        }
        const auto ms = *lag.backlog == 0
                            ? std::optional<std::int64_t>(0)
                            : estimate_drain_ms(*lag.backlog, *lag.lag, points, now_ms);
        all_fall_ = all_fall_ && ms;
        longest_ms_ = std::max(longest_ms_, ms.value_or(0));
        any_ = true;
    }

    [[nodiscard]] std::optional<std::int64_t> longest() const {
        return any_ && all_fall_ ? std::optional(longest_ms_) : std::nullopt;
    }

 private:
    bool any_ = false;
    bool all_fall_ = true;
    std::int64_t longest_ms_ = 0;
};

/// So that it can be told later what no rule says.
void note_finding(WindowState& state, LagStatus status, const Lag& lag) {
    switch (status) {
        case LagStatus::lost:
        case LagStatus::ahead:
        case LagStatus::no_topic:
        case LagStatus::no_leader:
        case LagStatus::unknown:
            state.finding = status;
            state.lost = status == LagStatus::lost ? lag.lost.value_or(0) : 0;
            break;
        default:
            state.finding = LagStatus::ok;
            state.lost = 0;
    }
}

/// Judges group after group and keeps their windows.
class GroupHistory {
 public:
    GroupHistory(ClusterLag& cluster,
                 const LagRuleSet& rules,
                 const TopicHistory& topics,
                 JobMemory* memory,
                 WallTime now)
        : cluster_(cluster), rule_set_(rules), topics_(topics), memory_(memory), now_(now) {}

    void judge_all(bool afresh, std::int64_t& unreadable) {
        afresh_ = afresh;
        for (GroupLag& group : cluster_.groups) {
            judge_group(group);
        }
        unreadable += unreadable_;
    }

 private:
    void judge_group(GroupLag& group) {
        rules_ = rule_set_.of(group.group.name);
        last_change_ms_.reset();
        drain_ = {};
        group.verdict = {};
        group.verdict.partitions.reserve(group.partitions.size());
        const LogTable& logs = cluster_.facts.logs;
        const auto topic_of = [&](const PartitionLag& row) {
            return logs.partition(row.log).topic;
        };
        for (auto row = group.partitions.cbegin(); row != group.partitions.cend();) {
            const TopicId topic = topic_of(*row);
            const auto end = std::find_if(row, group.partitions.cend(), [&](const auto& other) {
                return topic_of(other) != topic;
            });
            judge_topic(group, topic, {row, end});
            row = end;
        }
        const bool expired =
            last_change_ms_ && milliseconds(now_) - *last_change_ms_ > rules_.expire_group_ms;
        roll_up(group.verdict, group, logs, expired);
        group.verdict.drain_ms = drain_.longest();
    }

    void judge_topic(GroupLag& group, TopicId topic, std::span<const PartitionLag> rows) {
        const MemoryKey key = windows_key(group.group.name, cluster_.facts.names.name(topic));
        const bool must_save = load_windows(key);
        after_.clear();
        PackedEnds ends(topics_.packed(topic));
        for (const PartitionLag& row : rows) {
            group.verdict.partitions.push_back(judge_row(row, ends));
        }
        if (memory_ == nullptr) {
            return;
        }
        packed_.clear();
        pack_windows(after_, rules_.intervals, packed_);
        if (must_save || packed_ != packed_before_) {
            memory_->save(key, packed_, now_);
        }
    }

    /// Fills `before_`; true when the entry must be written in any case, for its time.
    bool load_windows(const MemoryKey& key) {
        before_.clear();
        packed_before_.clear();
        if (memory_ == nullptr) {
            return false;
        }
        const auto entry = memory_->find(key);
        if (!entry) {
            return true;
        }
        const std::int64_t age_ms = (now_ - entry->updated_at).count();
        const bool too_old = age_ms < 0 || age_ms > keep_ms(rules_);
        if (afresh_ || too_old) {
            return true;
        }
        if (!unpack_windows(entry->body, rules_.intervals, before_)) {
            ++unreadable_;
            return true;
        }
        packed_before_ = entry->body;
        return age_ms > stale_ms(rules_);
    }

    PartitionVerdict judge_row(const PartitionLag& row, PackedEnds& ends) {
        const LogTable& logs = cluster_.facts.logs;
        const LogOffsets& log = logs.offsets(row.log);
        const std::int32_t partition = logs.partition(row.log).partition;
        const std::int64_t now_ms = milliseconds(now_);
        const bool log_known = log.failure == KafkaFailure::none && log.end >= 0;
        const WindowView before = before_.find(partition);
        WindowView window = update_window(
            before,
            {.at_ms = now_ms,
             .committed = row.committed >= 0 ? std::optional(row.committed) : std::nullopt,
             .end = log_known ? std::optional(log.end) : std::nullopt,
             .commit_known = row.commit_failure == KafkaFailure::none,
             .owned = row.member != PartitionLag::no_member},
            rules_.window(),
            points_);
        if (!window.points.empty()) {
            last_change_ms_ = std::max(last_change_ms_.value_or(0), window.points.back().at_ms);
        }
        const Lag lag = compute_lag(row.committed, log);
        drain_.add(lag, window.points, now_ms);
        PartitionVerdict verdict =
            judge_evidence({.state = state_of(row, log),
                            .lag = lag,
                            .has_records = log_known && log.start >= 0 && log.end > log.start,
                            .live_owner = row.member != PartitionLag::no_member,
                            .window = window,
                            .was_ahead_before = before.state.was_ahead,
                            .ends = topics_.recent_ends(row.log),
                            .now_ms = now_ms},
                           rules_);
        note_finding(window.state, verdict.status, lag);
        after_.add(window.state, window.points);
        if (log_known && lag.lag) {
            add_time_lag(verdict, row, log, ends);
        }
        return verdict;
    }

    void add_time_lag(PartitionVerdict& verdict,
                      const PartitionLag& row,
                      const LogOffsets& log,
                      PackedEnds& ends) const {
        const std::int64_t next = std::max(row.committed, log.start);
        if (next >= log.end) {
            set_time_lag(verdict, 0, false);
            return;
        }
        const auto& exact = cluster_.facts.record_times;
        if (const auto record = exact.find({row.log, next});
            record != exact.end() && record->second.at) {
            set_time_lag(verdict, (now_ - *record->second.at).count(), false);
            return;
        }
        const std::int32_t partition = cluster_.facts.logs.partition(row.log).partition;
        const auto lag = find_time_lag(next, ends.find(partition), milliseconds(now_));
        if (lag) {
            set_time_lag(verdict, lag->ms, lag->at_least);
        }
    }

    ClusterLag& cluster_;
    const LagRuleSet& rule_set_;
    const TopicHistory& topics_;
    JobMemory* memory_;
    WallTime now_;
    bool afresh_ = false;
    std::int64_t unreadable_ = 0;
    LagRules rules_{};                              // of the group
    DrainEstimate drain_{};                         // of the group
    std::optional<std::int64_t> last_change_ms_{};  // when a commit of the group last moved
    WindowList before_{};                           // working memory, kept from topic to topic
    WindowList after_{};
    std::string packed_{};
    std::string packed_before_{};
    std::vector<CommitPoint> points_{};
};

}  // namespace

std::vector<std::string> find_remembered_groups(JobMemory& memory,
                                                const LagRuleSet& rules,
                                                WallTime now,
                                                const HistoryScope& scope) {
    return find_expected_groups(memory,
                                {.expects = scope.expects, .since = kept_since(rules, now)});
}

HistoryOutcome judge_by_history(ClusterLag& cluster,
                                JobMemory* memory,
                                const LagRuleSet& rules,
                                WallTime read_at,
                                const HistoryScope& scope) {
    HistoryOutcome outcome;
    const auto judge = [&](JobMemory* usable, bool afresh) {
        TopicHistory topics(cluster, rules.base(), milliseconds(read_at));
        topics.update(usable, read_at, outcome.unreadable);
        GroupHistory(cluster, rules, topics, usable, read_at).judge_all(afresh, outcome.unreadable);
        sum_groups(cluster);
    };
    if (memory == nullptr) {
        judge(nullptr, true);
        return outcome;
    }
    memory->write([&] {
        outcome = {};
        const auto mark = memory->find(last_run_key);
        const std::optional<std::int64_t> pause_ms =
            mark ? std::optional((read_at - mark->updated_at).count()) : std::nullopt;
        outcome.clock_went_back = pause_ms && *pause_ms <= 0;
        const bool afresh = !pause_ms || *pause_ms > rules.base().max_window_ms;
        const std::string& id = cluster.facts.cluster_id;
        if (!afresh && !id.empty() && !mark->body.empty() && mark->body != id) {
            outcome.other_cluster = mark->body;
            judge(nullptr, true);
            return;
        }
        outcome.groups_vanished = cluster.groups.empty() &&
                                  cluster.facts.listing_problems.empty() &&
                                  memory->knows_any(windows_kind, read_at - std::chrono::hours(1));
        memory->save(last_run_key, id, read_at);
        if (!outcome.clock_went_back) {
            outcome.gone = note_absent_groups(
                cluster,
                *memory,
                {.expects = scope.expects,
                 .since = kept_since(rules, read_at),
                 .listing_complete = cluster.facts.listing_problems.empty() &&
                                     !(outcome.groups_vanished && scope.all_groups)},
                read_at);
        }
        judge(outcome.clock_went_back ? nullptr : memory, afresh);
    });
    return outcome;
}

}  // namespace caretaker
