// SPDX-License-Identifier: Apache-2.0
#include "tests/engines/caretaker_run.hpp"

#include "tests/support/temp_dir.hpp"

#include <chrono>

namespace caretaker::testing {

CaretakerRun run_caretaker(std::vector<std::string> arguments) {
    const TempDir home;
    Command command;
    command.argv = {CARETAKER_BINARY};
    command.argv.insert(command.argv.end(), arguments.begin(), arguments.end());
    command.argv.insert(command.argv.end(), {"--store", "none", "-o", "json"});
    command.inherit_environment = false;
    command.environment = {{"HOME", home.path().string()}};
    const Finished finished = run_command(command, std::chrono::minutes(2));
    return {finished.status.code, finished.out, finished.err};
}

}  // namespace caretaker::testing
