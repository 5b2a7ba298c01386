// SPDX-License-Identifier: Apache-2.0
// Removes a directory with everything in it, if all of that is still as planned.
#pragma once

#include "jobs/cleanup/file_deletion.hpp"
#include "jobs/cleanup/unit_walk.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>

namespace caretaker {

/// What became of a unit. `changed`: nothing of it was touched. `failed` once it was begun: what is
/// left of it is counted by how much went.
struct RemovedUnit {
    Result result = Result::done;
    int error = 0;                // errno of what ended it; 0: it was stopped
    std::string first{};          // the path that it is about, as bytes
    std::size_t removed = 0;      // entries and directories
    std::uint64_t allocated = 0;  // bytes that they freed
};

class UnitRemoval {
 public:
    /// The units are of `tree`.
    UnitRemoval(FileTree& tree, DirectoryOpener& opener, HeldDirectories& held)
        : tree_(tree), cursor_(tree, opener, &held), deletion_(any_rule(), tree, opener, held) {}

    /// Looks at everything in it before the first deletion, and at each thing again before its
    /// own. Once it has begun, `stops` may end it between two. The directories of what is left of
    /// it get their times back, so that it is as old as before and goes with a later run.
    RemovedUnit remove(const Unit& unit, const std::function<bool()>& stops);

    /// Lets all directories go.
    void leave() {
        cursor_.leave();
        deletion_.leave();
    }

 private:
    static const FileRule& any_rule();

    /// Why it is not what was planned, or nothing.
    std::optional<RemovedUnit> find_change(const Unit& unit);
    RemovedUnit remove_contents(const Unit& unit, const std::function<bool()>& stops);
    void put_times_back(const Unit& unit);

    FileTree& tree_;
    DirectoryCursor cursor_;
    FileDeletion deletion_;
};

}  // namespace caretaker
