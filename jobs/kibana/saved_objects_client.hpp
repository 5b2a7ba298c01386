// SPDX-License-Identifier: Apache-2.0
// A Kibana or OpenSearch Dashboards, and the saved objects that it keeps: Kibana 6 to 9, OpenSearch
// Dashboards 1 to 3.
#pragma once

#include "jobs/kibana/kibana_status_model.hpp"
#include "jobs/kibana/provision_bundle.hpp"
#include "jobs/kibana/provision_storage_plan.hpp"

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace caretaker {

class HttpClient;
class ServiceHttp;

/// What the server is; nothing while it starts.
struct KibanaServer {
    bool is_ready = false;
    std::string state{};  // for messages
    std::optional<DashboardsVersion> version{};
};

/// Type and id; the normal form of what is there.
using PresentObjects = std::map<std::pair<std::string, std::string>, std::string>;

/// Asks once for status and version; what is out of reach, or answers something else, is not ready.
/// Throws RemoteError "kibana_denied" where it wants a login, and JsonError.
KibanaServer look_at_kibana(HttpClient& http, const std::string& address);

/// All throw RemoteError and JsonError.
class SavedObjectsClient {
 public:
    explicit SavedObjectsClient(ServiceHttp& http) : http_(http) {}

    /// From now on it is spoken to as that version does, about that space.
    void settle_on(const DashboardsVersion& version, const std::string& space);

    /// Those that are there.
    PresentObjects fetch(const std::vector<BundleObject>& objects);

    /// Writes them, whether they are there or not; why not each of them, empty where it was.
    std::vector<std::string> write(const std::vector<const BundleObject*>& objects);

    /// The id of the default index pattern; empty where none is set.
    std::string default_index();
    void set_default_index(const std::string& id);

 private:
    [[nodiscard]] std::string path(std::string_view rest) const;
    [[nodiscard]] std::string settings_path() const;
    std::vector<std::string> write_by_calls(const std::vector<const BundleObject*>& objects);
    std::vector<std::string> import_file(const std::vector<const BundleObject*>& objects);

    ServiceHttp& http_;
    DashboardsVersion version_{};
    ObjectStorage storage_ = ObjectStorage::import_file;
    std::string prefix_{};
};

}  // namespace caretaker
