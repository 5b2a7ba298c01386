// SPDX-License-Identifier: Apache-2.0
// What a first bundle for a new type of log shows of its fields. No IO.
#pragma once

#include "jobs/kibana/provision_template_model.hpp"

#include <string>
#include <vector>

namespace caretaker {

inline constexpr int template_grid_width = 48;  // columns of a dashboard since Kibana 7

/// What a visualization counts over, and its place on the dashboard.
struct TemplateChart {
    std::string id{};
    std::string title{};
    std::string words{};   // the field whose values are its rows; empty: lines over time
    std::string number{};  // the field whose average is shown; empty: how many lines
    int x = 0;
    int y = 0;
    int width = template_grid_width;
    int height = 12;
};

struct TemplateChoice {
    std::string time{};
    std::vector<std::string> columns{};  // of the list of the newest lines
    std::vector<TemplateChart> charts{};
    int search_y = 0;  // where that list begins, below the charts
};

/// Throws UsageError where there is no time field.
TemplateChoice choose_template(const LogTypeTemplate& type,
                               const std::vector<TemplateField>& fields);

}  // namespace caretaker
