// SPDX-License-Identifier: Apache-2.0
#include "jobs/kibana/provision_storage_plan.hpp"

#include <fmt/format.h>

#include <string_view>
#include <utility>

namespace caretaker {

namespace {

std::string name_of(const DashboardsVersion& version) {
    return fmt::format("{} {}.{}",
                       version.opensearch ? "OpenSearch Dashboards" : "Kibana",
                       version.major,
                       version.minor);
}

/// OpenSearch Dashboards has the formats of Kibana 7.10, whatever its own version.
DashboardsVersion as_kibana(const DashboardsVersion& version) {
    return version.opensearch ? DashboardsVersion{7, 10} : version;
}

}  // namespace

std::optional<ObjectStorage> object_storage(const DashboardsVersion& version) {
    if (version.opensearch) {
        return version.major >= 1 ? std::optional(ObjectStorage::import_file) : std::nullopt;
    }
    constexpr int first_with_index_patterns = 11;
    switch (version.major) {
        case 3:
            return ObjectStorage::kibana_int;
        case 4:
        case 5:
            return ObjectStorage::kibana_index;
        case 6:
            return ObjectStorage::object_calls;
        case 7:
            return version.minor < first_with_index_patterns ? ObjectStorage::import_file
                                                             : ObjectStorage::index_pattern;
        default:
            return version.major >= 8 ? std::optional(ObjectStorage::data_view) : std::nullopt;
    }
}

bool is_older(const DashboardsVersion& version, const DashboardsVersion& than) {
    const bool alike = version.opensearch == than.opensearch;
    const DashboardsVersion left = alike ? version : as_kibana(version);
    const DashboardsVersion right = alike ? than : as_kibana(than);
    return std::pair(left.major, left.minor) < std::pair(right.major, right.minor);
}

std::string import_obstacle(const DashboardsVersion& from, const DashboardsVersion& into) {
    const bool alike = from.opensearch == into.opensearch;
    const DashboardsVersion source = alike ? from : as_kibana(from);
    const DashboardsVersion target = alike ? into : as_kibana(into);
    std::string_view advice;
    if (is_older(target, source)) {
        advice = into.opensearch && !from.opensearch
                     ? "export them from Kibana 7.10 or an older one"
                     : "export them from that version or an older one";
    } else if (target.major > source.major + 1) {
        advice = "import them into the major version between first and export them there";
    } else {
        return {};
    }
    return fmt::format("objects exported from {} cannot be imported into {}; {}",
                       name_of(from),
                       name_of(into),
                       advice);
}

}  // namespace caretaker
