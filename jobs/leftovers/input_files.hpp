// SPDX-License-Identifier: Apache-2.0
// Which files `--input` names.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace caretaker {

/// Files as they are named, and the *.json files of directories in byte order of their names.
/// Throws UsageError for a directory without any.
std::vector<std::filesystem::path> list_input_files(const std::vector<std::string>& paths);

}  // namespace caretaker
