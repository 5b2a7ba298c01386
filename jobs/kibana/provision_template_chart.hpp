// SPDX-License-Identifier: Apache-2.0
// The state of a visualization of Kibana, as its saved object carries it. No IO.
#pragma once

#include "jobs/kibana/provision_template_choice.hpp"

#include <string>

namespace caretaker {

/// The JSON text of `visState`, which Kibana 4 to 9 and OpenSearch Dashboards read: a histogram
/// over `time`, or a table of the most frequent values.
std::string template_chart_state(const TemplateChart& chart, const std::string& time);

}  // namespace caretaker
