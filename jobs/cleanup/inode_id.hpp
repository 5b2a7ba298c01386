// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <utility>

namespace caretaker {

/// A device and an inode of it: names of files with both are links to one file.
using InodeId = std::pair<std::uint64_t, std::uint64_t>;

}  // namespace caretaker
