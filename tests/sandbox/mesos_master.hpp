// SPDX-License-Identifier: Apache-2.0
// What one Mesos master answers to one request: paths, versions, leadership.
#pragma once

#include "tests/sandbox/mesos_documents.hpp"
#include "tests/support/fake_server.hpp"

#include <optional>
#include <string>
#include <vector>

namespace caretaker::sandbox {

/// Demands HTTP Basic for everything but /health, /version and /redirect.
struct MesosLogin {
    std::string user{};
    std::string password{};
};

/// All but /api/v1/scheduler and /teardown.
ServedAnswer answer_mesos_master(const MesosScene& scene, const HttpRequest& request);

/// Where the scheduler API, /teardown and everything else that changes the cluster is not to be
/// had: the redirect or refusal of a master that does not lead; nothing where it does.
std::optional<ServedAnswer> refuse_as_follower(const MesosScene& scene, const HttpRequest& request);

/// Nothing where `request` may pass. `realm`: "mesos-master-readonly".
std::optional<ServedAnswer> refuse_login(const std::optional<MesosLogin>& login,
                                         std::string_view realm,
                                         const HttpRequest& request);

/// The path in its long form, without trailing slash: "/state/" is "/master/state".
std::string master_path(const std::string& url);

/// The checks of a POST with a JSON call before its type counts. `kind` is for the messages:
/// "master::Call" or "scheduler::Call". Nothing where they pass.
std::optional<ServedAnswer> refuse_call_form(const HttpRequest& request);

}  // namespace caretaker::sandbox
