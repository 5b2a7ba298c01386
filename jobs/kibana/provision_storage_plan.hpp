// SPDX-License-Identifier: Apache-2.0
// How each generation of Kibana takes saved objects. No IO.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace caretaker {

struct DashboardsVersion {
    int major = 0;
    int minor = 0;
    bool opensearch = false;  // OpenSearch Dashboards, which counts anew from 1.0
};

enum class ObjectStorage {
    kibana_int,     // 3: documents of the index kibana-int
    kibana_index,   // 4, 5: documents of the index .kibana
    object_calls,   // 6: one call an object
    import_file,    // 7: an NDJSON file for everything
    index_pattern,  // 7.11: the same, with calls for index patterns
    data_view,      // 8: the same, with calls for data views
};

/// "7.10", "8.11.0", "9.0.0-SNAPSHOT"; nothing for what is none.
std::optional<DashboardsVersion> parse_dashboards_version(std::string_view text);

/// "Kibana 7.10", "OpenSearch Dashboards 2.19".
std::string describe_dashboards(const DashboardsVersion& version);

/// Whether it has what Kibana has since that version.
bool is_since(const DashboardsVersion& version, int major, int minor);

/// Nothing for versions before 3, and for OpenSearch Dashboards before 1.
std::optional<ObjectStorage> object_storage(const DashboardsVersion& version);

/// Why objects exported by `from` cannot go into `into`, as a sentence that names both; empty if
/// they can: into the same or a later minor version, up to the next major one. Between the two
/// products OpenSearch Dashboards counts as Kibana 7.10.
std::string import_obstacle(const DashboardsVersion& from, const DashboardsVersion& into);

}  // namespace caretaker
