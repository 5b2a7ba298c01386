// SPDX-License-Identifier: Apache-2.0
// Answers of a Mesos master's operator API (POST /api/v1).
#pragma once

#include "tests/sandbox/mesos_documents.hpp"
#include "tests/sandbox/mesos_resource_json.hpp"

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace caretaker::sandbox {

/// Writes the answer to a GET_ call, e.g. {"type":"GET_AGENTS","get_agents":{…}}; nothing for a
/// call that is not one of them.
std::function<void(Json&, const MesosScene&)> find_v1_call(std::string_view type);

/// {"type":"GET_X","get_x":{…}}
void write_v1(Json& json, std::string_view type, const std::function<void(Json&)>& write_members);

/// An offer as the scheduler API and GET_FRAMEWORKS show it.
void write_v1_offer(Json& json, const PlatformState& state, const FakeOffer& offer);

/// GET_MASTER's and SUBSCRIBED's object.
void write_master_info(Json& json, const MesosScene& scene);

}  // namespace caretaker::sandbox
