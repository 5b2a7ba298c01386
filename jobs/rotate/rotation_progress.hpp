// SPDX-License-Identifier: Apache-2.0
// What a run of the same files that was stopped had already done.
#pragma once

#include "common/base/context.hpp"

#include <cstddef>
#include <set>
#include <string>

namespace caretaker {

/// Remembers, in the store's memory of the job and target, which actions of the files a run has
/// finished, and forgets them when the run comes to its end. Without a store nothing is remembered.
class RotationProgress {
 public:
    /// `files` tells the files apart by what stands in them. `context` must outlive this object.
    RotationProgress(Context& context, std::string files);

    /// The actions, from 0 over all files, that an earlier run finished which came to no end.
    [[nodiscard]] std::set<std::size_t> finished_before();

    /// Remembers one more. Throws StoreError.
    void finish(std::size_t step);

    /// The run comes to its end: nothing has to be gone on with.
    void forget();

 private:
    void save();

    Context& context_;
    std::string files_;
    std::set<std::size_t> finished_{};
    bool is_saved_ = false;
};

}  // namespace caretaker
