// SPDX-License-Identifier: Apache-2.0
// Carries out planned steps at the server, through the executor that records each action.
#pragma once

#include "common/base/action_executor.hpp"
#include "common/base/context.hpp"
#include "jobs/rotate/change_requests.hpp"
#include "jobs/rotate/rotate_plan.hpp"
#include "jobs/rotate/search_cluster.hpp"

#include <functional>
#include <span>
#include <string>
#include <vector>

namespace caretaker {

class StepRunner {
 public:
    /// All must outlive this object.
    StepRunner(SearchCluster& cluster, Context& context, ActionExecutor& executor)
        : cluster_(cluster), context_(context), executor_(executor) {}

    /// Does the step, each of its actions; one that fails keeps no other from its turn. Whether all
    /// of it was done and waited for.
    bool run(const RotateStep& step);

    /// What went wrong beside the actions themselves, e.g. a wait that ran out.
    [[nodiscard]] const std::vector<std::string>& troubles() const { return troubles_; }

 private:
    using Results = std::vector<ActionResult>;

    void run_list(const RotateStep& step);
    void run_alias(const RotateStep& step);
    void run_rollover(const RotateStep& step);
    void run_create(const RotateStep& step);
    void run_routing(const RotateStep& step);
    void run_snapshot(const RotateStep& step);
    void run_snapshot_deletes(const RotateStep& step);

    Results change_chunk(const ActionSpec& spec, const NameChunk& chunk);
    Results change_each(const ActionSpec& spec, std::span<const std::size_t> actions);
    Results look_again(std::span<const std::size_t> actions, const std::string& why);
    [[nodiscard]] ActionResult change_one(const ActionSpec& spec, std::size_t action);
    [[nodiscard]] ActionResult send_change(const HttpRequest& request);
    ActionResult start_snapshot(const RotateStep& step);
    ActionResult await_snapshot(const RotateStep& step, const std::string& path);
    [[nodiscard]] bool is_done(const RotateStep& step) const;

    /// Waits, as the step's wait_interval and max_wait say, until `check` is true; false when
    /// max_wait ran out.
    bool wait_until(const ActionSpec& spec, const std::function<bool()>& check);
    void wait_for_health(const RotateStep& step);

    SearchCluster& cluster_;
    Context& context_;
    ActionExecutor& executor_;
    std::vector<std::string> troubles_{};
    bool waited_in_vain_ = false;
};

/// Corrects deletes, closes and opens that the server confirmed and did not do; by one request.
void verify_indices(SearchCluster& cluster, ActionExecutor& executor);

}  // namespace caretaker
