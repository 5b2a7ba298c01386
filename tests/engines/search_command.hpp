// SPDX-License-Identifier: Apache-2.0
// How each version of a search engine is configured and started.
#pragma once

#include "tests/engines/search_distribution.hpp"
#include "tests/support/child_process.hpp"

#include <cstdint>
#include <filesystem>

namespace caretaker::testing {

/// Where one instance lives.
struct SearchInstance {
    std::filesystem::path home{};    // of the distribution
    std::filesystem::path folder{};  // config, data, logs, repo, tmp
    std::uint16_t http_port = 0;
    std::uint16_t transport_port = 0;
};

/// Writes its configuration files.
void write_search_configuration(const SearchDistribution& distribution,
                                const SearchInstance& instance);

/// Its command line; as another user where the tests are root, which the servers refuse to be.
/// Throws EngineUnavailable where there is no fitting Java.
Command search_command(const SearchDistribution& distribution, const SearchInstance& instance);

}  // namespace caretaker::testing
