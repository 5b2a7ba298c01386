// SPDX-License-Identifier: Apache-2.0
// Elastic Curator from PyPI, in a virtual environment of the engines' cache.
#pragma once

#include "tests/support/child_process.hpp"

#include <filesystem>
#include <string>

namespace caretaker::testing {

/// The program `curator` of version 5.8.4, which speaks to Elasticsearch 5 to 7. Throws
/// EngineUnavailable where Python, its venv module or the registry is missing.
std::filesystem::path curator_program();

/// Runs an action file with it.
Finished run_curator(const std::filesystem::path& program,
                     const std::string& url,
                     const std::string& actions,
                     const std::filesystem::path& folder);

}  // namespace caretaker::testing
