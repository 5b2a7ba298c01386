// SPDX-License-Identifier: Apache-2.0
// The servers that the engine tests download: kept outside the tree and shared by all test runs.
#pragma once

#include <filesystem>
#include <functional>
#include <stdexcept>
#include <string>
#include <vector>

namespace caretaker::testing {

/// A server cannot be had on this machine: a program or the registry is missing.
class EngineUnavailable : public std::runtime_error {
 public:
    using std::runtime_error::runtime_error;
};

/// CARETAKER_ENGINES_CACHE, else caretaker-engines in the user's cache folder.
std::filesystem::path engine_cache_folder();

/// The entry `name` of the cache. When it is missing, `fill` makes it at the path it is given,
/// which gets its real name only when `fill` returns; other processes wait meanwhile. What `fill`
/// throws passes through.
std::filesystem::path cached(const std::string& name,
                             const std::function<void(const std::filesystem::path&)>& fill);

/// Throws EngineUnavailable, naming `engine`, unless all `programs` are in PATH.
void require_programs(const std::string& engine, const std::vector<std::string>& programs);

/// Ends the running test, from its SetUp: a failure with CARETAKER_REQUIRE_ENGINES=1, else skipped.
void report_unavailable(const EngineUnavailable& reason);

}  // namespace caretaker::testing
