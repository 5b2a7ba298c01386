// SPDX-License-Identifier: Apache-2.0
// Where a Kibana keeps its saved objects, in the way of its generation.
#pragma once

#include "common/base/action_executor.hpp"
#include "jobs/kibana/provision_bundle_model.hpp"
#include "jobs/kibana/provision_storage_plan.hpp"

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace caretaker {

class ServiceHttp;

/// An object as it is there.
struct KeptObject {
    std::string normal{};   // as normal_object()
    std::string version{};  // of its document, where a change can be made dependent on it
};

struct ObjectWrite {
    const BundleObject* object = nullptr;
    bool replaces = false;
    std::string version{};  // that was seen, of an object that is replaced
};

/// Functions throw RemoteError and JsonError.
class ObjectKeeper {
 public:
    virtual ~ObjectKeeper() = default;

    /// What is there, in the order of `objects`.
    virtual std::vector<std::optional<KeptObject>> read(
        std::span<const BundleObject* const> objects) = 0;

    /// Writes all of them by one request, or each by its own; one result for each.
    virtual std::vector<ActionResult> write(std::span<const ObjectWrite> writes) = 0;

    /// Whether write() sends many by one request.
    [[nodiscard]] virtual bool writes_together() const { return false; }

    /// Whether it knows of a default index pattern at all.
    [[nodiscard]] virtual bool has_default() const { return true; }

    /// The id of the default index pattern; empty where there is none, or it is gone.
    virtual std::string read_default() = 0;

    virtual ActionResult write_default(const std::string& id) = 0;
};

/// How the saved objects of a Kibana are reached.
struct KeeperOptions {
    DashboardsVersion version{};
    std::string number{};     // "4.6.1"
    std::string base_path{};  // of Kibana: "/kibana"
    std::string space{};
    std::string index{};  // of Kibana 4 and 5: ".kibana"
};

/// Of Kibana 6 and later, and of OpenSearch Dashboards: calls to Kibana itself.
std::unique_ptr<ObjectKeeper> keep_by_calls(ServiceHttp& kibana, KeeperOptions options);

/// Of Kibana 3, 4 and 5: documents in Elasticsearch.
std::unique_ptr<ObjectKeeper> keep_in_documents(ServiceHttp& search, KeeperOptions options);

}  // namespace caretaker
