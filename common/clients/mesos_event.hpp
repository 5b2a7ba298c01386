// SPDX-License-Identifier: Apache-2.0
// Events that a Mesos master sends to a framework, as far as who only looks at offers needs them.
#pragma once

#include "common/clients/mesos_resource.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace caretaker {

struct MesosOffer {
    std::string id{};
    std::string agent_id{};
    std::string hostname{};
    std::string role{};  // of the framework that it goes to; empty before Mesos 1.2
    std::vector<MesosResource> resources{};
};

enum class MesosEventType { subscribed, heartbeat, offers, rescind, error, other };

struct MesosEvent {
    MesosEventType type = MesosEventType::other;
    std::string framework_id{};         // of SUBSCRIBED
    std::vector<MesosOffer> offers{};   // of OFFERS
    std::vector<std::string> unread{};  // ids of offers that could not be read
    std::string rescinded_offer_id{};   // of RESCIND
    std::string message{};              // of ERROR
};

/// One record of the stream. Only an offer at a time is in memory as JSON. Throws JsonError for
/// what is no event.
MesosEvent read_mesos_event(std::string_view record);

}  // namespace caretaker
