// SPDX-License-Identifier: Apache-2.0
#include "common/cli/recorded_actions.hpp"

#include "common/base/error.hpp"
#include "common/base/log.hpp"
#include "common/base/progress.hpp"
#include "common/base/stop_signal.hpp"

#include <fmt/format.h>

#include <array>
#include <exception>
#include <stdexcept>

namespace caretaker {

namespace {

ActionResult result_of(const RemoteError& error) {
    return {.state = error.may_have_arrived() ? ActionState::unknown : ActionState::failed,
            .error = error.what(),
            .refused = error.failure() == RemoteFailure::denied};
}

}  // namespace

void RecordedActions::run(std::size_t index, const std::function<ActionResult()>& request) {
    run_together(std::span(&index, 1), [&] { return std::vector{request()}; });
}

void RecordedActions::run_together(std::span<const std::size_t> indices,
                                   const std::function<std::vector<ActionResult>()>& request) {
    if (indices.empty()) {
        return;
    }
    around_.stop.check();
    if (around_.permit) {
        around_.permit();
    }
    start(indices);
    std::vector<ActionResult> results;
    std::exception_ptr unreachable;
    // Caught here, item by item: one that fails must not keep the others from their turn.
    try {
        results = request();
        if (results.size() != indices.size()) {
            throw std::logic_error("a result is missing for an action, or one is too many");
        }
    } catch (const RemoteError& error) {
        results.assign(indices.size(), result_of(error));
        if (error.failure() == RemoteFailure::unreachable) {
            unreachable = std::current_exception();
        }
    } catch (const Interrupted&) {
        throw;
    } catch (const StoreError&) {
        throw;
    } catch (const Error& error) {  // an answer that cannot be read says nothing of the deed
        results.assign(indices.size(), {.state = ActionState::unknown, .error = error.what()});
    }
    end(indices, results);
    if (unreachable) {
        std::rethrow_exception(unreachable);
    }
}

void RecordedActions::correct(std::size_t index, const ActionResult& result) {
    refused_ += result.refused ? 1 : 0;
    actions_.set_ended(index, result.state, around_.clock.now(), result.error, result.bytes);
    if (record_) {
        record_->finish(actions_, std::span(&index, 1));
    }
    log_end(index);
}

void RecordedActions::start(std::span<const std::size_t> indices) {
    const WallTime now = around_.clock.now();
    for (const std::size_t index : indices) {
        if (actions_.state(index) != ActionState::would) {
            throw std::logic_error("an action is to be carried out twice");
        }
        actions_.set_started(index, now);
    }
    if (record_) {
        record_->start(actions_, indices);
    }
}

void RecordedActions::end(std::span<const std::size_t> indices,
                          std::span<const ActionResult> results) {
    const WallTime now = around_.clock.now();
    for (std::size_t i = 0; i < indices.size(); ++i) {
        const ActionResult& result = results[i];
        refused_ += result.refused ? 1 : 0;
        actions_.set_ended(indices[i], result.state, now, result.error, result.bytes);
    }
    if (record_) {
        record_->finish(actions_, indices);
    }
    for (const std::size_t index : indices) {
        log_end(index);
    }
    ended_ += static_cast<std::int64_t>(indices.size());
    around_.progress.update(ended_);
}

void RecordedActions::log_end(std::size_t index) {
    const bool done = actions_.state(index) == ActionState::done;
    if (!around_.log.shows(done ? LogLevel::info : LogLevel::warning)) {
        return;
    }
    const Action action = actions_[index];
    if (done) {
        around_.log.info(fmt::format("{} {}: done", action.kind, action.subject),
                         {{"reason", action.reason}});
    } else {
        around_.log.warning(fmt::format("{} {}: {}: {}",
                                        action.kind,
                                        action.subject,
                                        to_string(action.state),
                                        action.error),
                            {{"reason", action.reason}});
    }
}

}  // namespace caretaker
