// SPDX-License-Identifier: Apache-2.0
// The one way in which a job changes the world: each action recorded before its request and after
// its answer.
#pragma once

#include "common/base/action_list.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace caretaker {

/// What became of one action.
struct ActionResult {
    ActionState state = ActionState::done;  // done, failed, skipped or unknown
    std::string error{};                    // why not done
    bool refused = false;                   // failed for lack of rights (401, 403)
    std::optional<std::int64_t> bytes{};    // freed; unset: as planned
};

/// Carries out the planned actions of a run, which it numbers from 0 as the plan does. Each is
/// carried out at most once. What these functions throw ends the run and is not for the job to
/// catch: Interrupted once a stop is requested, StoreError when an action cannot be recorded, and
/// RemoteError when the service is out of reach.
class ActionExecutor {
 public:
    virtual ~ActionExecutor() = default;

    /// The plan, with what became of each action so far.
    [[nodiscard]] virtual const ActionList& actions() const = 0;

    /// Records action `index` as started, which is on disk before `request` is called, and then
    /// what `request` returns. A RemoteError that `request` throws becomes the result: `failed`,
    /// with `refused` where the service denied it, or `unknown` where it may have got the request;
    /// when the service is out of reach, it then ends the run too. Another Error, such as that of
    /// an answer that cannot be read, makes the result `unknown`, and the run goes on.
    virtual void run(std::size_t index, const std::function<ActionResult()>& request) = 0;

    /// The same for actions that one request, or one batch of cheap ones, carries out: all are
    /// recorded as started by one transaction before and ended by one after. `request` returns one
    /// result for each of `indices`, in their order. Fit for some hundred actions: so much may have
    /// to be looked at again after a crash.
    virtual void run_together(std::span<const std::size_t> indices,
                              const std::function<std::vector<ActionResult>()>& request) = 0;

    /// Corrects the end of an action that was carried out, after a second look (`verify`).
    virtual void correct(std::size_t index, const ActionResult& result) = 0;
};

}  // namespace caretaker
