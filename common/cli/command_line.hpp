// SPDX-License-Identifier: Apache-2.0
// The command line: the registry of jobs as a CLI11 tree, and what a caller chose from it.
#pragma once

#include "common/base/job.hpp"
#include "common/cli/run_options.hpp"
#include "common/output/terminal_style.hpp"

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace CLI {
class App;
}  // namespace CLI

namespace caretaker {

enum class OutputFormat { table, json, jsonl, csv, none };

/// Options that every command takes.
struct GlobalOptions {
    std::vector<std::string> config_files{};
    std::string target{};
    std::string store{};
    std::string statsd{};
    bool no_statsd = false;
    OutputFormat output = OutputFormat::table;
    int verbosity = 0;  // -1: errors only, 0: default, 1: debug
    ColourChoice colour = ColourChoice::automatic;
    bool utc = false;
    bool no_progress = false;
};

/// What is to be done: print `text` and end with ok, or run `job`.
struct CommandLine {
    std::shared_ptr<CLI::App> app{};  // what the job's options are bound to
    std::optional<std::string> text{};
    bool wants_version = false;
    bool version_details = false;
    bool version_json = false;
    const JobEntry* entry = nullptr;
    std::unique_ptr<Job> job{};
    GlobalOptions globals{};
    std::shared_ptr<RunOptions> run = std::make_shared<RunOptions>();  // bound to `app`, too
};

/// Parses the arguments without the program's name. No IO.
/// Throws UsageError for whatever is not understood, with the nearest name where one is near.
CommandLine parse_command_line(std::span<const JobEntry> registry, std::vector<std::string> args);

/// The output format asked for, found even when the rest of the arguments is wrong, so that a usage
/// error is reported in that form.
OutputFormat find_output_format(std::span<const std::string> args);

/// Whether the answer is to be that of a monitoring plugin, found in the same way.
bool find_nagios(std::span<const std::string> args);

}  // namespace caretaker
