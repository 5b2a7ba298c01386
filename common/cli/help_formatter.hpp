// SPDX-License-Identifier: Apache-2.0
// How `--help` looks: what the command is for, examples, options, exit status.
#pragma once

#include "common/base/job.hpp"

#include <CLI/App.hpp>
#include <CLI/Formatter.hpp>

#include <span>
#include <string>

namespace caretaker {

/// Lays out help the same under every version of CLI11.
class HelpFormatter final : public CLI::Formatter {
 public:
    std::string make_help(const CLI::App* app,
                          std::string name,
                          CLI::AppFormatMode mode) const override;
};

/// The EXIT STATUS section, from the one table of exit codes.
std::string exit_status_help();

/// What somebody reads who named no command: one line for each.
std::string short_help(std::span<const JobEntry> registry);

}  // namespace caretaker
