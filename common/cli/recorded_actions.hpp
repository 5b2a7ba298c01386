// SPDX-License-Identifier: Apache-2.0
// Carries out the actions of a run, each on record before and after.
#pragma once

#include "common/base/action_executor.hpp"
#include "common/base/clock.hpp"
#include "common/store/action_log.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <utility>

namespace caretaker {

class Error;
class Log;
class Progress;
class StopSignal;

class RecordedActions final : public ActionExecutor {
 public:
    struct Surroundings {
        Clock& clock;
        const StopSignal& stop;
        Log& log;
        Progress& progress;
        /// Called before each start; throws what keeps the rest from being begun. May be empty.
        std::function<void()> permit{};
    };

    /// Works on `actions`, which outlives this. Without `record` (a run that may go without a
    /// store) nothing is written.
    RecordedActions(ActionList& actions, std::optional<ActionLog> record, Surroundings surroundings)
        : actions_(actions), record_(std::move(record)), around_(std::move(surroundings)) {}

    [[nodiscard]] const ActionList& actions() const override { return actions_; }

    void run(std::size_t index, const std::function<ActionResult()>& request) override;
    void run_together(std::span<const std::size_t> indices,
                      const std::function<std::vector<ActionResult>()>& request) override;
    void correct(std::size_t index, const ActionResult& result) override;

    /// How many of those that failed were refused for lack of rights.
    [[nodiscard]] std::int64_t refused() const { return refused_; }

 private:
    void start(std::span<const std::size_t> indices);
    void end(std::span<const std::size_t> indices, std::span<const ActionResult> results);
    void log_end(std::size_t index);

    ActionList& actions_;
    std::optional<ActionLog> record_;
    Surroundings around_;
    std::int64_t refused_ = 0;
    std::int64_t ended_ = 0;
};

}  // namespace caretaker
