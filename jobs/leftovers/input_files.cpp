// SPDX-License-Identifier: Apache-2.0
#include "jobs/leftovers/input_files.hpp"

#include "common/base/error.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <system_error>

namespace caretaker {

namespace fs = std::filesystem;

std::vector<fs::path> list_input_files(const std::vector<std::string>& paths) {
    std::vector<fs::path> files;
    for (const std::string& path : paths) {
        std::error_code failure;
        if (!fs::is_directory(path, failure)) {
            files.emplace_back(path);
            continue;
        }
        std::vector<fs::path> inside;
        for (const fs::directory_entry& entry : fs::directory_iterator(path, failure)) {
            if (entry.path().extension() == ".json") {
                inside.push_back(entry.path());
            }
        }
        if (failure || inside.empty()) {
            throw UsageError(fmt::format("--input: {} holds no file NAME.json that can be read{}",
                                         path,
                                         failure ? ": " + failure.message() : std::string()));
        }
        std::ranges::sort(inside);
        files.insert(files.end(), inside.begin(), inside.end());
    }
    return files;
}

}  // namespace caretaker
