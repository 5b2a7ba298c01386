// SPDX-License-Identifier: Apache-2.0
// Where the run's own store lies, by whatever name.
#pragma once

#include "common/text/path_pattern.hpp"
#include "jobs/cleanup/inode_id.hpp"

#include <string>
#include <vector>

namespace caretaker {

struct StorePlace {
    std::vector<std::string> files{};      // absolute paths of its file, those without links too
    std::vector<InodeId> directories{};    // which hold nothing but it: no roots
    std::vector<PathPattern> own_files{};  // its file and what stands beside it
};

/// `path` of its file, absolute; empty: there is no store.
StorePlace find_store_place(const std::string& path);

}  // namespace caretaker
