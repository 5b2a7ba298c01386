// SPDX-License-Identifier: Apache-2.0
// What `rotate explain` shows: which filter took or left an index, what spared it, and why.
#pragma once

#include "common/base/report.hpp"
#include "jobs/rotate/index_selector.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace caretaker {

class Explanations {
 public:
    /// `index`: the only one that is asked for; empty for all.
    explicit Explanations(std::string index) : wanted_(std::move(index)) {}

    /// What filter number `filter` (from 0) of an action says of one index.
    void add(std::size_t step,
             const ActionSpec& spec,
             std::size_t filter,
             const FilterSpec& filter_spec,
             const FilterNote& note,
             std::string_view index);

    /// What beside the filters of an action keeps it from an index. What no file asks for is told
    /// only of the one index that is asked for.
    void add(std::string_view action, const ExplainRemark& remark);

    /// Whether the index that is asked for is there, for where nothing is said of it.
    void set_found(bool found) { is_found_ = found; }

    /// Puts its table in place of the report's.
    void show(Report& report) const;

 private:
    struct Line {
        std::size_t step = 0;
        std::string action{};
        std::string filter{};
        std::string index{};
        std::string verdict{};
        std::string reason{};
    };

    std::string wanted_;
    bool is_found_ = false;
    std::vector<Line> lines_{};
};

}  // namespace caretaker
