// SPDX-License-Identifier: Apache-2.0
#include "jobs/kibana/provision_storage_plan.hpp"

#include <fmt/format.h>

#include <charconv>
#include <string_view>
#include <utility>

namespace caretaker {

namespace {

/// OpenSearch Dashboards has the formats of Kibana 7.10, whatever its own version.
DashboardsVersion as_kibana(const DashboardsVersion& version) {
    return version.opensearch ? DashboardsVersion{7, 10} : version;
}

}  // namespace

std::optional<DashboardsVersion> parse_dashboards_version(std::string_view text) {
    const char* const end = text.data() + text.size();
    DashboardsVersion version;
    const auto [dot, error] = std::from_chars(text.data(), end, version.major);
    if (error != std::errc{} || version.major < 1 || dot == end || *dot != '.') {
        return std::nullopt;
    }
    const auto [rest, minor_error] = std::from_chars(dot + 1, end, version.minor);
    if (minor_error != std::errc{} || version.minor < 0 ||
        (rest != end && *rest != '.' && *rest != '-')) {
        return std::nullopt;
    }
    return version;
}

std::string describe_dashboards(const DashboardsVersion& version) {
    return fmt::format("{} {}.{}",
                       version.opensearch ? "OpenSearch Dashboards" : "Kibana",
                       version.major,
                       version.minor);
}

bool is_since(const DashboardsVersion& version, int major, int minor) {
    const DashboardsVersion own = as_kibana(version);
    return std::pair(own.major, own.minor) >= std::pair(major, minor);
}

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

std::string import_obstacle(const DashboardsVersion& from, const DashboardsVersion& into) {
    const bool alike = from.opensearch == into.opensearch;
    const DashboardsVersion source = alike ? from : as_kibana(from);
    const DashboardsVersion target = alike ? into : as_kibana(into);
    std::string_view advice;
    if (std::pair(target.major, target.minor) < std::pair(source.major, source.minor)) {
        advice = into.opensearch && !from.opensearch
                     ? "export them from Kibana 7.10 or an older one"
                     : "export them from that version or an older one";
    } else if (target.major > source.major + 1) {
        advice = "import them into the major version between first and export them there";
    } else {
        return {};
    }
    return fmt::format("objects exported from {} cannot be imported into {}; {}",
                       describe_dashboards(from),
                       describe_dashboards(into),
                       advice);
}

}  // namespace caretaker
