// SPDX-License-Identifier: Apache-2.0
// The command `history`, as the program calls it.
#pragma once

#include "common/base/context.hpp"
#include "common/options/command_options.hpp"
#include "jobs/history/history_job.hpp"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <string>
#include <vector>

namespace caretaker {

/// Parses `args` and runs the command. Throws CLI::ParseError and Error.
inline Report run_history(std::vector<std::string> args, Context& context) {
    const auto job = make_history_job();
    CLI::App app;
    app.fallthrough();  // as the program has it
    CommandOptions command(app);
    job->describe(command);
    std::ranges::reverse(args);  // as CLI11 wants a vector
    app.parse(args);
    return job->run(context);
}

}  // namespace caretaker
