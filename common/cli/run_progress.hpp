// SPDX-License-Identifier: Apache-2.0
// Shows on standard error how far a run is, out of the way of all else that is written there.
#pragma once

#include "common/cli/world.hpp"
#include "common/output/progress_bar.hpp"
#include "common/output/terminal_style.hpp"

#include <memory>

namespace caretaker {

class Log;

/// A bar at a terminal, where that can write over a line; a line of the log now and then elsewhere.
/// Nothing where `wanted` is false.
class RunProgress {
 public:
    /// All outlive this.
    RunProgress(World& world, Log& log, const StreamStyle& style, bool wanted);
    ~RunProgress();
    RunProgress(const RunProgress&) = delete;
    RunProgress& operator=(const RunProgress&) = delete;

    /// Takes it away for good.
    void end();

 private:
    World& world_;
    Log& log_;
    AskPerson ask_;
    std::unique_ptr<ProgressBar> bar_;
    std::unique_ptr<ProgressLines> lines_;
};

}  // namespace caretaker
