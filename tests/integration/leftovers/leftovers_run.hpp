// SPDX-License-Identifier: Apache-2.0
// `caretaker leftovers` as a process, and what it answered.
#pragma once

#include "tests/support/child_process.hpp"
#include "tests/support/json.hpp"
#include "tests/support/temp_dir.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace caretaker::testing {

using LeftoversVariables = std::vector<std::pair<std::string, std::optional<std::string>>>;

struct LeftoversRun {
    int exit_code = 0;
    std::string err{};
    rapidjson::Document json{};

    [[nodiscard]] std::string summary() const {
        return json_text(json_at(json, "summary"), "text");
    }
};

/// What starts it with a store in `home`, and with nothing else in its environment than `variables`
/// and HOME.
inline Command leftovers_command(const TempDir& home,
                                 const std::vector<std::string>& options,
                                 const LeftoversVariables& variables = {}) {
    Command command;
    command.argv = {CARETAKER_BINARY,
                    "leftovers",
                    "--store",
                    home.file("store.db"),
                    "--no-statsd",
                    "-o",
                    "json"};
    command.argv.insert(command.argv.end(), options.begin(), options.end());
    command.inherit_environment = false;
    command.environment = variables;
    command.environment.emplace_back("HOME", home.path().string());
    return command;
}

/// Runs it to its end.
inline LeftoversRun run_leftovers(const Command& command) {
    const Finished finished = run_command(command, std::chrono::seconds(60));
    LeftoversRun run{.exit_code = finished.status.code, .err = finished.err};
    run.json = parse_json(finished.out);
    return run;
}

}  // namespace caretaker::testing
