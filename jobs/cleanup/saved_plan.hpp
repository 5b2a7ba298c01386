// SPDX-License-Identifier: Apache-2.0
// A plan that an earlier dry run printed as JSON, and what may be done by it.
#pragma once

#include "common/base/wall_time.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_set>

namespace caretaker {

/// What makes a planned thing this very thing.
struct PlannedThing {
    std::string_view kind{};
    std::string_view rule{};
    std::string_view path{};  // absolute, as bytes
    std::uint64_t device = 0;
    std::uint64_t inode = 0;
    std::uint64_t size = 0;  // of directories 0
    std::int64_t mtime = 0;  // nanoseconds since 1970
    std::int64_t ctime = 0;  // of directories 0
};

class SavedPlan {
 public:
    /// Takes what `caretaker cleanup --dry-run -o json` wrote. Throws UsageError where it is not
    /// that, is of another host than `host`, or was made a day or longer before `now`. `what` names
    /// the text in messages.
    static SavedPlan parse(std::string_view text,
                           const std::string& what,
                           const std::string& host,
                           WallTime now);

    [[nodiscard]] bool contains(const PlannedThing& thing) const;

    [[nodiscard]] std::size_t size() const { return keys_.size(); }

 private:
    std::unordered_set<std::string> keys_{};
};

}  // namespace caretaker
