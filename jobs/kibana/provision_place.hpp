// SPDX-License-Identifier: Apache-2.0
// The Kibana that is provisioned: where it is, whether it is awake and ready.
#pragma once

#include "common/base/action_executor.hpp"
#include "common/http/service_http.hpp"
#include "jobs/kibana/provision_contact.hpp"
#include "jobs/kibana/provision_request.hpp"

#include <memory>
#include <optional>
#include <string>

namespace caretaker {

class JobMemory;
class KibanaFleet;
struct Context;
struct KibanaFacts;

class ProvisionPlace {
 public:
    /// `memory` may be null. All outlive this. Asks nobody yet.
    ProvisionPlace(const ProvisionRequest& request, Context& context, JobMemory* memory);
    ~ProvisionPlace();
    ProvisionPlace(const ProvisionPlace&) = delete;
    ProvisionPlace& operator=(const ProvisionPlace&) = delete;

    /// Looks for the app in Marathon, if it is one. Throws UsageError where there is none of that
    /// name, Error where it is suspended and not to be woken, RemoteError and JsonError.
    void find();

    /// Suspended, and to be woken.
    [[nodiscard]] bool is_asleep() const { return is_asleep_; }

    /// Throws as KibanaChanges::resume().
    ActionResult wake();

    /// Waits until it is ready. Throws Error (timeout) when it takes longer than asked for,
    /// RemoteError when it wants a login.
    const KibanaContact& await_ready();

    /// Those of the request, and under them the labels of the app.
    [[nodiscard]] BundleVariables variables() const;

    /// "/kibana/ads", "http://kibana:5601"; with the space, if there is one.
    [[nodiscard]] std::string name(const std::string& space) const;

    /// The index of Kibana 4 and 5.
    [[nodiscard]] std::string index() const;

    /// How it is reached; known once it is ready.
    [[nodiscard]] ServiceOptions service() const;

    /// Provisioning counts as use. Throws StoreError.
    void note_use();

 private:
    [[nodiscard]] const KibanaFacts& require_app() const;
    void look_for_task();
    KibanaContact ask(HttpClient& http) const;

    const ProvisionRequest& request_;
    Context& context_;
    JobMemory* memory_;
    std::unique_ptr<KibanaFleet> fleet_{};
    const KibanaFacts* kibana_ = nullptr;
    bool is_asleep_ = false;
    std::string endpoint_{};
    KibanaContact contact_{};
};

}  // namespace caretaker
