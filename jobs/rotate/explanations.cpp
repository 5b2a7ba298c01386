// SPDX-License-Identifier: Apache-2.0
#include "jobs/rotate/explanations.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace caretaker {

void Explanations::add(std::size_t step,
                       const ActionSpec& spec,
                       std::size_t filter,
                       const FilterSpec& filter_spec,
                       const FilterNote& note,
                       std::string_view index) {
    if (wanted_.empty() || index == wanted_) {
        lines_.push_back({.step = step,
                          .action = spec.id,
                          .filter = fmt::format("{} {}", filter + 1, describe_filter(filter_spec)),
                          .index = std::string(index),
                          .verdict = note.kept ? "takes" : "leaves",
                          .reason = note.reason});
    }
}

void Explanations::add(std::string_view action, const ExplainRemark& remark) {
    if (wanted_.empty() ? !remark.is_expected : remark.name == wanted_) {
        lines_.push_back(
            {.step = remark.step,
             .action = std::string(action),
             .filter = remark.is_expected ? "before all filters" : "beside the filters",
             .index = std::string(remark.name),
             .verdict = "spares",
             .reason = std::string(remark.reason)});
    }
}

void Explanations::show(Report& report) const {
    report.table = {.columns = {{.key = "action", .heading = "ACTION"},
                                {.key = "index", .heading = "INDEX"},
                                {.key = "verdict", .heading = "FILTER"},
                                {.key = "filter", .heading = "NUMBER AND MEANING"},
                                {.key = "reason", .heading = "BECAUSE"}}};
    std::vector<Line> sorted = lines_;
    std::ranges::stable_sort(sorted, {}, [](const Line& one) {
        return std::pair(one.step, std::string_view(one.index));
    });
    for (const Line& one : sorted) {
        report.table.rows.push_back({one.action, one.index, one.verdict, one.filter, one.reason});
    }
    if (lines_.empty() && !wanted_.empty()) {
        report.summary = is_found_
                             ? fmt::format("no action that is run has filters for {}", wanted_)
                             : fmt::format("there is no index {}", wanted_);
    }
}

}  // namespace caretaker
