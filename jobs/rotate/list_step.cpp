// SPDX-License-Identifier: Apache-2.0
#include "jobs/rotate/list_step.hpp"

#include "common/base/stop_signal.hpp"
#include "common/http/http_status.hpp"
#include "common/text/url_segment.hpp"
#include "jobs/rotate/action_traits.hpp"
#include "jobs/rotate/change_requests.hpp"
#include "jobs/rotate/index_list_reader.hpp"
#include "jobs/rotate/search_request.hpp"
#include "jobs/rotate/snapshot_reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <span>
#include <string_view>
#include <utility>

namespace caretaker {

namespace {

using Results = std::vector<ActionResult>;

/// The answer to a change may have been lost though it was made.
bool leaves_doubt(const HttpError& error) {
    return error.fault() == HttpFault::timeout || error.fault() == HttpFault::stall ||
           error.fault() == HttpFault::cut;
}

bool is_held_by_snapshot(const ActionResult& result) {
    return result.state == ActionState::failed &&
           (result.error.find("being snapshotted") != std::string::npos ||
            result.error.find("snapshot_in_progress") != std::string::npos);
}

/// Changes the indices of one step.
class ListChanger {
 public:
    ListChanger(StepTools& tools, const RotateStep& step)
        : tools_(tools),
          step_(step),
          spec_(*step.spec),
          snapshot_deadline_(tools.context.clock.steady() + tools.manners.snapshot_wait) {}

    void run() {
        std::vector<std::size_t> actions = step_.actions;
        if (spec_.type == ActionType::delete_indices) {
            leave_out_changed(actions);
        }
        std::size_t free = actions.size();
        if (waits_for_snapshots()) {
            const std::set<std::string> held = fetch_indices_in_snapshots(tools_.cluster);
            const auto first_held =
                std::stable_partition(actions.begin(), actions.end(), [&](std::size_t action) {
                    return !held.contains(std::string(subject(action)));
                });
            free = static_cast<std::size_t>(first_held - actions.begin());
        }
        run_part(std::span(actions).first(free));
        run_part(std::span(actions).subspan(free));
    }

 private:
    [[nodiscard]] std::string_view subject(std::size_t action) const {
        return tools_.executor.actions().subject(action);
    }

    [[nodiscard]] bool waits_for_snapshots() const {
        return tools_.manners.snapshot_wait.count() > 0 &&
               (spec_.type == ActionType::delete_indices || spec_.type == ActionType::close);
    }

    /// An index that was made anew under its old name since the plan is another one. Looked at
    /// where the plan is not quite fresh, e.g. because a person was asked.
    void leave_out_changed(std::vector<std::size_t>& actions) {
        constexpr std::chrono::seconds fresh{10};
        if (tools_.context.clock.steady() - tools_.planned_at < fresh) {
            return;
        }
        const IndexList there = fetch_names(tools_.cluster);
        std::erase_if(actions, [&](std::size_t action) {
            const ActionList& list = tools_.executor.actions();
            const IndexFacts* index = find_index(there.indices, list.subject(action), {});
            const bool is_another = index != nullptr && !index->uuid.empty() &&
                                    !list.identity(action).empty() &&
                                    index->uuid != list.identity(action);
            if (is_another) {
                tools_.executor.run(action, [] {
                    return ActionResult{.state = ActionState::skipped,
                                        .error = "it was made anew since the plan"};
                });
            }
            return is_another;
        });
    }

    void run_part(std::span<const std::size_t> actions) {
        const std::string& endpoint = tools_.cluster.http().endpoint();
        const std::size_t path =
            std::min(endpoint.find('/', endpoint.find("://") + 3), endpoint.size());
        const std::size_t overhead =
            request_overhead(spec_, tools_.cluster.engine()) + (endpoint.size() - path);
        const std::size_t longest = is_one_by_one(spec_.type) ? 1 : longest_request_line - overhead;
        const std::size_t batch = tools_.manners.batch_size;
        for (const NameChunk& chunk :
             chunk_names(tools_.executor.actions(), actions, longest, batch)) {
            pause(chunk.actions.size());
            tools_.executor.run_together(chunk.actions, [&] {
                Results results = change_chunk(chunk);
                retry_held(chunk.actions, results);
                return results;
            });
        }
    }

    /// Before the next request, which changes so many.
    void pause(std::size_t next) {
        using std::chrono::milliseconds;
        const milliseconds delay(spec_.type == ActionType::forcemerge && done_ > 0
                                     ? static_cast<std::int64_t>(spec_.options.real("delay") * 1000)
                                     : 0);
        const std::size_t batch = tools_.manners.batch_size;
        const bool is_full = batch > 0 && in_batch_ > 0 && in_batch_ + next > batch;
        const milliseconds wait =
            std::max(delay, is_full ? tools_.manners.batch_pause : milliseconds(0));
        if (wait.count() > 0) {
            tools_.context.clock.wait(wait, tools_.context.stop);
            tools_.context.stop.check();
        }
        in_batch_ = is_full ? next : in_batch_ + next;
        done_ += next;
    }

    /// Those that a running snapshot kept from their change get another turn once it has ended.
    void retry_held(std::span<const std::size_t> actions, Results& results) {
        constexpr std::chrono::milliseconds longest_interval{10'000};
        std::chrono::milliseconds interval{250};
        while (waits_for_snapshots() && std::ranges::any_of(results, is_held_by_snapshot)) {
            const auto left = snapshot_deadline_ - tools_.context.clock.steady();
            if (left.count() <= 0) {
                return;
            }
            tools_.context.clock.wait(
                std::min(interval, std::chrono::ceil<std::chrono::milliseconds>(left)),
                tools_.context.stop);
            tools_.context.stop.check();
            interval = std::min(interval * 2, longest_interval);
            const std::set<std::string> held = fetch_indices_in_snapshots(tools_.cluster);
            for (std::size_t i = 0; i < actions.size(); ++i) {
                if (is_held_by_snapshot(results[i]) &&
                    !held.contains(std::string(subject(actions[i])))) {
                    results[i] = change_one(actions[i]);
                }
            }
        }
    }

    Results change_chunk(const NameChunk& chunk) {
        const bool deletes = spec_.type == ActionType::delete_indices;
        for (const ChangeRequest& change :
             change_requests(spec_, chunk.names, tools_.cluster.engine())) {
            std::optional<HttpResponse> response;
            // Caught because the world tells what became of a change whose answer was lost.
            try {
                response = tools_.cluster.http().send(change.request);
            } catch (const HttpError& error) {
                if (!deletes || !leaves_doubt(error)) {
                    throw;
                }
                return look_again(chunk.actions, error.what());
            }
            if (change.may_fail) {
                continue;
            }
            if (response->ok() && !response->done_before) {
                const auto reservation = find_reservation(*response, change.request.url);
                if (!reservation) {
                    continue;
                }
                if (deletes) {
                    return look_again(chunk.actions, *reservation);
                }
            } else if (!is_item_error(*response) && response->status != 403) {
                throw describe_status(tools_.cluster.http().name(), change.request, *response);
            }
            return change_each(chunk.actions);
        }
        return Results(chunk.actions.size());
    }

    /// After a list was refused for one wrong name, and with it nothing was changed: each gets its
    /// turn.
    Results change_each(std::span<const std::size_t> actions) {
        Results results;
        std::string trouble;
        for (const std::size_t action : actions) {
            if (!trouble.empty()) {
                results.push_back(
                    {.state = ActionState::skipped, .error = "not tried: " + trouble});
                continue;
            }
            tools_.context.stop.check();
            // Caught so that what was done until then is not taken for failed, too.
            try {
                results.push_back(change_one(action));
            } catch (const RemoteError& error) {
                trouble = error.what();
                results.push_back(
                    {.state = error.may_have_arrived() ? ActionState::unknown : ActionState::failed,
                     .error = trouble});
            }
        }
        return results;
    }

    ActionResult change_one(std::size_t action) {
        const std::string name = encode_segment(tools_.executor.actions().subject(action));
        for (const ChangeRequest& change : change_requests(spec_, name, tools_.cluster.engine())) {
            const HttpResponse response = tools_.cluster.http().send(change.request);
            if (change.may_fail) {
                continue;
            }
            if (!response.ok()) {
                if (response.status == 404 && spec_.type == ActionType::delete_indices) {
                    return {};  // somebody else was faster
                }
                ActionResult result{.state = ActionState::failed,
                                    .error = describe_search_error(response),
                                    .refused = !is_item_error(response) &&
                                               (response.status == 401 || response.status == 403)};
                if (!is_item_error(response) && !result.refused) {
                    throw describe_status(tools_.cluster.http().name(), change.request, response);
                }
                return result;
            }
            if (auto reservation = find_reservation(response, change.request.url)) {
                if (spec_.type == ActionType::delete_indices) {
                    return look_again({&action, 1}, *reservation).front();
                }
                return {.state = ActionState::failed, .error = std::move(*reservation)};
            }
        }
        return {};
    }

    Results look_again(std::span<const std::size_t> actions, const std::string& why) {
        const IndexList there = fetch_names(tools_.cluster);
        Results results;
        for (const std::size_t action : actions) {
            const ActionList& list = tools_.executor.actions();
            const bool is_there =
                find_index(there.indices, list.subject(action), list.identity(action)) != nullptr;
            results.push_back(is_there
                                  ? ActionResult{.state = ActionState::failed,
                                                 .error = fmt::format("it is still there: {}", why)}
                                  : ActionResult{});
        }
        return results;
    }

    StepTools& tools_;
    const RotateStep& step_;
    const ActionSpec& spec_;
    SteadyTime snapshot_deadline_;
    std::size_t in_batch_ = 0;  // indices since the last pause
    std::size_t done_ = 0;
};

}  // namespace

void run_list_step(StepTools& tools, const RotateStep& step) {
    ListChanger(tools, step).run();
}

}  // namespace caretaker
