// SPDX-License-Identifier: Apache-2.0
// The first objects of a new log type, made from its fields. No IO.
#pragma once

#include "common/json/json_view.hpp"
#include "jobs/kibana/provision_bundle.hpp"

#include <string>
#include <vector>

namespace caretaker {

struct LogFields {
    std::string time{};                // the field of a line's time
    std::vector<std::string> words{};  // that can be counted by their values: host, level, …
    std::vector<std::string> numbers{};
};

/// The fields of GET /{index}/_field_caps?fields=*: "@timestamp" or the first date is the time, the
/// words are in the order in which people ask for them (level, host, service, …), then by name.
/// Fields that begin with "_" are left out. Throws JsonError.
LogFields read_log_fields(JsonView capabilities);

/// An index pattern for `index` ("logs-ads-*"), a search over it, lines over time, the most
/// frequent values of up to four words, and a dashboard with all of them, as Kibana 7.0 and later,
/// and OpenSearch Dashboards, take them. `name` is part of every id: "logs-ads".
ProvisionBundle make_template_bundle(const std::string& name,
                                     const std::string& index,
                                     const LogFields& fields);

}  // namespace caretaker
