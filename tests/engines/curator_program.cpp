// SPDX-License-Identifier: Apache-2.0
#include "tests/engines/curator_program.hpp"

#include "tests/engines/engine_cache.hpp"

#include <fmt/format.h>

#include <chrono>
#include <fstream>
#include <string>
#include <utility>
#include <vector>

namespace caretaker::testing {

namespace {

using namespace std::chrono_literals;

void run_or_give_up(std::vector<std::string> words) {
    Command command;
    command.argv = std::move(words);
    const Finished finished = run_command(command, 10min);
    if (finished.status.code != 0) {
        throw EngineUnavailable(fmt::format(
            "Curator: {} failed:\n{}{}", command.argv.front(), finished.out, finished.err));
    }
}

}  // namespace

std::filesystem::path curator_program() {
    require_programs("Curator", {"python3"});
    const auto home = cached("curator-5.8.4", [](const std::filesystem::path& folder) {
        // A virtual environment names its own folder in its scripts, so they are not moved: it is
        // called by its interpreter.
        run_or_give_up({"python3", "-m", "venv", folder.string()});
        const std::string python = (folder / "bin" / "python").string();
        run_or_give_up({python,
                        "-m",
                        "pip",
                        "install",
                        "--quiet",
                        "--no-deps",
                        "elasticsearch-curator==5.8.4"});
        // Without its pins: one of them can no longer be built.
        run_or_give_up({python,
                        "-m",
                        "pip",
                        "install",
                        "--quiet",
                        "elasticsearch==7.13.4",
                        "click<8",
                        "urllib3<2",
                        "PyYAML",
                        "requests-aws4auth",
                        "boto3",
                        "voluptuous",
                        "certifi",
                        "six",
                        "setuptools<81"});
    });
    return home / "bin" / "python";
}

Finished run_curator(const std::filesystem::path& program,
                     const std::string& url,
                     const std::string& actions,
                     const std::filesystem::path& folder) {
    std::ofstream(folder / "curator-actions.yml") << actions;
    std::ofstream(folder / "curator.yml") << fmt::format(
        "client: {{hosts: ['{}'], timeout: 60}}\nlogging: {{loglevel: INFO}}\n", url);
    Command command;
    command.argv = {program.string(),
                    "-c",
                    "from curator.cli import cli; cli()",
                    "--config",
                    (folder / "curator.yml").string(),
                    (folder / "curator-actions.yml").string()};
    command.environment = {{"LC_ALL", "C.UTF-8"}, {"LANG", "C.UTF-8"}};
    return run_command(command, 10min);
}

}  // namespace caretaker::testing
