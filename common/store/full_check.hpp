// SPDX-License-Identifier: Apache-2.0
// Looks through the whole file for damage.
#pragma once

#include <string>
#include <vector>

namespace caretaker {

class Database;

/// Each list is empty where all is well, and holds the first twenty things that are wrong.
struct FullCheck {
    std::vector<std::string> integrity{};     // of pages, indices and types
    std::vector<std::string> foreign_keys{};  // rows whose run is not there
    std::vector<std::string> schema{};        // tables and indices that are missing or different

    [[nodiscard]] bool is_sound() const {
        return integrity.empty() && foreign_keys.empty() && schema.empty();
    }
};

/// Reads only, and takes as long as it takes: seconds for each GB. StoreError when a stop is
/// requested meanwhile.
FullCheck check_fully(const Database& database);

}  // namespace caretaker
