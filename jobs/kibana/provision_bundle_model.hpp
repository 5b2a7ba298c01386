// SPDX-License-Identifier: Apache-2.0
// A bundle of saved objects: what its files say. No IO.
#pragma once

#include "jobs/kibana/provision_storage_plan.hpp"

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace caretaker {

struct BundleFile {
    std::string name{};  // for messages: "kibana-bundle/export.ndjson"
    std::string text{};
};

/// The files of a bundle, as they are.
struct BundleFiles {
    BundleFile manifest{};                 // bundle.json
    std::optional<BundleFile> exported{};  // export.ndjson
    std::vector<BundleFile> legacy{};      // legacy/*.json, by name
};

/// What stands for ${name}.
using BundleVariables = std::map<std::string, std::string, std::less<>>;

struct BundleObject {
    std::string type{};
    std::string id{};
    std::string attributes{};  // JSON
    std::string references{};  // JSON, "[]" where it has none
    std::string line{};        // all of it that an import takes, as JSON
    std::string normal{};      // as normal_object()
    std::string where{};       // "kibana-bundle/export.ndjson:3"
};

struct Bundle {
    std::string name{};
    std::string version{};
    std::string default_index{};  // id of an index pattern; empty: none
    std::string space{};          // empty: the default one
    std::optional<DashboardsVersion> min_kibana{};
    std::optional<DashboardsVersion> exported_from{};  // the newest version that wrote an object
    std::vector<BundleObject> exported{};              // for Kibana 6 and later
    std::vector<BundleObject> legacy{};                // for Kibana 3 to 6
};

/// Reads the files, with ${name} replaced in all of them. Objects are in the order in which they
/// have to be written. Throws UsageError with file and line for everything that is wrong.
Bundle read_bundle(const BundleFiles& files, const BundleVariables& variables);

/// `text` with ${name} replaced by the variable; $${ stands for ${. `name` is that of the file, for
/// messages. Throws UsageError.
std::string fill_in_variables(std::string_view text,
                              std::string_view name,
                              const BundleVariables& variables);

/// What is wrong with a variable, as part of a sentence; empty: nothing. It has to be safe in JSON
/// that is a text in JSON.
std::string check_bundle_variable(std::string_view name, std::string_view value);

/// The objects that this Kibana gets: of 3 to 6 the legacy ones, if there are any. Of Kibana 3
/// those that are dashboards of Kibana 3, of later ones all others. Throws UsageError where there
/// are none.
std::vector<const BundleObject*> choose_objects(const Bundle& bundle,
                                                const DashboardsVersion& version);

}  // namespace caretaker
