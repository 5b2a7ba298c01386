// SPDX-License-Identifier: Apache-2.0
// Marathon's pods, from 1.4 on: what runs of them, and how they are listed.
#pragma once

#include "tests/sandbox/document_stream.hpp"
#include "tests/sandbox/platform_state.hpp"
#include "tests/sandbox/request_target.hpp"
#include "tests/support/fake_server.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

namespace caretaker::sandbox {

struct DemoPod {
    std::string id{};
    FakePod pod{};
};

/// A pod of the platform's kind; `number` makes its name and its needs.
DemoPod make_demo_pod(std::size_t number, std::int64_t now_ms);

/// Adds a pod with as many instances as find a place, running: a task for each container beside an
/// executor of 0.1 CPUs, 32 MB of memory and 10 MB of disk.
void start_pod(PlatformState& state, const std::string& id, FakePod pod);

/// GET and HEAD of /v2/pods, /v2/pods/::status, /v2/pods/ID and /v2/pods/ID::status. Throws
/// MarathonRefusal.
ServedAnswer answer_pods(const std::shared_ptr<const PlatformState>& state,
                         const HttpRequest& request,
                         const RequestTarget& target);

}  // namespace caretaker::sandbox
