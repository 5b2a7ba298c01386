// SPDX-License-Identifier: Apache-2.0
// A plan that an earlier dry run printed as JSON, and what may be done by it.
#pragma once

#include "common/base/wall_time.hpp"
#include "jobs/cleanup/planned_row.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace caretaker {

/// What makes a planned thing this very thing.
struct PlannedThing {
    std::string_view kind{};
    std::string_view rule{};
    std::string_view path{};    // absolute, as bytes; the name of what is no file
    std::string_view object{};  // what a Docker Engine knows it by; empty: a file
    std::uint64_t device = 0;
    std::uint64_t inode = 0;
    std::uint64_t size = 0;  // of directories 0
    std::int64_t mtime = 0;  // nanoseconds since 1970
    std::int64_t ctime = 0;  // of directories 0
};

/// A thing of a saved plan; as PlannedThing.
struct SavedThing {
    std::string part{};
    std::string kind{};
    std::string rule{};
    std::string path{};
    std::string object{};
    std::uint64_t device = 0;
    std::uint64_t inode = 0;
    std::uint64_t size = 0;
    std::int64_t mtime = 0;
    std::int64_t ctime = 0;
};

/// A thing of a saved plan that is not in the plan made now.
struct Strayed {
    SavedThing thing{};
    bool is_gone = false;  // else it is there, and not what it was
    std::string reason{};  // why it is left, where that is another one
};

/// The row that tells of it.
PlannedRow row_of(const Strayed& strayed);

class SavedPlan {
 public:
    /// Takes what `caretaker cleanup --dry-run -o json` wrote. Throws UsageError where it is not
    /// that, is of another host than `host`, or was made a day or longer before `now`. `what` names
    /// the text in messages.
    static SavedPlan parse(std::string_view text,
                           const std::string& what,
                           const std::string& host,
                           WallTime now);

    /// The index of that very thing among all; nothing where the plan does not hold it.
    [[nodiscard]] std::optional<std::size_t> find(const PlannedThing& thing) const;

    [[nodiscard]] const std::vector<SavedThing>& things() const { return things_; }

 private:
    void add(SavedThing thing);

    std::vector<SavedThing> things_{};
    std::unordered_map<std::string, std::size_t> indices_{};  // by what makes a thing itself
};

}  // namespace caretaker
