// SPDX-License-Identifier: Apache-2.0
#include "testjob_runs.hpp"

#include <algorithm>
#include <fstream>
#include <memory>

namespace caretaker::testing {

Command TestjobRuns::command(const std::vector<std::string>& args,
                             const Variables& variables) const {
    Command command{
        .argv = {CARETAKER_TESTJOB},
        .environment = {{"PATH", "/usr/bin:/bin:/usr/sbin:/sbin"},
                        {"HOME", directory_.path().string()},
                        {"CARETAKER_STORE", store_path()},
                        {"CARETAKER_HOST", "test-host"},
                        {"XDG_RUNTIME_DIR", directory_.path().string()},
                        {"LC_ALL", "C.UTF-8"}},
        .inherit_environment = false,
        .directory = directory_.path().string(),
    };
    command.argv.insert(command.argv.end(), args.begin(), args.end());
    command.environment.insert(command.environment.end(), variables.begin(), variables.end());
    return command;
}

Finished TestjobRuns::run(const std::vector<std::string>& args, const Variables& variables) const {
    return run_command(command(args, variables));
}

std::unique_ptr<Store> TestjobRuns::store() const {
    return Store::open({.path = store_path()});
}

std::vector<RunRow> TestjobRuns::rows() const {
    auto rows = store()->runs({.limit = 100'000});
    std::ranges::reverse(rows);
    return rows;
}

RunDetails TestjobRuns::last() const {
    const auto open = store();
    return open->run_details(open->find_run("last").value().id);
}

std::string TestjobRuns::configure_targets(const std::vector<std::string>& names) const {
    std::string path = file("caretaker.yml");
    std::ofstream config(path);
    config << "targets:\n";
    for (const std::string& name : names) {
        config << "  " << name << ": {kafka: {bootstrap_servers: [127.0.0.1:1]}}\n";
    }
    return path;
}

}  // namespace caretaker::testing
