// SPDX-License-Identifier: Apache-2.0
// How many rows one run may still write.
#pragma once

#include <cstdint>

namespace caretaker {

class RowBudget {
 public:
    explicit RowBudget(std::int64_t rows) : left_(rows) {}

    /// Takes one row; false, and counted, when none is left.
    bool take() {
        if (left_ <= 0) {
            ++left_out_;
            return false;
        }
        --left_;
        return true;
    }

    /// Takes rows that are written in any case.
    void take_always(std::int64_t rows) { left_ -= rows; }

    [[nodiscard]] std::int64_t left_out() const { return left_out_; }

 private:
    std::int64_t left_;
    std::int64_t left_out_ = 0;
};

}  // namespace caretaker
