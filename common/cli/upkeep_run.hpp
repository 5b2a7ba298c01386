// SPDX-License-Identifier: Apache-2.0
// A run that changes things, from its plan to its second look.
#pragma once

#include "common/base/context.hpp"
#include "common/base/upkeep_job.hpp"
#include "common/base/upkeep_plan.hpp"
#include "common/cli/recorded_actions.hpp"
#include "common/cli/run_options.hpp"
#include "common/cli/run_verdict.hpp"
#include "common/cli/world.hpp"
#include "common/http/service_clock.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace caretaker {

/// Throws UsageError where nobody could agree to what the run would do: neither --yes nor --dry-run
/// is given, and standard input is no terminal.
void require_consent(const RunOptions& options, bool stdin_is_terminal);

/// The limits of a run: the options' where given, else the job's.
BrakeLimits effective_limits(const BrakeLimits& of_job, const RunOptions& options);

class UpkeepRun {
 public:
    struct Surroundings {
        const RunOptions& options;
        World& world;
        Context& context;
        const ServiceClocks& clocks;
        std::int64_t run_id = 0;  // of its row; meaningless without a store
        /// Called before each action; throws what keeps it from being begun. May be empty.
        std::function<void()> permit{};
    };

    UpkeepRun(UpkeepJob& job, const Surroundings& surroundings)
        : limits_(effective_limits(job.brake_limits(), surroundings.options)),
          around_(surroundings),
          task_(job.begin(surroundings.context)) {}

    /// Plans, and does what is planned unless something speaks against it. Throws what the job
    /// throws; hand_over() tells in any case what was done until then.
    Verdict run();

    /// The report: the job's own, with the actions as they ended, and a problem for each that
    /// failed. What was not begun is `skipped`, save in a dry run. To be called once, last.
    Report hand_over();

    /// Whether some of the actions were done.
    [[nodiscard]] bool did_something() const;

 private:
    void make_plan();
    [[nodiscard]] std::optional<std::string> find_plan_brake() const;
    Verdict hold_back(const char* word, const std::string& why);
    [[nodiscard]] bool has_consent(const ActionList& actions);
    Verdict carry_out();
    void carry_out_further(RecordedActions& executor);
    /// Appends the further actions, and what the brakes go by.
    void extend_plan(const UpkeepPlan& further);
    void skip_the_rest(std::string_view why);
    void add_problems(Report& report) const;

    BrakeLimits limits_;
    Surroundings around_;
    std::unique_ptr<UpkeepTask> task_;
    ActionList actions_{};
    std::int64_t universe_ = 0;
    std::vector<PlanPart> parts_{};
    bool planned_ = false;
    std::string held_back_{};  // why nothing was done
    std::vector<Problem> problems_{};
};

}  // namespace caretaker
