// SPDX-License-Identifier: Apache-2.0
// Removes a directory with everything in it, if all of that is still as planned.
#pragma once

#include "jobs/cleanup/file_deletion.hpp"
#include "jobs/cleanup/unit_walk.hpp"

#include <cstdint>
#include <functional>
#include <string>

namespace caretaker {

struct RemovedUnit {
    Result result = Result::done;
    int error = 0;        // errno of the first failure
    std::string first{};  // the path that it is about, as bytes
};

class UnitRemoval {
 public:
    /// The units are of `tree`.
    UnitRemoval(FileTree& tree, DirectoryOpener& opener)
        : tree_(tree), deletion_(any_rule(), tree, opener) {}

    /// Looks at everything in it before the first deletion, and at each thing again before its
    /// own. Once it has begun, `stops` may end it between two: what is left then is `changed`.
    RemovedUnit remove(const Unit& unit, const std::function<bool()>& stops);

 private:
    static const FileRule& any_rule();

    FileTree& tree_;
    FileDeletion deletion_;
};

}  // namespace caretaker
