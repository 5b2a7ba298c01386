// SPDX-License-Identifier: Apache-2.0
// A RunFilter as the WHERE of a statement.
#pragma once

#include "common/store/run_records.hpp"

#include <string>
#include <string_view>

namespace caretaker {

class Statement;

/// Conditions on `runs AS r`; the limit is not among them.
class RunConditions {
 public:
    /// `filter` must outlive this.
    explicit RunConditions(const RunFilter& filter);

    /// The conditions joined by AND, `before` in front of them; empty when there are none.
    [[nodiscard]] std::string text(std::string_view before) const;

    /// Binds their values behind parameter `index`, which then is the last one bound.
    void bind(Statement& statement, int& index) const;

 private:
    const RunFilter& filter_;
    std::string text_;
};

}  // namespace caretaker
