// SPDX-License-Identifier: Apache-2.0
// Small tar archives in memory, as images and build contexts are sent to a Docker Engine.
#pragma once

#include <string>
#include <vector>

namespace caretaker::testing {

struct TarEntry {
    std::string name{};  // at most 99 bytes
    std::string content{};
    unsigned mode = 0644;
};

/// An archive in the format ustar. Throws std::runtime_error for a name that does not fit.
std::string make_tar(const std::vector<TarEntry>& entries);

}  // namespace caretaker::testing
