// SPDX-License-Identifier: Apache-2.0
#include "tests/engines/caretaker_run.hpp"

#include <chrono>
#include <filesystem>
#include <fstream>
#include <utility>

namespace caretaker::testing {

namespace {

using Variables = std::vector<std::pair<std::string, std::string>>;

CaretakerRun run_at_home(const std::filesystem::path& home,
                         std::vector<std::string> arguments,
                         const Variables& variables = {}) {
    Command command;
    command.argv = {CARETAKER_BINARY};
    command.argv.insert(command.argv.end(), arguments.begin(), arguments.end());
    command.argv.insert(command.argv.end(), {"-o", "json"});
    command.inherit_environment = false;
    command.environment = {{"HOME", home.string()}};
    command.environment.insert(command.environment.end(), variables.begin(), variables.end());
    const Finished finished = run_command(command, std::chrono::minutes(2));
    return {finished.status.code, finished.out, finished.err};
}

}  // namespace

CaretakerRun run_caretaker(std::vector<std::string> arguments) {
    const TempDir home;
    arguments.insert(arguments.end(), {"--store", "none"});
    return run_at_home(home.path(), std::move(arguments));
}

CaretakerHome::CaretakerHome(const std::string& configuration) {
    configure(configuration);
}

void CaretakerHome::configure(const std::string& configuration) const {
    std::ofstream(folder_.path() / "caretaker.yml") << configuration;
}

CaretakerRun CaretakerHome::run(std::vector<std::string> arguments) const {
    arguments.insert(arguments.end(),
                     {"--store",
                      (folder_.path() / "caretaker.db").string(),
                      "--config",
                      (folder_.path() / "caretaker.yml").string()});
    return run_at_home(folder_.path(), std::move(arguments), variables_);
}

}  // namespace caretaker::testing
