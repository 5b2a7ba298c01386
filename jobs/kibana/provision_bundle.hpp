// SPDX-License-Identifier: Apache-2.0
// A bundle: saved objects of Kibana in a directory, with what stands around them.
#pragma once

#include "jobs/kibana/provision_storage_plan.hpp"

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace caretaker {

/// Values for ${name} in a bundle's files.
using BundleVariables = std::map<std::string, std::string, std::less<>>;

struct BundleObject {
    std::string type{};
    std::string id{};
    std::string origin{};  // "export.ndjson:3", for messages
    std::string json{};    // the whole object, as it is imported
    std::string form{};    // its attributes and references in a form that can be compared
    std::optional<DashboardsVersion> exported_by{};  // where it says
};

struct ProvisionBundle {
    std::string name{};
    std::string version{};        // of the bundle
    std::string default_index{};  // id of an index pattern; empty: none is wanted
    std::string space{};          // empty: the default one
    std::optional<DashboardsVersion> min_kibana{};
    std::optional<DashboardsVersion> exported_by{};  // the newest that an object names
    std::vector<BundleObject> objects{};             // in the order in which they can be written
};

/// Replaces each ${name}; "$${" stands for "${" itself. Throws UsageError, beginning with `what`,
/// for a name without a value.
std::string fill_in(std::string_view text,
                    const BundleVariables& variables,
                    const std::string& what);

/// Reads bundle.json. Throws UsageError.
ProvisionBundle parse_bundle_manifest(std::string_view text, const std::string& what);

/// One object: a line of an export, or a file of `legacy`. Nothing for the last line of an export,
/// which counts the others. Throws UsageError for what is no object, with `origin`.
std::optional<BundleObject> parse_bundle_object(std::string_view text, const std::string& origin);

/// Puts the objects in order; throws UsageError for one that is there twice, for a default index
/// that is none of the bundle's patterns, and for no objects.
void finish_bundle(ProvisionBundle& bundle, const std::string& what);

/// Reads bundle.json and export.ndjson, or legacy/*.json, of a directory. Throws UsageError.
ProvisionBundle read_bundle(const std::string& directory, const BundleVariables& variables);

/// "7.17", "8.11.0"; nothing for what is none.
std::optional<DashboardsVersion> parse_dashboards_version(std::string_view text);

}  // namespace caretaker
