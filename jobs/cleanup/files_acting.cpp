// SPDX-License-Identifier: Apache-2.0
#include "jobs/cleanup/files_acting.hpp"

#include "common/base/context.hpp"
#include "common/base/log.hpp"
#include "common/base/stop_signal.hpp"
#include "common/text/byte_escape.hpp"
#include "jobs/cleanup/background_priority.hpp"
#include "jobs/cleanup/file_texts.hpp"
#include "jobs/cleanup/pace_plan.hpp"
#include "jobs/cleanup/parallel_parts.hpp"
#include "jobs/cleanup/rule_meter.hpp"
#include "jobs/cleanup/space_limits.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <numeric>
#include <string>
#include <string_view>
#include <utility>

namespace caretaker {

namespace {

void tally_unit(const Unit& unit, const TreeEntry& entry, ActionTally& tally) {
    constexpr std::string_view prefix = "failed: ";
    const bool failed = entry.result == Result::failed;
    tally.add(entry.result,
              entry.error,
              failed                         ? static_cast<std::int64_t>(unit.freed)
              : entry.result == Result::done ? freed_bytes(entry)
                                             : 0,
              failed ? describe_result(unit, entry).substr(prefix.size()) : std::string());
}

}  // namespace

FilesActing::FilesActing(FilesState& state,
                         const Pace& pace,
                         const BearableLoad& load,
                         const std::vector<Mount>& mounts,
                         Context& context,
                         std::function<void()> ask_again)
    : state_(state),
      pace_{.rates = pace, .pauses = load.pauses},
      mounts_(mounts),
      context_(context),
      ask_again_(std::move(ask_again)),
      count_(load.workers) {}

void FilesActing::act(ActionExecutor& executor, ActionRange own, Round round) {
    round_ = round;
    if (workers_.empty()) {
        step_back(pace_.rates.nice);
        add_worker();
        for (RuleWork& work : state_.works) {
            removals_.emplace_back(work.contents, workers_.front().opener, held_);
        }
    }
    drop_roots_with_new_mounts();
    const std::vector<FileAction>& actions = this->actions();
    RuleMeter meter(context_.clock, workers_.front().opener);
    for (std::size_t begin = 0; begin < actions.size();) {
        meter.enter(state_.works[actions[begin].rule]);
        const std::size_t end = end_of_batch(begin);
        const bool spares = std::any_of(
            actions.begin() + static_cast<std::ptrdiff_t>(begin),
            actions.begin() + static_cast<std::ptrdiff_t>(end),
            [&](const FileAction& one) { return bool(state_.works[one.rule].bound.spares); });
        if (spares) {
            ask_again_();
        }
        std::vector<std::size_t> indices(end - begin);
        std::iota(indices.begin(), indices.end(), own.begin + begin);
        BatchSize batch;
        const SteadyTime start = context_.clock.steady();
        executor.run_together(indices, [&] {
            std::vector<ActionResult> results = carry_out_batch(begin, end);
            batch = tried_size(begin, results);
            return results;
        });
        begin = end;
        if (begin < actions.size()) {
            pause(batch, context_.clock.steady() - start);
        }
    }
    meter.leave();
    leave_directories();
    context_.stop.check();
}

void FilesActing::leave_directories() {
    for (Worker& worker : workers_) {
        std::ranges::for_each(worker.deletions, &FileDeletion::leave);
    }
    std::ranges::for_each(removals_, &UnitRemoval::leave);
}

void FilesActing::add_worker() {
    Worker& worker = workers_.emplace_back();
    for (std::size_t rule = 0; rule < state_.works.size(); ++rule) {
        RuleWork& work = state_.works[rule];
        if (&worker == &workers_.front()) {
            worker.deletions.emplace_back(work.rule, work.tree, worker.opener, held_);
        } else {
            worker.deletions.push_back(workers_.front().deletions[rule].share_with(worker.opener));
        }
    }
}

std::size_t FilesActing::end_of_batch(std::size_t begin) const {
    BatchPace pace = pace_;
    pace.workers = count_.now();
    // One rule at a time, so that it can be told what each costs.
    const auto of_next_rule =
        std::find_if(actions().begin() + static_cast<std::ptrdiff_t>(begin),
                     actions().end(),
                     [&](const FileAction& one) { return one.rule != actions()[begin].rule; });
    const auto end = static_cast<std::size_t>(of_next_rule - actions().begin());
    return caretaker::end_of_batch(
        pace, begin, end, [&](std::size_t action) { return planned_size(actions()[action]); });
}

BatchSize FilesActing::planned_size(const FileAction& action) const {
    BatchSize size{.entries = action.end - action.begin};
    if (pace_.rates.rate_bytes > 0 && !action.of_directories) {
        const RuleWork& work = state_.works[action.rule];
        for (std::size_t i = action.begin; i < action.end; ++i) {
            size.bytes += freed_bytes(work.tree.entries[taken_by(action.rule).entries[i]]);
        }
    }
    return size;
}

/// What the batch really freed, of all that it tried.
BatchSize FilesActing::tried_size(std::size_t begin, std::span<const ActionResult> results) const {
    BatchSize size;
    for (const ActionResult& result : results) {
        const FileAction& action = actions()[begin++];
        size += {.entries = action.end - action.begin, .bytes = result.bytes.value_or(0)};
    }
    return size;
}

/// The parts that may be carried out at the same time. What is in one directory stays together: the
/// kernel lets one in at a time. Directories go one after the other, because each has to be empty
/// before the one that it is in.
std::vector<FilesActing::Part> FilesActing::cut_by_directory(std::size_t begin,
                                                             std::size_t end) const {
    const std::vector<FileAction>& actions = this->actions();
    const auto directory_of = [&](const FileAction& action) {
        const RuleWork& work = state_.works[action.rule];
        return work.tree.entries[taken_by(action.rule).entries[action.begin]].directory;
    };
    std::vector<Part> parts{{.next = begin, .end = end}};
    for (std::size_t i = begin + 1; i < end; ++i) {
        const bool together = actions[i].rule == actions[i - 1].rule &&
                              directory_of(actions[i]) == directory_of(actions[i - 1]);
        if (!together) {
            parts.back().end = i;
            parts.push_back({.next = i, .end = end});
        }
    }
    return parts;
}

std::vector<ActionResult> FilesActing::carry_out_batch(std::size_t begin, std::size_t end) {
    const std::vector<FileAction>& actions = this->actions();
    std::vector<ActionTally> tallies(end - begin);
    const auto is_single = [&](const FileAction& action) {
        return action.of_directories || state_.works[action.rule].rule.takes_trees;
    };
    for (std::size_t at = begin; at < end;) {
        if (is_single(actions[at])) {
            carry_out(actions[at], workers_.front(), SteadyTime::max(), tallies[at - begin]);
            ++at;
            continue;
        }
        std::size_t to = at;
        while (to < end && !is_single(actions[to])) {
            ++to;
        }
        carry_out_together(at, to, std::span(tallies).subspan(at - begin, to - at));
        at = to;
    }
    std::vector<ActionResult> results;
    results.reserve(tallies.size());
    for (std::size_t i = begin; i < end; ++i) {
        results.push_back(tallies[i - begin].result(actions[i].end - actions[i].begin));
    }
    return results;
}

void FilesActing::carry_out_together(std::size_t begin,
                                     std::size_t end,
                                     std::span<ActionTally> tallies) {
    std::vector<Part> parts = cut_by_directory(begin, end);
    while (!parts.empty() && !context_.stop.requested()) {
        while (workers_.size() < count_.now()) {
            add_worker();
        }
        const SteadyTime until = context_.clock.steady() + count_.until_judged();
        std::atomic<std::size_t> entries = 0;
        const PartsCost cost =
            run_parts(count_.now(), parts.size(), [&](std::size_t worker, std::size_t part) {
                entries += carry_out_part(parts[part], workers_[worker], until, begin, tallies);
            });
        count_.learn({.entries = entries,
                      .wall = cost.wall,
                      .worked = cost.worked,
                      .processor = cost.processor});
        std::erase_if(parts, [](const Part& part) { return part.next == part.end; });
    }
}

std::size_t FilesActing::carry_out_part(Part& part,
                                        Worker& worker,
                                        SteadyTime until,
                                        std::size_t begin,
                                        std::span<ActionTally> tallies) {
    std::size_t entries = 0;
    for (; part.next < part.end; ++part.next) {
        const FileAction& action = actions()[part.next];
        ActionTally& tally = tallies[part.next - begin];
        const std::size_t before = tally.tried;
        carry_out(action, worker, until, tally);
        entries += tally.tried - before;
        if (tally.tried < action.end - action.begin) {
            break;
        }
    }
    return entries;
}

void FilesActing::pause(const BatchSize& batch, SteadyTime::duration took) {
    context_.clock.wait(
        pause_after(pace_, batch, std::chrono::duration_cast<std::chrono::milliseconds>(took)),
        context_.stop);
}

void FilesActing::drop_roots_with_new_mounts() {
    const std::vector<Mount> now = read_mount_table();
    for (std::size_t rule = 0; rule < state_.works.size(); ++rule) {
        const RuleWork& work = state_.works[rule];
        for (std::uint32_t root = 0; root < work.roots.roots.size(); ++root) {
            const std::string& path = work.roots.roots[root].path;
            FileDeletion& deletion = workers_.front().deletions[rule];
            if (!deletion.is_dropped(root) &&
                mounts_below(now, path) != mounts_below(mounts_, path)) {
                deletion.drop_root(root);
                state_.dropped_roots.push_back(escape_bytes(path));
            }
        }
    }
}

void FilesActing::measure_again() {
    for (RuleWork& work : state_.works) {
        if (work.rule.relieves_pressure()) {
            work.disks_after = measure_disks(work.roots, workers_.front().opener);
        }
    }
}

void FilesActing::remove_unit(RuleWork& work, std::uint32_t rule, std::uint32_t index) {
    TreeEntry& entry = work.tree.entries[index];
    const bool spared = work.bound.spares && work.bound.spares(work.tree.name_of(entry));
    if (spared ||
        workers_.front().deletions[rule].is_dropped(work.tree.directories[entry.directory].root)) {
        entry.result = Result::changed;
        return;
    }
    const RemovedUnit removed =
        removals_[rule].remove(work.units[index], [&] { return context_.stop.requested(); });
    entry.result = removed.result;
    entry.error = static_cast<std::uint8_t>(removed.error);
    work.units[index].removed = removed.removed;
    work.units[index].freed = removed.allocated;
    if (!removed.first.empty()) {
        context_.log.warning(fmt::format("{} stays: {} {}",
                                         escape_bytes(work.tree.path_of(entry)),
                                         escape_bytes(removed.first),
                                         removed.error != 0 ? describe_errno(removed.error)
                                         : removed.result == Result::failed
                                             ? "was its turn when the removal ended"
                                             : "changed since it was planned"));
    }
}

void FilesActing::carry_out(const FileAction& action,
                            Worker& worker,
                            SteadyTime until,
                            ActionTally& tally) {
    RuleWork& work = state_.works[action.rule];
    FileDeletion& deletion = worker.deletions[action.rule];
    for (std::size_t i = action.begin + tally.tried; i < action.end; ++i) {
        if (context_.stop.requested() || context_.clock.steady() >= until) {
            return;
        }
        if (action.of_directories) {
            const std::uint32_t index = taken_by(action.rule).directories[i];
            deletion.remove_directory(index);
            const TreeDirectory& directory = work.tree.directories[index];
            tally.add(directory.result, directory.error, 0);
        } else {
            const std::uint32_t index = taken_by(action.rule).entries[i];
            TreeEntry& entry = work.tree.entries[index];
            if (work.rule.takes_trees) {
                remove_unit(work, action.rule, index);
                tally_unit(work.units[index], entry, tally);
            } else {
                deletion.delete_entry(entry);
                tally.add(entry.result,
                          entry.error,
                          entry.result == Result::done ? freed_bytes(entry) : 0);
            }
        }
    }
}

}  // namespace caretaker
